package interop

import (
	"context"
	"net"

	"github.com/gorilla/websocket"

	"github.com/wsfsm/wsfsm/bench/peers"
)

// gorilla has one combination: no context takeover, windows of 15 bits.
func gorilla() end {
	return end{
		name: "gorilla",
		serve: func(c net.Conn) error {
			w, r, err := peers.Accepting(c)
			if err != nil {
				return err
			}
			u := websocket.Upgrader{EnableCompression: true}
			conn, err := u.Upgrade(w, r, nil)
			if err != nil {
				return err
			}
			for {
				kind, p, err := conn.ReadMessage()
				if websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseAbnormalClosure) {
					return nil
				}
				if err == nil {
					err = conn.WriteMessage(kind, p)
				}
				if err != nil {
					return err
				}
			}
		},
		dial: func(c net.Conn) (client, error) {
			d := websocket.Dialer{
				EnableCompression: true,
				NetDialContext:    func(context.Context, string, string) (net.Conn, error) { return c, nil },
			}
			conn, _, err := d.Dial("ws://interop/", nil)
			return gorillaClient{conn}, err
		},
	}
}

type gorillaClient struct{ *websocket.Conn }

func (c gorillaClient) close() { c.Close() }

func (c gorillaClient) echo(text bool, p []byte) ([]byte, error) {
	kind := websocket.BinaryMessage
	if text {
		kind = websocket.TextMessage
	}
	return exchange(kind, p, c.WriteMessage, c.ReadMessage)
}
