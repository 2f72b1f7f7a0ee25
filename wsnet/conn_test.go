package wsnet_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/wsnet"
)

// echo answers each message until the end.
func echo(c *wsnet.Conn) {
	for {
		kind, p, err := c.Read(context.Background())
		if err != nil {
			return
		}
		if err := c.Write(context.Background(), kind, p); err != nil {
			return
		}
	}
}

// serve starts a server on loopback and returns its URL. At the end of the test
// it is shut down, and no goroutine of it may be left.
func serve(t testing.TB, handler func(*wsnet.Conn), o wsnet.Options) string {
	t.Helper()
	before := runtime.NumGoroutine()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &wsnet.Server{Handler: handler, Options: o}
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		if err := <-served; err != wsnet.ErrServerClosed {
			t.Errorf("Serve: %v", err)
		}
		for i := 0; runtime.NumGoroutine() > before; i++ {
			if time.Sleep(10 * time.Millisecond); i == 300 {
				stacks := make([]byte, 1<<16)
				t.Fatalf("%d goroutines are left:\n%s", runtime.NumGoroutine()-before, stacks[:runtime.Stack(stacks, true)])
			}
		}
	})
	return "ws://" + l.Addr().String() + "/"
}

func dial(t testing.TB, url string, o *wsnet.DialOptions) *wsnet.Conn {
	t.Helper()
	c, err := wsnet.Dial(context.Background(), url, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.CloseNow() })
	return c
}

func within(t testing.TB, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}

func TestEchoOfAllSizes(t *testing.T) {
	c := dial(t, serve(t, echo, wsnet.Options{}), nil)
	for _, n := range []int{0, 1, 125, 126, 4096, 65535, 65536, 1 << 20, 16 << 20} {
		for _, kind := range []wsnet.MessageKind{wsnet.Text, wsnet.Binary} {
			want := bytes.Repeat([]byte("x"), n)
			if err := c.Write(context.Background(), kind, want); err != nil {
				t.Fatal(err)
			}
			got, p, err := c.Read(within(t, 20*time.Second))
			if err != nil || got != kind || !bytes.Equal(p, want) {
				t.Fatalf("%d octets of %v: %v, %d octets, %v", n, kind, got, len(p), err)
			}
		}
	}
	if err := c.Close(wsfsm.CloseNormal, "bye"); err != nil {
		t.Fatal(err)
	}
	var end *wsnet.CloseError
	if cause := context.Cause(c.Context()); !errors.As(cause, &end) || !end.Clean || end.Code != 1000 || end.Reason != "bye" || !errors.Is(cause, io.EOF) {
		t.Fatalf("cause %v", cause)
	}
}

func TestManySmallMessagesInOrder(t *testing.T) {
	c := dial(t, serve(t, echo, wsnet.Options{}), nil)
	const n = 10000
	go func() {
		for i := range n {
			if c.Write(context.Background(), wsnet.Text, fmt.Append(nil, i)) != nil {
				return
			}
		}
	}()
	for i := range n {
		if _, p, err := c.Read(within(t, 20*time.Second)); err != nil || string(p) != fmt.Sprint(i) {
			t.Fatalf("message %d: %q, %v", i, p, err)
		}
	}
}

