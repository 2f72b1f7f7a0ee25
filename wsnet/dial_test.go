package wsnet_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm/wsnet"
)

// Dial uses the transport that it is given, and closes it if it fails.
func TestDialOnAConn(t *testing.T) {
	l := listen(t)
	serveOn(t, l, &wsnet.Server{Handler: echo})
	connect := func() net.Conn {
		nc, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		return nc
	}
	nc := connect()
	c := dial(t, "ws://elsewhere.invalid/", &wsnet.DialOptions{Conn: nc})
	if c.NetConn() != nc || c.Version() != "rfc6455" || c.LocalAddr() != nc.LocalAddr() || c.RemoteAddr() != nc.RemoteAddr() || c.Request() != nil {
		t.Fatalf("the transport is %v", c.NetConn())
	}
	write(t, c, "hello")
	read(t, c)
	for _, url := range []string{"http://a/", "ws://a/#fragment", "ws://user:s3cret@a\x7f/", "ws://user:s3cret@[::1/"} {
		nc := connect()
		if _, err := wsnet.Dial(soon(t), url, &wsnet.DialOptions{Conn: nc}); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", url, err)
		}
		if _, err := nc.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
			t.Errorf("%s: the transport is left open: %v", url, err)
		}
	}
}

// A *tls.Conn is taken as it is.
func TestDialOnATLSConn(t *testing.T) {
	server, client := certificate(t)
	l := listen(t)
	serveOn(t, tls.NewListener(l, server), &wsnet.Server{Handler: echo})
	nc, err := tls.Dial("tcp", l.Addr().String(), client)
	if err != nil {
		t.Fatal(err)
	}
	c := dial(t, "wss://example.com/", &wsnet.DialOptions{Conn: nc})
	write(t, c, "hello")
	if got := read(t, c); got != "hello" || c.NetConn() != nc {
		t.Fatalf("%q over %T", got, c.NetConn())
	}
}

// A timeout is named as such at each stage, and so is the end of the context.
func TestDialTimesOutAtEachStage(t *testing.T) {
	silent := listen(t)
	defer silent.Close()
	address := silent.Addr().String()
	hanging := func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	// A net.Dialer sees the deadline itself, perhaps before the context's timer.
	early := func(ctx context.Context, _, _ string) (net.Conn, error) {
		deadline, _ := ctx.Deadline()
		for time.Now().Before(deadline) {
		}
		return nil, context.DeadlineExceeded
	}
	for _, c := range []struct {
		url   string
		dial  func(context.Context, string, string) (net.Conn, error)
		stage wsnet.Stage
	}{
		{"ws://" + address, hanging, wsnet.StageConnect},
		{"ws://" + address, early, wsnet.StageConnect},
		{"wss://" + address, nil, wsnet.StageTLS},
		{"ws://" + address, nil, wsnet.StageHandshake},
	} {
		var failed *wsnet.OpenError
		_, err := wsnet.Dial(background, c.url, &wsnet.DialOptions{DialContext: c.dial, Timeout: 30 * time.Millisecond})
		if !errors.As(err, &failed) || failed.Stage != c.stage || !errors.Is(err, wsnet.ErrDialTimeout) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s %s: %v", c.url, c.stage, err)
		}
		cause := errors.New("enough")
		ctx, cancel := context.WithCancelCause(background)
		time.AfterFunc(20*time.Millisecond, func() { cancel(cause) })
		if c.dial != nil {
			c.dial = hanging
		}
		if _, err := wsnet.Dial(ctx, c.url, &wsnet.DialOptions{DialContext: c.dial}); !errors.Is(err, cause) {
			t.Errorf("%s %s: %v", c.url, c.stage, err)
		}
		cancel(nil)
	}
}

// NoTimeout lifts the timeout, and the context still holds.
func TestDialWithoutTimeout(t *testing.T) {
	silent := listen(t)
	defer silent.Close()
	_, err := wsnet.Dial(within(t, 30*time.Millisecond), "ws://"+silent.Addr().String(), &wsnet.DialOptions{Timeout: wsnet.NoTimeout})
	if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, wsnet.ErrDialTimeout) {
		t.Fatalf("got %v", err)
	}
}
