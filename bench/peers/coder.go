package peers

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"

	"github.com/coder/websocket"

	"github.com/wsfsm/wsfsm/bench/wire"
)

// Coder is github.com/coder/websocket. It does not check UTF-8.
func Coder() Peer {
	return Peer{
		Name:    "coder",
		Receive: CoderReceive(websocket.CompressionDisabled),
		Open:    CoderOpen(websocket.CompressionDisabled),
		Handle: func(w http.ResponseWriter, r *http.Request) error {
			_, err := websocket.Accept(w, r, nil)
			return err
		},
		Serve: CoderServe(websocket.CompressionDisabled),
	}
}

// CoderServe echoes with a mode of compression.
func CoderServe(mode websocket.CompressionMode) func(net.Listener) error {
	return overHTTP(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: mode, InsecureSkipVerify: true})
		for err == nil {
			var kind websocket.MessageType
			var p []byte
			if kind, p, err = conn.Read(context.Background()); err == nil {
				err = conn.Write(context.Background(), kind, p)
			}
		}
	})
}

// CoderReceive is the receiving end with a mode of compression.
func CoderReceive(mode websocket.CompressionMode) func(wire.Role, net.Conn, *wire.Tally) error {
	return func(role wire.Role, c net.Conn, t *wire.Tally) error {
		conn, err := openCoder(role, c, mode)
		if err != nil {
			return err
		}
		defer conn.CloseNow()
		t.Start()
		for {
			kind, p, err := conn.Read(context.Background())
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			t.Got(kind == websocket.MessageText, p)
		}
	}
}

// CoderOpen is the sending end with a mode of compression.
func CoderOpen(mode websocket.CompressionMode) func(wire.Role, net.Conn) (Sender, error) {
	return func(role wire.Role, c net.Conn) (Sender, error) {
		conn, err := openCoder(role, c, mode)
		return sender(websocket.MessageText, websocket.MessageBinary, func(kind websocket.MessageType, p []byte) error {
			return conn.Write(context.Background(), kind, p)
		}), err
	}
}

func openCoder(role wire.Role, c net.Conn, mode websocket.CompressionMode) (conn *websocket.Conn, err error) {
	if role == wire.Client {
		h := &http.Client{Transport: &http.Transport{
			ReadBufferSize: wire.Chunk,
			DialContext:    func(context.Context, string, string) (net.Conn, error) { return c, nil },
		}}
		conn, _, err = websocket.Dial(context.Background(), "ws://bench/", &websocket.DialOptions{HTTPClient: h, CompressionMode: mode})
	} else {
		var w http.ResponseWriter
		var r *http.Request
		if w, r, err = Accepting(c); err == nil {
			conn, err = websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: mode})
		}
	}
	if err == nil {
		conn.SetReadLimit(-1)
	}
	return conn, err
}
