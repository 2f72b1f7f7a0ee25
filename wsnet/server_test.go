package wsnet_test

import (
	"context"
	"errors"
	"io"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/wsnet"
)

// failing is a listener that fails some times before it accepts.
type failing struct {
	net.Listener
	errs []error
}

func (l *failing) Accept() (net.Conn, error) {
	if len(l.errs) > 0 {
		err := l.errs[0]
		l.errs = l.errs[1:]
		return nil, err
	}
	return l.Listener.Accept()
}

type temporary struct{ error }

func (temporary) Temporary() bool { return true }

func TestServeTriesAgainAfterTemporaryFailures(t *testing.T) {
	told := make(chan error, 10)
	short := temporary{errors.New("too many open files")}
	l := &failing{listen(t), []error{short, short}}
	url := serveOn(t, l, &wsnet.Server{Handler: echo, Options: &wsnet.Options{Error: func(err error) { told <- err }}})
	c := dial(t, url, nil)
	write(t, c, "hello")
	read(t, c)
	for range 2 {
		if err := <-told; !errors.Is(err, short) {
			t.Fatalf("told %v", err)
		}
	}
}

func TestServeEndsWithItsListener(t *testing.T) {
	cause := errors.New("broken")
	l := &failing{listen(t), []error{cause}}
	if err := wsnet.Serve(l, echo, nil); err != cause {
		t.Fatalf("got %v", err)
	}
	if _, err := l.Listener.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Fatalf("the listener is open: %v", err)
	}
	if err := wsnet.Serve(listen(t), nil, nil); err == nil {
		t.Fatal("there is no handler")
	}
	if err := wsnet.Serve(listen(t), echo, &wsnet.Options{Driver: wsfsm.Options{MaxOutput: -7}}); err == nil || errors.Is(err, wsnet.ErrServerClosed) {
		t.Fatalf("wrong options: %v", err)
	}
}

// Shutdown does not wait for the pause of a Serve that cannot accept.
func TestShutdownEndsThePause(t *testing.T) {
	short := temporary{errors.New("short")}
	l := &failing{Listener: listen(t)}
	l.errs = slices.Repeat([]error{short}, 1000)
	noLeaks(t)
	s := &wsnet.Server{Handler: echo}
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	time.Sleep(400 * time.Millisecond) // pauses of 5, 10, 20 ... 320 ms
	start := time.Now()
	if err := s.Shutdown(soon(t)); err != nil {
		t.Fatal(err)
	}
	if err := <-served; err != wsnet.ErrServerClosed || time.Since(start) > 200*time.Millisecond {
		t.Fatalf("%v after %v", err, time.Since(start))
	}
}

// Shutdown while clients come: each that is open gets 1001.
func TestShutdownWhileClientsCome(t *testing.T) {
	for range 20 {
		l := listen(t)
		s := &wsnet.Server{Handler: echo}
		go s.Serve(l)
		var group sync.WaitGroup
		for range 5 {
			group.Go(func() {
				c, err := wsnet.Dial(soon(t), "ws://"+l.Addr().String(), nil)
				if err != nil {
					return // it came too late
				}
				defer c.CloseNow()
				var end *wsnet.CloseError
				if _, _, err := c.Read(soon(t)); !errors.As(err, &end) || end.Code != wsfsm.CloseGoingAway {
					t.Errorf("got %v", err)
				}
			})
		}
		time.Sleep(time.Millisecond)
		if err := s.Shutdown(soon(t)); err != nil {
			t.Error(err)
		}
		group.Wait()
	}
}

// Shutdown waits for handlers, and for nobody who has not sent a request.
func TestShutdownWaitsForHandlers(t *testing.T) {
	l := listen(t)
	var returned time.Time
	s := &wsnet.Server{Handler: func(c *wsnet.Conn) {
		wait(c)
		time.Sleep(50 * time.Millisecond)
		returned = time.Now()
	}}
	go s.Serve(l)
	dial(t, "ws://"+l.Addr().String(), nil)
	silent := raw(t, "ws://"+l.Addr().String(), "")
	time.Sleep(20 * time.Millisecond)
	if err := s.Shutdown(within(t, 5*time.Second)); err != nil {
		t.Fatal(err)
	}
	if returned.IsZero() {
		t.Fatal("the handler runs on")
	}
	if n, err := silent.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Fatalf("%d octets, %v", n, err)
	}
}

// A connection is closed behind its handler.
func TestReturnClosesWith1000(t *testing.T) {
	c := dial(t, serve(t, func(*wsnet.Conn) {}, nil), nil)
	var end *wsnet.CloseError
	if _, _, err := c.Read(soon(t)); !errors.As(err, &end) || end.Code != wsfsm.CloseNormal || !errors.Is(err, io.EOF) {
		t.Fatalf("got %v", err)
	}
}

