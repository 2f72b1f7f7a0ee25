package websocket_test

import (
	"context"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/websocket"
	"github.com/wsfsm/wsfsm/wsnet"
)

// mute is a transport that takes nothing more when it is told so.
type mute struct {
	net.Conn
	mu   sync.Mutex
	cond *sync.Cond
	shut bool
	gone bool
}

func (m *mute) Write(p []byte) (int, error) {
	m.mu.Lock()
	for m.shut && !m.gone {
		m.cond.Wait()
	}
	stuck := m.shut
	m.mu.Unlock()
	if stuck { // and gone
		return 0, net.ErrClosed
	}
	return m.Conn.Write(p)
}

func (m *mute) Close() error {
	m.mu.Lock()
	m.gone = true
	m.cond.Broadcast()
	m.mu.Unlock()
	return m.Conn.Close()
}

func (m *mute) set(shut bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.shut = shut
	m.cond.Broadcast()
}

// muted returns a socket whose transport can be stopped.
func muted(t *testing.T, url string, o *websocket.Options) (*websocket.Socket, *mute) {
	t.Helper()
	nc, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(url, "ws://"), "/chat?room=1"))
	must(t, err)
	m := &mute{Conn: nc}
	m.cond = sync.NewCond(&m.mu)
	o.Dial = &wsnet.DialOptions{Conn: m}
	s, err := websocket.New(url, o)
	must(t, err)
	open := make(chan struct{})
	s.OnOpen(func(websocket.Event) { close(open) })
	wait(t, open)
	return s, m
}

func TestBufferedAmount(t *testing.T) {
	url := serve(t, echo, nil)
	s, m := muted(t, url, &websocket.Options{MaxBuffered: 1000})
	m.set(true)
	for range 3 {
		must(t, s.Send(strings.Repeat("é", 100)))
	}
	if n := s.BufferedAmount(); n != 600 {
		t.Errorf("%d octets", n)
	}
	if err := s.SendBinary(make([]byte, 500)); err != websocket.ErrBufferFull {
		t.Errorf("got %v", err)
	}
	m.set(false)
	eventually(t, "everything is sent", func() bool { return s.BufferedAmount() == 0 })
	must(t, s.SendBinary(make([]byte, 5000))) // one may exceed the limit
	if err := s.Send("\xff"); err != wsfsm.ErrInvalidText {
		t.Errorf("got %v", err)
	}
	must(t, s.Close(0, ""))
	wait(t, s.Done())
}

// A server that sends the same to many has who does not read cut off.
func TestAbortSlow(t *testing.T) {
	url := serve(t, echo, nil)
	s, m := muted(t, url, &websocket.Options{MaxBuffered: 1000, AbortSlow: true})
	m.set(true)
	must(t, s.Send(strings.Repeat("x", 5000))) // one may exceed the limit
	if err := s.Send("x"); err != websocket.ErrSlowPeer {
		t.Errorf("got %v", err)
	}
	if err := s.Send("x"); err != websocket.ErrInvalidState || s.ReadyState() < websocket.Closing {
		t.Errorf("got %v, %v", err, s.ReadyState())
	}
	s.OnOpen(nil)
	var r record
	wait(t, r.listen(s))
	r.want(t, "error "+websocket.ErrSlowPeer.Error(), "close 1006  false closed")
	if n := s.BufferedAmount(); n != 5000 {
		t.Errorf("%d octets are counted as not sent", n)
	}
}

// The limit of messages can be changed while the connection lives.
func TestMaxMessageOfOpenSocket(t *testing.T) {
	url := serve(t, func(s *websocket.Socket) {
		s.OnMessage(func(e websocket.Event) {
			must(t, s.Conn().SetMaxMessage(4))
			must(t, s.Send(string(e.Data)))
		})
	}, nil)
	s, err := websocket.New(url, nil)
	must(t, err)
	var r record
	closed := r.listen(s, func() { must(t, s.Send("12345")) })
	s.AddEventListener(websocket.MessageEvent, func(websocket.Event) { must(t, s.Send("12345")) })
	wait(t, closed)
	r.want(t, "open", "message text 12345 ", "close 1009  true closed")
}

