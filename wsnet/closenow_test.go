package wsnet_test

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/wsnet"
)

// busy starts each way of waiting on a connection and reports how it ended.
func busy(c *wsnet.Conn, errs chan<- error, calls ...func() error) {
	for _, call := range calls {
		go func() { errs <- call() }()
	}
	time.Sleep(30 * time.Millisecond)
}

// CloseNow ends whoever waits, in every state.
func TestCloseNowInEveryState(t *testing.T) {
	block := make([]byte, 4<<20)
	reads := func(c *wsnet.Conn) func() error {
		return func() error { _, _, err := c.Read(background); return err }
	}
	writes := func(c *wsnet.Conn) func() error {
		return func() error {
			for {
				if err := c.Write(background, wsnet.Binary, block); err != nil {
					return err
				}
			}
		}
	}
	cancellable := func(c *wsnet.Conn) func() error {
		return func() error {
			ctx, cancel := context.WithCancel(background)
			defer cancel()
			for {
				if err := c.Write(ctx, wsnet.Binary, block); err != nil {
					return err
				}
			}
		}
	}
	streams := func(c *wsnet.Conn) func() error {
		return func() error {
			w, err := c.Writer(background, wsnet.Binary)
			for err == nil {
				_, err = w.Write(block)
			}
			return err
		}
	}
	pings := func(c *wsnet.Conn) func() error { return func() error { return c.Ping(background, nil) } }
	closes := func(c *wsnet.Conn) func() error { return func() error { return c.Close(wsfsm.CloseNormal, "") } }
	type start = func(*wsnet.Conn) func() error
	for name, starts := range map[string][]start{
		"idle": {}, "read": {reads}, "two reads": {reads, reads}, "write": {writes}, "cancellable write": {cancellable},
		"two writes": {writes, cancellable}, "stream": {streams, writes}, "ping": {pings, pings}, "close": {closes, closes},
		"all": {reads, reads, writes, cancellable, streams, pings, closes},
	} {
		t.Run(name, func(t *testing.T) {
			kinds := []string{"TCP", "pipe", "TLS", "without deadlines"}
			if testing.Short() {
				kinds = kinds[:2]
			}
			for _, transport := range kinds {
				closeNow(t, transport, starts)
			}
		})
	}
}

// closeNow starts what waits on a connection whose peer does nothing, and ends
// it.
func closeNow(t *testing.T, transport string, starts []func(*wsnet.Conn) func() error) {
	t.Helper()
	noLeaks(t)
	l, url, o := transports[transport](t)
	release := make(chan struct{})
	s := &wsnet.Server{Handler: func(c *wsnet.Conn) {
		// A message that nobody takes: nothing behind it is read.
		<-release
	}}
	go s.Serve(l)
	defer s.Close()
	defer close(release)
	c := dial(t, url, o)
	write(t, c, "in the way")
	var calls []func() error
	for _, start := range starts {
		calls = append(calls, start(c))
	}
	errs := make(chan error, len(calls))
	busy(c, errs, calls...)
	if err := c.CloseNow(); err != nil {
		t.Fatal(err)
	}
	for range calls {
		select {
		case err := <-errs:
			var end *wsnet.CloseError
			if errors.As(err, &end) && !errors.Is(err, wsnet.ErrClosed) || end == nil && err != wsnet.ErrClosed {
				t.Errorf("%s: %v", transport, err)
			}
		case <-time.After(5 * time.Second):
			t.Fatalf("%s: somebody waits although the connection has ended", transport)
		}
	}
	if err := c.CloseNow(); err != nil {
		t.Fatalf("%s: the second time: %v", transport, err)
	}
	if err := c.Close(wsfsm.CloseNormal, ""); !errors.Is(err, wsnet.ErrClosed) {
		t.Fatalf("%s: Close: %v", transport, err)
	}
}

// Close ends in time although a writer is blocked and the peer reads nothing.
func TestCloseWithBlockedWriter(t *testing.T) {
	for _, cancellable := range []bool{false, true} {
		release := make(chan struct{})
		url := serve(t, func(c *wsnet.Conn) { <-release }, nil)
		c := dial(t, url, &wsnet.DialOptions{CloseTimeout: 100 * time.Millisecond})
		ctx, cancel := context.WithCancel(background)
		if !cancellable {
			ctx = background
		}
		written := make(chan error, 1)
		go func() {
			for {
				if err := c.Write(ctx, wsnet.Binary, make([]byte, 4<<20)); err != nil {
					written <- err
					return
				}
			}
		}()
		time.Sleep(50 * time.Millisecond)
		start := time.Now()
		if err := c.Close(wsfsm.CloseNormal, ""); !errors.Is(err, wsnet.ErrCloseTimeout) || time.Since(start) > 5*time.Second {
			t.Fatalf("%v after %v", err, time.Since(start))
		}
		select {
		case err := <-written:
			if !errors.Is(err, wsnet.ErrCloseTimeout) && err != wsnet.ErrClosed {
				t.Fatalf("Write: %v", err)
			}
		case <-time.After(5 * time.Second):
			t.Fatal("Write still waits")
		}
		cancel()
		close(release)
	}
}

// A Read whose context ends while somebody else closes leaves the reading to
// others.
func TestReaderLeavesWhileClosing(t *testing.T) {
	release := make(chan struct{})
	c := dial(t, serve(t, func(c *wsnet.Conn) {
		w, err := c.Writer(background, wsnet.Binary)
		if err != nil {
			return
		}
		w.Write(make([]byte, 20000))
		<-release
		c.Read(background)
		c.Read(background)
	}, nil), &wsnet.DialOptions{CloseTimeout: 600 * time.Millisecond})
	_, r, err := c.Reader(soon(t))
	if err != nil {
		t.Fatal(err)
	}
	write(t, c, "not taken before release, and the close frame behind it neither")
	time.Sleep(100 * time.Millisecond) // nobody else would read now for a second
	ctx, cancel := context.WithCancel(background)
	r.SetContext(ctx)
	read := make(chan error, 1)
	go func() { _, err := io.Copy(io.Discard, r); read <- err }()
	time.Sleep(20 * time.Millisecond)
	closed := make(chan error, 1)
	go func() { closed <- c.Close(wsfsm.CloseNormal, "") }()
	time.Sleep(20 * time.Millisecond)
	cancel()
	if err := <-read; !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	close(release)
	if err := <-closed; err != nil {
		t.Fatal(err)
	}
}

// A program that exits as soon as it learns of the end has answered.
func TestCloseFrameHasLeft(t *testing.T) {
	for name, leave := range map[string]func(*wsnet.Conn) error{
		"when Read returns":  func(*wsnet.Conn) error { return nil },
		"when Close returns": func(c *wsnet.Conn) error { return c.Close(wsfsm.CloseNormal, "") },
	} {
		closed := make(chan error, 1)
		t.Run(name, func(t *testing.T) {
			onAll(t, func(c *wsnet.Conn) { closed <- c.Close(wsfsm.CloseNormal, "bye") }, func(t *testing.T, c *wsnet.Conn) {
				_, _, err := c.Read(soon(t))
				if !errors.Is(err, io.EOF) {
					t.Fatalf("got %v", err)
				}
				if err := leave(c); err != nil {
					t.Fatal(err)
				}
				_, tcp := c.NetConn().(*net.TCPConn)
				_, unix := c.NetConn().(*net.UnixConn)
				c.CloseNow()
				if err := <-closed; err != nil && (tcp || unix || name == "when Close returns") {
					t.Fatalf("the other end: %v", err)
				}
			})
		})
	}
}
