package peers

import (
	"io"
	"net"
	"net/http"

	"golang.org/x/net/websocket"

	"github.com/wsfsm/wsfsm/bench/wire"
)

// XNet is golang.org/x/net/websocket. It takes each frame for a message and does
// not check UTF-8.
func XNet() Peer {
	return Peer{
		Name: "x/net",
		Receive: func(role wire.Role, c net.Conn, t *wire.Tally) error {
			return openXNet(role, c, func(conn *websocket.Conn) error {
				t.Start()
				var p []byte
				for {
					if err := websocket.Message.Receive(conn, &p); err != nil {
						return ended(err)
					}
					t.Got(t.Text(), p)
				}
			})
		},
		Open: func(role wire.Role, c net.Conn) (send Sender, err error) {
			err = openXNet(role, c, func(conn *websocket.Conn) error {
				send = sender(byte(websocket.TextFrame), byte(websocket.BinaryFrame), func(kind byte, p []byte) error {
					conn.PayloadType = kind
					_, err := conn.Write(p)
					return err
				})
				return nil
			})
			return send, err
		},
		Handle: func(w http.ResponseWriter, r *http.Request) error {
			opened := error(io.ErrUnexpectedEOF)
			websocket.Server{Handler: func(*websocket.Conn) { opened = nil }}.ServeHTTP(w, r)
			return opened
		},
		Serve: func(l net.Listener) error {
			return http.Serve(l, websocket.Server{Handler: func(conn *websocket.Conn) {
				conn.PayloadType = websocket.BinaryFrame
				var p []byte
				for websocket.Message.Receive(conn, &p) == nil {
					if _, err := conn.Write(p); err != nil {
						return
					}
				}
			}})
		},
	}
}

func openXNet(role wire.Role, c net.Conn, use func(*websocket.Conn) error) error {
	if role == wire.Client {
		config, err := websocket.NewConfig("ws://bench/", "http://bench/")
		if err != nil {
			return err
		}
		conn, err := websocket.NewClient(config, c)
		if err != nil {
			return err
		}
		conn.MaxPayloadBytes = 1 << 30
		return use(conn)
	}
	w, r, err := Accepting(c)
	if err != nil {
		return err
	}
	err = io.ErrUnexpectedEOF
	websocket.Server{Handler: func(conn *websocket.Conn) {
		conn.MaxPayloadBytes = 1 << 30
		err = use(conn)
	}}.ServeHTTP(w, r)
	return err
}