func TestEmptyMessagesAreBounded(t *testing.T) {
	url := serve(t, echo, nil)
	s, m := muted(t, url, &websocket.Options{MaxBuffered: 1000})
	m.set(true)
	n := 0
	for ; s.Send("") == nil && n < 1000; n++ {
	}
	if n < 10 || n > 20 {
		t.Errorf("%d messages wait", n)
	}
	m.set(false)
	must(t, s.Close(0, ""))
	wait(t, s.Done())
}

func TestCloseTimeoutWithAllThatWaits(t *testing.T) {
	url := serve(t, echo, nil)
	s, m := muted(t, url, &websocket.Options{CloseTimeout: 100 * time.Millisecond})
	m.set(true)
	must(t, s.Send("stuck"))
	must(t, s.Send("too"))
	must(t, s.Close(1000, ""))
	s.OnOpen(nil)
	var r record
	wait(t, r.listen(s))
	r.want(t, "error "+websocket.ErrCloseTimeout.Error(), "close 1006  false closed")
	if n := s.BufferedAmount(); n != len("stucktoo") {
		t.Errorf("%d octets are counted as not sent", n)
	}
}

func TestCloseFollowsWhatWasSent(t *testing.T) {
	var r record
	done := make(chan (<-chan struct{}), 1)
	url := serve(t, func(s *websocket.Socket) { done <- r.listen(s) }, nil)
	s, m := muted(t, url, &websocket.Options{})
	m.set(true)
	must(t, s.Send("a"))
	p := []byte("b")
	must(t, s.SendBinary(p))
	clear(p)
	must(t, s.Close(3001, "c"))
	m.set(false)
	wait(t, <-done)
	r.want(t, "open", "message text a ", "message binary b blob", "close 3001 c true closed")
}

// Reading waits for answers to go out, but not for ever.
func TestPatience(t *testing.T) {
	more := make(chan struct{})
	url := raw(t, nil, func(c *wsnet.Conn) {
		for range more {
			for range 3 {
				if err := c.Write(context.Background(), wsnet.Text, []byte("x")); err != nil {
					return
				}
				time.Sleep(50 * time.Millisecond) // with more input at hand an answer counts as sent early
			}
		}
		_, _, _ = c.Read(context.Background())
	})
	s, m := muted(t, url, &websocket.Options{})
	heard := make(chan struct{}, 3)
	s.OnMessage(func(websocket.Event) {
		must(t, s.Send("answer"))
		heard <- struct{}{}
	})
	for range 2 {
		m.set(true)
		began := time.Now()
		more <- struct{}{}
		for range 3 {
			wait(t, heard)
		}
		if took := time.Since(began); took < 900*time.Millisecond || took > 1900*time.Millisecond {
			t.Errorf("took %v", took)
		}
		m.set(false)
		eventually(t, "the answers are sent", func() bool { return s.BufferedAmount() == 0 })
		time.Sleep(50 * time.Millisecond) // until the sender rests
	}
	must(t, s.Close(1000, ""))
	close(more)
	wait(t, s.Done())
}

func TestManyUsers(t *testing.T) {
	url := serve(t, echo, nil)
	s, err := websocket.New(url, nil)
	must(t, err)
	const users, each = 8, 50
	var r record
	var group sync.WaitGroup
	done := make(chan struct{})
	s.OnMessage(func(e websocket.Event) {
		if r.note("%s", e.Data); len(r.entries()) == users*each {
			close(done)
		}
	})
	open := make(chan struct{})
	s.OnOpen(func(websocket.Event) { close(open) })
	wait(t, open)
	for range users {
		group.Go(func() {
			for range each {
				if err := s.Send("x"); err != nil {
					t.Error(err)
				}
				s.AddEventListener(websocket.MessageEvent, func(websocket.Event) {})()
				_, _, _ = s.BufferedAmount(), s.ReadyState(), s.Protocol()
			}
		})
	}
	group.Wait()
	wait(t, done)
	must(t, s.Close(0, ""))
	wait(t, s.Done())
}
