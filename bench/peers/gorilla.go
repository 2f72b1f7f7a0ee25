package peers

import (
	"context"
	"net"
	"net/http"

	"github.com/gorilla/websocket"

	"github.com/wsfsm/wsfsm/bench/wire"
)

// Gorilla is github.com/gorilla/websocket. It does not check UTF-8.
func Gorilla() Peer { return GorillaWith(&websocket.Upgrader{ReadBufferSize: wire.Chunk}) }

// GorillaWith opens its connections with the upgrader.
func GorillaWith(upgrader *websocket.Upgrader) Peer {
	return Peer{
		Name: "gorilla",
		Receive: func(role wire.Role, c net.Conn, t *wire.Tally) error {
			conn, err := OpenGorilla(role, c, upgrader)
			if err != nil {
				return err
			}
			t.Start()
			for {
				kind, p, err := conn.ReadMessage()
				if err != nil {
					if websocket.IsCloseError(err, websocket.CloseAbnormalClosure) {
						return nil
					}
					return err
				}
				t.Got(kind == websocket.TextMessage, p)
			}
		},
		Open: func(role wire.Role, c net.Conn) (Sender, error) {
			conn, err := OpenGorilla(role, c, upgrader)
			if err != nil {
				return nil, err
			}
			return sender(websocket.TextMessage, websocket.BinaryMessage, conn.WriteMessage), nil
		},
		Handle: func(w http.ResponseWriter, r *http.Request) error {
			_, err := upgrader.Upgrade(w, r, nil)
			return err
		},
		Serve: overHTTP(func(w http.ResponseWriter, r *http.Request) {
			conn, err := (&websocket.Upgrader{EnableCompression: upgrader.EnableCompression}).Upgrade(w, r, nil)
			for err == nil {
				var kind int
				var p []byte
				if kind, p, err = conn.ReadMessage(); err == nil {
					err = conn.WriteMessage(kind, p)
				}
			}
		}),
	}
}

// OpenGorilla opens a connection, the server with the upgrader.
func OpenGorilla(role wire.Role, c net.Conn, u *websocket.Upgrader) (*websocket.Conn, error) {
	if role == wire.Client {
		d := websocket.Dialer{
			ReadBufferSize: wire.Chunk, EnableCompression: u.EnableCompression,
			NetDialContext: func(context.Context, string, string) (net.Conn, error) { return c, nil },
		}
		conn, _, err := d.Dial("ws://bench/", nil)
		return conn, err
	}
	w, r, err := Accepting(c)
	if err != nil {
		return nil, err
	}
	return u.Upgrade(w, r, nil)
}
