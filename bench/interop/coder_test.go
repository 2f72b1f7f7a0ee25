package interop

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"

	"github.com/coder/websocket"

	"github.com/wsfsm/wsfsm/bench/peers"
)

// allCoder are the modes of coder/websocket that compress.
func allCoder() []end {
	return []end{
		coderEnd("coder(takeover)", websocket.CompressionContextTakeover),
		coderEnd("coder(no takeover)", websocket.CompressionNoContextTakeover),
	}
}

func coderEnd(name string, mode websocket.CompressionMode) end {
	return end{
		name: name,
		serve: func(c net.Conn) error {
			w, r, err := peers.Accepting(c)
			if err != nil {
				return err
			}
			conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: mode, InsecureSkipVerify: true})
			if err != nil {
				return err
			}
			defer conn.CloseNow()
			conn.SetReadLimit(-1)
			for {
				kind, p, err := conn.Read(context.Background())
				if errors.Is(err, io.EOF) || websocket.CloseStatus(err) != -1 {
					return nil
				}
				if err == nil {
					err = conn.Write(context.Background(), kind, p)
				}
				if err != nil {
					return err
				}
			}
		},
		dial: func(c net.Conn) (client, error) {
			h := &http.Client{Transport: &http.Transport{
				DialContext: func(context.Context, string, string) (net.Conn, error) { return c, nil },
			}}
			conn, _, err := websocket.Dial(context.Background(), "ws://interop/", &websocket.DialOptions{HTTPClient: h, CompressionMode: mode})
			if err != nil {
				return nil, err
			}
			conn.SetReadLimit(-1)
			return coderClient{conn}, nil
		},
	}
}

type coderClient struct{ *websocket.Conn }

func (c coderClient) close() { c.CloseNow() }

func (c coderClient) echo(text bool, p []byte) ([]byte, error) {
	kind := websocket.MessageBinary
	if text {
		kind = websocket.MessageText
	}
	return exchange(kind, p,
		func(kind websocket.MessageType, p []byte) error { return c.Write(context.Background(), kind, p) },
		func() (websocket.MessageType, []byte, error) { return c.Read(context.Background()) })
}
