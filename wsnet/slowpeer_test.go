package wsnet_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/wsnet"
)

const queue = 256 << 10 // octets that may wait

// behindSlow serves one connection whose client reads nothing, over a plain
// socket or another transport, and returns both ends.
func behindSlow(t *testing.T, policy wsnet.SlowPeer, wrap func(net.Conn) net.Conn) (server, client *wsnet.Conn) {
	t.Helper()
	accepted := make(chan *wsnet.Conn, 1)
	o := &wsnet.Options{Driver: wsfsm.Options{MaxOutput: queue}, SlowPeer: policy}
	l := wrappingListener{listen(t), wrap}
	url := serveOn(t, l, &wsnet.Server{Options: o, Handler: func(c *wsnet.Conn) {
		accepted <- c
		wait(c)
	}})
	client = dial(t, url, nil)
	return <-accepted, client
}

var slowTransports = map[string]func(net.Conn) net.Conn{
	"socket":  func(nc net.Conn) net.Conn { return nc },
	"wrapped": func(nc net.Conn) net.Conn { return wrapped{nc} },
}

// numbered is a message that says which one it is.
func numbered(i int) []byte { return bytes.Repeat([]byte{byte(i), byte(i >> 8)}, 8<<10) }

// overflow writes messages until the queue is full and stays so, for the system
// takes its time to fill its own, and returns how many were taken.
func overflow(t *testing.T, c *wsnet.Conn) (taken int, err error) {
	t.Helper()
	for last := time.Now(); taken < 1<<14; {
		err := c.Write(background, wsnet.Binary, numbered(taken))
		switch {
		case err == nil:
			taken++
			last = time.Now()
		case time.Since(last) > 100*time.Millisecond:
			return taken, err
		default:
			time.Sleep(time.Millisecond)
		}
	}
	t.Fatal("256 MiB were taken although nobody reads")
	return
}

// TestSlowPeerDrop: what does not go into the queue is lost, everything else
// arrives in order, and when there is room again messages go out again.
func TestSlowPeerDrop(t *testing.T) {
	for name, wrap := range slowTransports {
		t.Run(name, func(t *testing.T) {
			server, client := behindSlow(t, wsnet.SlowPeerDrop, wrap)
			taken, err := overflow(t, server)
			if !errors.Is(err, wsnet.ErrSlowPeer) {
				t.Fatal(err)
			}
			if err := server.Ping(background, nil); !errors.Is(err, wsnet.ErrSlowPeer) {
				t.Errorf("Ping: %v", err)
			}
			if err := server.Pong(background, nil); !errors.Is(err, wsnet.ErrSlowPeer) {
				t.Errorf("Pong: %v", err)
			}
			w, err := server.Writer(background, wsnet.Text)
			if err != nil {
				t.Fatal(err)
			}
			written := make(chan error, 1)
			go func() {
				_, err := w.Write([]byte("waits"))
				written <- errors.Join(err, w.Close())
			}()
			for i := range taken {
				if _, p, err := client.Read(soon(t)); err != nil || !bytes.Equal(p, numbered(i)) {
					t.Fatalf("message %d of %d: %d octets, %v", i, taken, len(p), err)
				}
			}
			if got := read(t, client); got != "waits" {
				t.Errorf("got %q", got)
			}
			if err := <-written; err != nil {
				t.Error(err)
			}
			write(t, server, "again")
			if got := read(t, client); got != "again" {
				t.Errorf("got %q", got)
			}
		})
	}
}

// A MessageWriter waits for room whatever becomes of messages.
func TestSlowPeerDropsNoFragment(t *testing.T) {
	server, _ := behindSlow(t, wsnet.SlowPeerDrop, slowTransports["socket"])
	if _, err := overflow(t, server); !errors.Is(err, wsnet.ErrSlowPeer) {
		t.Fatal(err)
	}
	w, err := server.Writer(within(t, 50*time.Millisecond), wsnet.Binary)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Write: %v", err)
	}
	if err := w.Close(); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Close: %v", err)
	}
}

func TestSlowPeerClose(t *testing.T) {
	for name, wrap := range slowTransports {
		t.Run(name, func(t *testing.T) {
			server, _ := behindSlow(t, wsnet.SlowPeerClose, wrap)
			_, err := overflow(t, server)
			var end *wsnet.CloseError
			if !errors.As(err, &end) || !errors.Is(err, wsnet.ErrSlowPeer) || end.Clean || end.Code != wsfsm.CloseAbnormal {
				t.Fatalf("%v", err)
			}
			if cause := context.Cause(server.Context()); cause != error(end) {
				t.Errorf("cause %v", cause)
			}
			waitClosed(t, server.NetConn())
		})
	}
}

// waitClosed waits until this end has closed the transport.
func waitClosed(t *testing.T, nc net.Conn) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); !errors.Is(nc.SetDeadline(time.Time{}), net.ErrClosed); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the transport is open")
		}
	}
}

func TestSlowPeerIsChecked(t *testing.T) {
	if _, err := wsnet.Dial(background, "ws://127.0.0.1:1/", &wsnet.DialOptions{SlowPeer: 3}); err == nil || err.Error() != "wsnet: SlowPeer is 3" {
		t.Errorf("got %v", err)
	}
}
