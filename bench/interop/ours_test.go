package interop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/bench/peers"
	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/extension/deflate"
	"github.com/wsfsm/wsfsm/wsnet"
)

// client is an open connection; echo sends a message and returns the next.
type client interface {
	echo(text bool, p []byte) ([]byte, error)
	close()
}

// exchange sends a message of a kind and wants one of the same kind.
func exchange[K comparable](kind K, p []byte, write func(K, []byte) error, read func() (K, []byte, error)) ([]byte, error) {
	if err := write(kind, p); err != nil {
		return nil, err
	}
	got, back, err := read()
	if err == nil && got != kind {
		err = fmt.Errorf("kind %v came back for %v", got, kind)
	}
	return back, err
}

// end is an implementation with options.
type end struct {
	name  string
	serve func(net.Conn) error // echoes until the end of the connection
	dial  func(net.Conn) (client, error)
}

func allTakeovers() (list [][2]bool) {
	for i := range 4 {
		list = append(list, [2]bool{i&1 != 0, i&2 != 0})
	}
	return list
}

// allOurs are all combinations of our parameters.
func allOurs(t testing.TB) (list []end) {
	for _, takeover := range allTakeovers() {
		for own := deflate.MinWindow; own <= deflate.MaxWindow; own++ {
			for peer := deflate.MinWindow; peer <= deflate.MaxWindow; peer++ {
				list = append(list, ours(t, deflate.Options{
					NoContextTakeover: takeover[0], PeerNoContextTakeover: takeover[1], Window: own, PeerWindow: peer,
				}))
			}
		}
	}
	return list
}

func ours(t testing.TB, o deflate.Options) end {
	x, err := deflate.New(o)
	if err != nil {
		t.Fatal(err)
	}
	options := wsfsm.Options{Extensions: []extension.Extension{x}}
	server := &wsnet.Options{Driver: options, CloseTimeout: time.Second}
	return end{
		name: fmt.Sprintf("wsfsm(no %v, peer no %v, window %d, peer %d)", o.NoContextTakeover, o.PeerNoContextTakeover, o.Window, o.PeerWindow),
		serve: func(c net.Conn) error {
			w, r, err := peers.Accepting(c)
			if err != nil {
				return err
			}
			conn, err := wsnet.Accept(w, r, server)
			if err != nil {
				return err
			}
			defer conn.CloseNow()
			for {
				kind, p, err := conn.Read(context.Background())
				if errors.Is(err, io.EOF) {
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
			conn, err := wsnet.Dial(context.Background(), "ws://interop/", &wsnet.DialOptions{Driver: options, Conn: c, CloseTimeout: time.Second})
			if err != nil {
				return nil, err
			}
			return ourClient{conn}, nil
		},
	}
}

type ourClient struct{ *wsnet.Conn }

func (c ourClient) close() { c.Conn.CloseNow() }

func (c ourClient) echo(text bool, p []byte) ([]byte, error) {
	kind := wsnet.Binary
	if text {
		kind = wsnet.Text
	}
	return exchange(kind, p,
		func(kind wsfsm.MessageKind, p []byte) error { return c.Write(context.Background(), kind, p) },
		func() (wsfsm.MessageKind, []byte, error) { return c.Read(context.Background()) })
}
