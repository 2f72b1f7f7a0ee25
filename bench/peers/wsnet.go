package peers

import (
	"context"
	"errors"
	"net"
	"net/http"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/bench/wire"
	"github.com/wsfsm/wsfsm/wsnet"
)

// Wsnet is this library with its sockets. In memory they are read and written by
// their methods only.
func Wsnet() Peer { return WsnetWith(wsfsm.Options{}) }

// WsnetWith has options of the driver.
func WsnetWith(o wsfsm.Options) Peer {
	options := &wsnet.Options{Driver: o}
	return Peer{
		Name: "wsnet", Own: true,
		Receive: func(role wire.Role, c net.Conn, t *wire.Tally) error {
			conn, err := openWsnet(role, c, options)
			if err != nil {
				return err
			}
			defer conn.CloseNow()
			t.Start()
			buf := make([]byte, 0, 2<<20)
			for {
				kind, p, err := conn.AppendMessage(context.Background(), buf)
				if err != nil {
					var closed *wsnet.CloseError
					if errors.As(err, &closed) {
						return nil
					}
					return err
				}
				t.Got(kind == wsnet.Text, p)
			}
		},
		Open: func(role wire.Role, c net.Conn) (Sender, error) {
			conn, err := openWsnet(role, c, options)
			return sender(wsnet.Text, wsnet.Binary, func(kind wsfsm.MessageKind, p []byte) error {
				return conn.Write(context.Background(), kind, p)
			}), err
		},
		Handle: func(w http.ResponseWriter, r *http.Request) error {
			_, err := wsnet.Accept(w, r, options)
			return err
		},
		Serve: func(l net.Listener) error { return wsnet.Serve(l, echoWsnet, options) },
	}
}

// echoWsnet sends back what comes.
func echoWsnet(conn *wsnet.Conn) {
	var buf []byte
	for {
		kind, p, err := conn.AppendMessage(context.Background(), buf[:0])
		if err != nil || conn.Write(context.Background(), kind, p) != nil {
			return
		}
		buf = p
	}
}

// Idle are servers of this library whose handlers hold nothing while they wait, as
// Read makes each message anew. The first has forgotten the request.
func Idle() []Peer {
	serving := func(name string, handler func(*wsnet.Conn)) Peer {
		return Peer{Name: name, Own: true, Serve: func(l net.Listener) error { return wsnet.Serve(l, handler, nil) }}
	}
	return []Peer{
		serving("wsnet, idle", func(conn *wsnet.Conn) {
			conn.ForgetHeads()
			readWsnet(conn)
		}),
		serving("wsnet, idle, heads kept", readWsnet),
	}
}

// readWsnet sends back what comes and keeps no buffer.
func readWsnet(conn *wsnet.Conn) {
	for {
		kind, p, err := conn.Read(context.Background())
		if err != nil || conn.Write(context.Background(), kind, p) != nil {
			return
		}
	}
}

func openWsnet(role wire.Role, c net.Conn, o *wsnet.Options) (*wsnet.Conn, error) {
	if role == wire.Client {
		return wsnet.Dial(context.Background(), "ws://bench/", &wsnet.DialOptions{Conn: c})
	}
	w, r, err := Accepting(c)
	if err != nil {
		return nil, err
	}
	return wsnet.Accept(w, r, o)
}