// A handler that ends its goroutine has not returned.
func TestGoexitClosesWith1011(t *testing.T) {
	c := dial(t, serve(t, func(*wsnet.Conn) { runtime.Goexit() }, nil), nil)
	var end *wsnet.CloseError
	if _, _, err := c.Read(soon(t)); !errors.As(err, &end) || end.Code != wsfsm.CloseInternalError {
		t.Fatalf("got %v", err)
	}
}

// A client that leaves without a word is no failure; one that leaves behind half
// a request is.
func TestWhatIsReported(t *testing.T) {
	told := make(chan error, 10)
	url := serve(t, echo, &wsnet.Options{
		Error:  func(err error) { told <- err },
		Decide: func(*wsfsm.Request, net.Conn) *wsnet.Answer { return &wsnet.Answer{Status: 404} },
	})
	raw(t, url, "").Close()
	nc := raw(t, url, upgrade+"\r\n")
	if _, err := io.ReadAll(nc); err != nil {
		t.Fatal(err)
	}
	nc.Close()
	time.Sleep(20 * time.Millisecond)
	raw(t, url, "GET / HT").Close()
	var failed *wsnet.OpenError
	if err := <-told; !errors.As(err, &failed) || failed.Stage != wsnet.StageHandshake || !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "127.0.0.1:") {
		t.Fatalf("told %v", err)
	}
	time.Sleep(50 * time.Millisecond)
	if len(told) > 0 {
		t.Fatalf("told %v", <-told)
	}
}

// Decide sees the transport, and its wrong answers become a 500.
func TestDecideSeesTheTransportAndIsChecked(t *testing.T) {
	told := make(chan error, 10)
	answers := map[string]*wsnet.Answer{
		"/status":      {Status: 99},
		"/field":       {Header: []wsfsm.Field{{Name: "A", Value: "b\r\nC: d"}}},
		"/subprotocol": {Subprotocol: "not offered"},
	}
	url := serve(t, echo, &wsnet.Options{Error: func(err error) { told <- err }, Decide: func(r *wsfsm.Request, nc net.Conn) *wsnet.Answer {
		if !strings.HasPrefix(nc.RemoteAddr().String(), "127.0.0.1:") {
			t.Errorf("the transport is %v", nc.RemoteAddr())
		}
		return answers[r.Target]
	}})
	for target := range answers {
		var failed *wsnet.OpenError
		if _, err := wsnet.Dial(soon(t), url+target[1:], nil); !errors.As(err, &failed) || failed.Response == nil || failed.Response.Status != 500 {
			t.Errorf("%s: %v", target, err)
		}
		if err := <-told; err == nil {
			t.Errorf("%s: not told", target)
		}
	}
	dial(t, url, nil)
}

func TestContextOfConn(t *testing.T) {
	c := dial(t, serve(t, func(c *wsnet.Conn) { c.Read(background); c.Close(3000, "x") }, nil), nil)
	ctx := c.Context()
	if c.Context() != ctx || ctx.Err() != nil {
		t.Fatal("the context changes")
	}
	write(t, c, "")
	select {
	case <-ctx.Done():
	case <-time.After(5 * time.Second):
		t.Fatal("the context does not end")
	}
	var end *wsnet.CloseError
	if !errors.As(context.Cause(ctx), &end) || end.Code != 3000 || end.Reason != "x" || !end.Clean || errors.Is(end, io.EOF) {
		t.Fatalf("got %v", context.Cause(ctx))
	}
}

// TestConnectionsEndInAnyOrder: a server that stops closes the connections that
// are left, whatever the order in which others have ended, and waits for no more.
func TestConnectionsEndInAnyOrder(t *testing.T) {
	for _, order := range []string{"abcd", "dcba", "bacd", "bcad", "cbda", "cdba", "adbc"} {
		for left := range order {
			t.Run(order[:left]+" left", func(t *testing.T) {
				s := &wsnet.Server{Handler: echo}
				url := serveOn(t, listen(t), s) // shuts down at the end, where nothing is left
				conns := map[rune]*wsnet.Conn{}
				for _, name := range "abcd" {
					conns[name] = dial(t, url, nil)
				}
				for _, name := range order[left:] {
					write(t, conns[name], "hello") // when that is back, the server has the connection
					read(t, conns[name])
					if err := conns[name].Close(wsfsm.CloseNormal, ""); err != nil {
						t.Fatal(err)
					}
				}
				stopped := make(chan error, 1)
				go func() { stopped <- s.Shutdown(within(t, 2*time.Second)) }()
				for _, name := range order[:left] {
					var end *wsnet.CloseError
					if _, _, err := conns[name].Read(within(t, 2*time.Second)); !errors.As(err, &end) || end.Code != wsfsm.CloseGoingAway {
						t.Errorf("connection %c: %v", name, err)
					}
				}
				if err := <-stopped; err != nil {
					t.Error(err)
				}
			})
		}
	}
}
