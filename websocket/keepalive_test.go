package websocket_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/websocket"
	"github.com/wsfsm/wsfsm/wsnet"
)

func TestKeepAlive(t *testing.T) {
	url := serve(t, echo, nil)
	s, m := muted(t, url, &websocket.Options{PingInterval: 10 * time.Millisecond, PongTimeout: 150 * time.Millisecond})
	time.Sleep(100 * time.Millisecond)
	if s.ReadyState() != websocket.Open {
		t.Fatalf("%v though the peer answers", s.ReadyState())
	}
	s.OnOpen(nil)
	var r record
	closed := r.listen(s)
	m.set(true) // pings do not get through
	wait(t, closed)
	r.want(t, "error "+websocket.ErrPongTimeout.Error(), "close 1006  false closed")
	m.set(false)
}

// A peer that sends messages is alive, whatever it does with pings.
func TestKeepAliveByMessages(t *testing.T) {
	l, url := listen(t)
	defer l.Close()
	go func() {
		nc, err := l.Accept()
		if err != nil {
			return
		}
		buf := make([]byte, 4096)
		n, _ := nc.Read(buf)
		_, rest, _ := strings.Cut(string(buf[:n]), "Sec-WebSocket-Key: ")
		nonce, _, _ := strings.Cut(rest, "\r\n")
		_, _ = io.WriteString(nc, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "+
			wsfsm.AcceptKey(nonce)+"\r\n\r\n")
		for range 50 {
			_, _ = io.WriteString(nc, "\x81\x01x")
			time.Sleep(10 * time.Millisecond)
		}
		_, _ = io.Copy(io.Discard, nc)
		nc.Close()
	}()
	s, err := websocket.New(url, &websocket.Options{PingInterval: 10 * time.Millisecond, PongTimeout: 100 * time.Millisecond})
	must(t, err)
	var n atomic.Int64
	s.OnMessage(func(websocket.Event) { n.Add(1) })
	errs := make(chan error, 1)
	s.OnError(func(e websocket.Event) { errs <- e.Err })
	if err := <-errs; err != websocket.ErrPongTimeout || n.Load() != 50 {
		t.Errorf("%v behind %d messages", err, n.Load())
	}
}

func TestKeepAliveOfASlowListener(t *testing.T) {
	url := serve(t, echo, nil)
	s, err := websocket.New(url, &websocket.Options{PingInterval: 5 * time.Millisecond, PongTimeout: 50 * time.Millisecond})
	must(t, err)
	var mu sync.Mutex
	n := 0
	s.OnMessage(func(websocket.Event) {
		time.Sleep(200 * time.Millisecond)
		mu.Lock()
		defer mu.Unlock()
		if n++; n == 4 {
			must(t, s.Close(1000, ""))
		}
	})
	s.OnOpen(func(websocket.Event) {
		for range 4 {
			must(t, s.Send("x"))
		}
	})
	closed := make(chan websocket.Event, 1)
	s.OnClose(func(e websocket.Event) { closed <- e })
	if e := <-closed; !e.WasClean {
		t.Errorf("ended with %d", e.Code)
	}
}

func TestVersionsWithoutPingsAndBinary(t *testing.T) {
	driver := wsfsm.Options{Versions: []string{"hixie-76"}}
	url := serve(t, echo, &websocket.ServerOptions{Net: &wsnet.Options{Driver: driver}})
	s, err := websocket.New(url, &websocket.Options{PingInterval: time.Millisecond, Dial: &wsnet.DialOptions{Driver: driver}})
	must(t, err)
	got := make(chan struct{})
	s.OnOpen(func(websocket.Event) {
		if s.Version() != "hixie-76" || s.HasBinary() || s.HasPings() || s.HasCloseCodes() {
			t.Errorf("version %s, %v %v %v", s.Version(), s.HasBinary(), s.HasPings(), s.HasCloseCodes())
		}
		if err := s.Ping(context.Background(), nil); !errors.Is(err, wsfsm.ErrUnsupported) {
			t.Errorf("got %v", err)
		}
		if err := s.SendBinary(nil); !errors.Is(err, wsfsm.ErrUnsupported) {
			t.Errorf("got %v", err)
		}
		must(t, s.Send("x"))
	})
	s.OnMessage(func(websocket.Event) {
		time.Sleep(20 * time.Millisecond) // time for pings
		must(t, s.Close(3000, "no codes there"))
		close(got)
	})
	wait(t, got)
	var r record
	closed := make(chan struct{})
	s.OnClose(func(e websocket.Event) { r.note("%d %t", e.Code, e.WasClean); close(closed) })
	wait(t, closed)
	r.want(t, "1005 true")
}
