package websocket_test

import (
	"context"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/callback"
	"github.com/wsfsm/wsfsm/websocket"
	"github.com/wsfsm/wsfsm/wsnet"
)

// Events wait for the first listener of their type, also for long.
func TestEventsWaitForListeners(t *testing.T) {
	url := serve(t, func(s *websocket.Socket) {
		must(t, s.Send("one"))
		must(t, s.Send("two"))
		must(t, s.Close(1000, "done"))
	}, nil)
	s, err := websocket.New(url, nil)
	must(t, err)
	wait(t, s.Done())
	if must(t, s.Close(1000, "")); s.ReadyState() != websocket.Closed {
		t.Errorf("Close at the end has made it %v", s.ReadyState())
	}
	var r record
	closed := make(chan struct{})
	s.OnClose(func(e websocket.Event) { r.note("close %d", e.Code); close(closed) })
	wait(t, closed)
	s.OnClose(nil)
	got := make(chan struct{})
	s.OnMessage(func(e websocket.Event) {
		if r.note("%s", e.Data); string(e.Data) == "two" {
			close(got)
		}
	})
	wait(t, got)
	opened := make(chan struct{})
	s.AddEventListener(websocket.OpenEvent, func(websocket.Event) { close(opened) })
	wait(t, opened)
	r.want(t, "close 1000", "one", "two")
}

func TestUnheardMessagesAreBounded(t *testing.T) {
	var sent int
	stuck := make(chan struct{})
	url := raw(t, nil, func(c *wsnet.Conn) {
		p := make([]byte, 100<<10)
		for range 1000 {
			ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
			err := c.Write(ctx, wsnet.Binary, p)
			cancel()
			if err != nil {
				break
			}
			sent++
		}
		close(stuck)
		c.CloseNow()
	})
	s, err := websocket.New(url, &websocket.Options{MaxUnheard: 1 << 20})
	must(t, err)
	wait(t, stuck)
	if sent < 10 || sent == 1000 {
		t.Errorf("%d messages were taken", sent)
	}
	n := 0
	closed := make(chan struct{})
	s.OnMessage(func(websocket.Event) { n++ })
	s.OnClose(func(websocket.Event) { close(closed) })
	wait(t, closed)
	if n < 10 {
		t.Errorf("%d messages were delivered", n)
	}
}

func TestMessagesAreNotDeliveredBehindClose(t *testing.T) {
	read := make(chan struct{})
	url := raw(t, nil, func(c *wsnet.Conn) {
		must(t, c.Write(context.Background(), wsnet.Text, []byte("unheard")))
		must(t, c.Ping(context.Background(), nil)) // is answered behind the message
		close(read)
		_, _, _ = c.Read(context.Background())
	})
	s, err := websocket.New(url, nil)
	must(t, err)
	wait(t, read)
	must(t, s.Close(1000, ""))
	var r record
	wait(t, r.listen(s))
	r.want(t, "open", "close 1000  true closed")
}

// The answer to the last message goes out though the peer closes right behind it.
func TestLastAnswer(t *testing.T) {
	url := serve(t, func(s *websocket.Socket) {
		s.OnMessage(func(e websocket.Event) {
			time.Sleep(20 * time.Millisecond)
			if err := s.Send(string(e.Data)); err != nil {
				t.Error(err)
			}
		})
	}, nil)
	for range 5 {
		nc, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(url, "ws://"), "/chat?room=1"))
		must(t, err)
		frames := wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Final: true, Opcode: 1, Masked: true}, []byte("last"))
		frames = wsfsm.AppendFrame(frames, wsfsm.FrameHeader{Final: true, Opcode: 8, Masked: true}, nil)
		_, err = nc.Write(append([]byte(upgrade), frames...))
		must(t, err)
		must(t, nc.SetReadDeadline(time.Now().Add(5*time.Second)))
		got := readAll(t, nc)
		if !strings.HasSuffix(got, "\r\n\r\n\x81\x04last\x88\x00") {
			t.Errorf("got %q", got)
		}
		nc.Close()
	}
}

func TestPanicOfListener(t *testing.T) {
	faults := make(chan *callback.Fault, 1)
	url := serve(t, func(s *websocket.Socket) {
		s.OnMessage(func(websocket.Event) { panic("oops") })
	}, &websocket.ServerOptions{Socket: &websocket.Options{Fault: func(_ *websocket.Socket, f *callback.Fault) { faults <- f }}})
	s, err := websocket.New(url, nil)
	must(t, err)
	var r record
	wait(t, r.listen(s, func() { must(t, s.Send("a")); must(t, s.Send("b")) }))
	r.want(t, "open", "close 1011  true closed")
	if f := <-faults; f.Function != "message" || f.Panic != "oops" || !strings.Contains(f.Error(), "event_test.go") || len(faults) > 0 {
		t.Errorf("got %v", f)
	}
}

func TestListenerEndsItsGoroutine(t *testing.T) {
	url := serve(t, echo, nil)
	s, err := websocket.New(url, nil)
	must(t, err)
	got := make(chan struct{})
	s.OnMessage(func(websocket.Event) { close(got); runtime.Goexit() })
	s.OnOpen(func(websocket.Event) {
		must(t, s.Send("a"))
		runtime.Goexit()
	})
	wait(t, got)
	must(t, s.Close(0, ""))
	wait(t, s.Done())
}

func TestNames(t *testing.T) {
	for e, want := range map[websocket.EventType]string{0: "open", 1: "message", 2: "error", 3: "close", 4: "unknown"} {
		if e.String() != want {
			t.Errorf("%d is %v", uint8(e), e)
		}
	}
	s, err := websocket.New("ws://127.0.0.1:1/", nil)
	must(t, err)
	s.AddEventListener(9, func(websocket.Event) {})()
	wait(t, s.Done())
}
