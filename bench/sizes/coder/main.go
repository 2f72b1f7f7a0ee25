// Command coder is an echo server on coder/websocket, for the size of its program.
package main

import (
	"context"
	"net/http"

	"github.com/coder/websocket"
)

func main() {
	panic(http.ListenAndServe("127.0.0.1:8080", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, nil)
		for err == nil {
			var kind websocket.MessageType
			var p []byte
			if kind, p, err = c.Read(context.Background()); err == nil {
				err = c.Write(context.Background(), kind, p)
			}
		}
	})))
}
