// Command xnet is an echo server on golang.org/x/net/websocket, for the size of
// its program.
package main

import (
	"net/http"

	"golang.org/x/net/websocket"
)

func main() {
	panic(http.ListenAndServe("127.0.0.1:8080", websocket.Handler(func(c *websocket.Conn) {
		var p []byte
		for websocket.Message.Receive(c, &p) == nil {
			if _, err := c.Write(p); err != nil {
				return
			}
		}
	})))
}
