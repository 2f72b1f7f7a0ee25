// Command gorilla is an echo server on gorilla/websocket, for the size of its program.
package main

import (
	"net/http"

	"github.com/gorilla/websocket"
)

func main() {
	var upgrader websocket.Upgrader
	panic(http.ListenAndServe("127.0.0.1:8080", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := upgrader.Upgrade(w, r, nil)
		for err == nil {
			var kind int
			var p []byte
			if kind, p, err = c.ReadMessage(); err == nil {
				err = c.WriteMessage(kind, p)
			}
		}
	})))
}
