package wsnet_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/wsnet"
)

func TestEchoOfAllSizes(t *testing.T) {
	c := dial(t, serve(t, echo, nil), nil)
	sizes := []int{0, 1, 125, 126, 4096, 65535, 65536, 1 << 20, 16 << 20}
	if testing.Short() {
		sizes = sizes[:8]
	}
	for _, n := range sizes {
		for _, kind := range []wsnet.MessageKind{wsnet.Text, wsnet.Binary} {
			want := bytes.Repeat([]byte("x"), n)
			if err := c.Write(background, kind, want); err != nil {
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
	c := dial(t, serve(t, echo, nil), nil)
	const n = 10000
	go func() {
		for i := range n {
			if c.Write(background, wsnet.Text, fmt.Append(nil, i)) != nil {
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
	c := dial(t, serve(t, echo, nil), nil)
	const writers, each = 8, 100
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			for range each {
				message := strings.Repeat(string(rune('a'+w)), 100+w*1000)
				if err := c.Write(background, wsnet.Text, []byte(message)); err != nil {
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

func TestWriteToSlowPeerIsBoundedAndTakenBack(t *testing.T) {
	url := serve(t, wait, nil)
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
	const n, size = 24, 1 << 20 // more than the buffers of both sockets
	flood := func(c *wsnet.Conn) error {
		failed := make(chan error, 1)
		go func() {
			for range n {
				if err := c.Write(background, wsnet.Binary, make([]byte, size)); err != nil {
					failed <- err
					return
				}
			}
			failed <- nil
		}()
		for range n {
			if _, _, err := c.Read(background); err != nil {
				return err
			}
		}
		return <-failed
	}
	server := make(chan error, 1)
	url := serve(t, func(c *wsnet.Conn) { server <- flood(c); <-c.Context().Done() }, nil)
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

func TestForgetHeads(t *testing.T) {
	told := make(chan [2]*wsfsm.Request, 1)
	c := dial(t, serve(t, func(c *wsnet.Conn) {
		before := c.Request()
		c.ForgetHeads()
		told <- [2]*wsfsm.Request{before, c.Request()}
		echo(c)
	}, nil), nil)
	if r := <-told; r[0] == nil || r[1] != nil {
		t.Errorf("the server has %v", r)
	}
	if c.Response() == nil {
		t.Error("the client has no response")
	}
	if c.ForgetHeads(); c.Response() != nil {
		t.Error("the client has not forgotten the response")
	}
	write(t, c, "hello")
	if got := read(t, c); got != "hello" || c.Version() != "rfc6455" {
		t.Errorf("%q, %s", got, c.Version())
	}
}

func TestPing(t *testing.T) {
	c := dial(t, serve(t, echo, nil), nil)
	for range 100 {
		if err := c.Ping(within(t, 5*time.Second), []byte("payload")); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Ping(background, make([]byte, 126)); !errors.Is(err, wsfsm.ErrControlTooLong) {
		t.Fatalf("got %v", err)
	}
	if err := c.Pong(background, nil); err != nil {
		t.Fatal(err)
	}
}

// A pong is looked for at once although nobody reads, as soon as no message is
// in the way.
func TestPingWithoutReader(t *testing.T) {
	ready := make(chan struct{})
	c := dial(t, serve(t, func(c *wsnet.Conn) {
		c.Write(background, wsnet.Text, []byte("first"))
		<-ready
		c.Write(background, wsnet.Text, []byte("in the way"))
		c.Read(background)
	}, nil), nil)
	read(t, c)
	time.Sleep(100 * time.Millisecond) // nobody else would read now for a second
	if err := c.Ping(within(t, 600*time.Millisecond), []byte("1")); err != nil {
		t.Fatal(err)
	}
	close(ready)
	time.Sleep(30 * time.Millisecond)
	done := make(chan error, 1)
	go func() { done <- c.Ping(within(t, 600*time.Millisecond), []byte("2")) }()
	time.Sleep(30 * time.Millisecond)
	read(t, c)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestPanicOfTheHandlerClosesWith1011(t *testing.T) {
	told := make(chan error, 1)
	url := serve(t, func(*wsnet.Conn) { panic("secret") }, &wsnet.Options{Error: func(err error) { told <- err }})
	c := dial(t, url, nil)
	_, _, err := c.Read(within(t, 5*time.Second))
	var end *wsnet.CloseError
	if !errors.As(err, &end) || end.Code != wsfsm.CloseInternalError || end.Reason != "" {
		t.Fatalf("got %v", err)
	}
	var panicked *wsnet.PanicError
	if err := <-told; !errors.As(err, &panicked) || panicked.Value != "secret" || !strings.Contains(string(panicked.Stack), "conn_test.go") {
		t.Fatalf("told %v", err)
	}
}