func TestConcurrentWritersDoNotMix(t *testing.T) {
	c := dial(t, serve(t, echo, wsnet.Options{}), nil)
	const writers, each = 8, 100
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			for range each {
				message := strings.Repeat(string(rune('a'+w)), 100+w*1000)
				if err := c.Write(context.Background(), wsnet.Text, []byte(message)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	counts := map[byte]int{}
	for range writers * each {
		_, p, err := c.Read(within(t, 20*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Count(p, p[:1]) != len(p) || len(p) != 100+int(p[0]-'a')*1000 {
			t.Fatalf("a mixed message: %.40q", p)
		}
		counts[p[0]]++
	}
	group.Wait()
	if len(counts) != writers {
		t.Fatalf("got %v", counts)
	}
}

func TestStreams(t *testing.T) {
	c := dial(t, serve(t, echo, wsnet.Options{}), nil)
	w, err := c.Writer(context.Background(), wsnet.Text)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Repeat("€", 10000)
	for rest := text; rest != ""; rest = rest[min(1000, len(rest)):] { // cuts characters
		if _, err := io.WriteString(w, rest[:min(1000, len(rest))]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	kind, r, err := c.Reader(within(t, 10*time.Second))
	if err != nil || kind != wsnet.Text {
		t.Fatal(kind, err)
	}
	if p, err := io.ReadAll(r); err != nil || string(p) != text {
		t.Fatalf("%d octets, %v", len(p), err)
	}
	if err := c.Write(context.Background(), wsnet.Text, []byte(strings.Repeat("next", 10000))); err != nil {
		t.Fatal(err)
	}
	_, r, err = c.Reader(within(t, 10*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.Write(context.Background(), wsnet.Text, []byte("last")); err != nil {
		t.Fatal(err)
	}
	if _, p, err := c.Read(within(t, 10*time.Second)); err != nil || string(p) != "last" {
		t.Fatalf("%.20q, %v", p, err)
	}
}

func TestFailedStreamsAreNotTakenForMessages(t *testing.T) {
	ctx := context.Background()
	ready := make(chan struct{})
	url := serve(t, func(c *wsnet.Conn) {
		w, err := c.Writer(ctx, wsnet.Binary)
		if err != nil {
			return
		}
		w.Write(make([]byte, 20000))
		<-ready
		w.Write([]byte("rest"))
		w.Close()
		c.Write(ctx, wsnet.Text, []byte("next"))
		_, p, err := c.Read(ctx)
		c.Write(ctx, wsnet.Text, fmt.Appendf(nil, "%d octets, failed: %v", len(p), err != nil))
	}, wsnet.Options{})
	c := dial(t, url, nil)
	_, r, err := c.Reader(within(t, 100*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, r); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(make([]byte, 1)); err == nil {
		t.Fatal("a closed MessageReader reads")
	}
	close(ready)
	if _, p, err := c.Read(within(t, 10*time.Second)); err != nil || string(p) != "next" {
		t.Fatalf("%d octets %.20q, %v", len(p), p, err)
	}
	w, err := c.Writer(ctx, wsnet.Text)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, "begun"); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, "\xff"); !errors.Is(err, wsfsm.ErrInvalidText) {
		t.Fatalf("got %v", err)
	}
	if err := w.Close(); !errors.Is(err, wsfsm.ErrInvalidText) {
		t.Fatalf("a message that failed is completed: %v", err)
	}
	if err := c.Write(ctx, wsnet.Text, []byte("other")); !errors.Is(err, wsfsm.ErrRefused) {
		t.Fatalf("got %v", err)
	}
	c.CloseNow()
}

func TestReadOutOfTimeLosesNothing(t *testing.T) {
	release := make(chan struct{})
	url := serve(t, func(c *wsnet.Conn) {
		w, err := c.Writer(context.Background(), wsnet.Binary)
		if err != nil {
			return
		}
		w.Write(make([]byte, 100000))
		<-release
		w.Write([]byte("end"))
		w.Close()
		c.Read(context.Background())
	}, wsnet.Options{})
	c := dial(t, url, nil)
	if _, _, err := c.Read(within(t, 100*time.Millisecond)); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	close(release)
	if _, p, err := c.Read(within(t, 10*time.Second)); err != nil || len(p) != 100003 || string(p[100000:]) != "end" {
		t.Fatalf("%d octets, %v", len(p), err)
	}
}

func TestWriteToSlowPeerIsBoundedAndTakenBack(t *testing.T) {
	url := serve(t, func(c *wsnet.Conn) { <-c.Context().Done() }, wsnet.Options{})
	c := dial(t, url, nil)
	block := make([]byte, 1<<20)
	sent := 0
	for ; sent < 1000; sent++ {
		if err := c.Write(within(t, 200*time.Millisecond), wsnet.Binary, block); err != nil {
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Fatal(err)
			}
			break
		}
	}
	if sent == 1000 {
		t.Fatal("1 GiB was taken although nobody reads")
	}
	start := time.Now()
	if err := c.Write(within(t, 50*time.Millisecond), wsnet.Binary, block); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 5*time.Second {
		t.Fatalf("%v after %v", err, time.Since(start))
	}
}

func TestTwoFloodingPeersDoNotWaitForEachOther(t *testing.T) {
	const n, size = 64, 1 << 20
	flood := func(c *wsnet.Conn) error {
		failed := make(chan error, 1)
		go func() {
			for range n {
				if err := c.Write(context.Background(), wsnet.Binary, make([]byte, size)); err != nil {
					failed <- err
					return
				}
			}
			failed <- nil
		}()
		for range n {
			if _, _, err := c.Read(context.Background()); err != nil {
				return err
			}
		}
		return <-failed
	}
	server := make(chan error, 1)
	url := serve(t, func(c *wsnet.Conn) { server <- flood(c); <-c.Context().Done() }, wsnet.Options{})
	client := make(chan error, 1)
	go func() { client <- flood(dial(t, url, nil)) }()
	for range 2 {
		select {
		case err := <-server:
			if err != nil {
				t.Fatal("server:", err)
			}
		case err := <-client:
			if err != nil {
				t.Fatal("client:", err)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("the peers wait for each other")
		}
	}
}

func TestPing(t *testing.T) {
	c := dial(t, serve(t, echo, wsnet.Options{}), nil)
	for range 100 {
		if err := c.Ping(within(t, 5*time.Second), []byte("payload")); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Ping(context.Background(), make([]byte, 126)); !errors.Is(err, wsfsm.ErrControlTooLong) {
		t.Fatalf("got %v", err)
	}
	if err := c.Pong(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
}

func TestPanicOfTheHandlerClosesWith1011(t *testing.T) {
	told := make(chan error, 1)
	url := serve(t, func(*wsnet.Conn) { panic("secret") }, wsnet.Options{Error: func(err error) { told <- err }})
	c := dial(t, url, nil)
	_, _, err := c.Read(within(t, 5*time.Second))
	var end *wsnet.CloseError
	if !errors.As(err, &end) || end.Code != wsfsm.CloseInternalError || end.Reason != "" {
		t.Fatalf("got %v", err)
	}
	if err := <-told; !strings.Contains(err.Error(), "panic") {
		t.Fatalf("told %v", err)
	}
}
