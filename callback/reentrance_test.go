package callback_test

import (
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/callback"
)

func TestSendingFromWithin(t *testing.T) {
	a, j := openServer(t, func(l *callback.Listeners) {
		l.OnMessage = func(a *callback.Adapter, m callback.Message) error {
			return a.Send(m.Kind, m.Data)
		}
		l.OnPing = func(a *callback.Adapter, p []byte) error { return a.Ping(p, nil) }
	})
	splits(slices.Concat(frame(0x81, "a"), frame(0x82, "b"), frame(0x89, "c"), frame(0x8A, "c")), func(pieces [][]byte) {
		receive(t, a, pieces...)
		j.want(t, "write 81 01 61", "write 82 01 62", "write 8a 01 63", "write 89 01 63", `pong "c"`)
	})
}

func TestClosingFromWithin(t *testing.T) {
	a, j := openServer(t, func(l *callback.Listeners) {
		l.OnMessage = func(a *callback.Adapter, m callback.Message) error {
			err := a.Close(wsfsm.CloseNormal, "")
			return errors.Join(err, a.Close(wsfsm.CloseNormal, "again"))
		}
	})
	receive(t, a, frame(0x81, "a"))
	j.want(t, "write 88 02 03 e8", "fault OnMessage") // of the second Close
	receive(t, a, frame(0x88, "\x03\xe8"))
	j.want(t, `close 1000 "" true false closed`)
}

func TestFeedingFromWithinIsRefused(t *testing.T) {
	var refusals []error
	feed := func(a *callback.Adapter) { refusals = append(refusals, a.Receive([]byte("x"))) }
	a, j := server(t, func(l *callback.Listeners) {
		l.OnOpen = func(a *callback.Adapter) error { feed(a); return nil }
		l.OnMessage = func(a *callback.Adapter, _ callback.Message) error { feed(a); return nil }
		l.OnClose = func(a *callback.Adapter, _ callback.CloseEvent) { feed(a) }
	})
	receive(t, a, slices.Concat([]byte(request), frame(0x81, "a"), frame(0x88, "")))
	if len(refusals) != 3 {
		t.Fatalf("%d calls", len(refusals))
	}
	for _, err := range refusals {
		if !errors.Is(err, callback.ErrReentrant) {
			t.Errorf("got %v", err)
		}
	}
	j.want(t, "connect /chat true connecting", reply, "write 88 00")
}

func TestEndingFromWithin(t *testing.T) {
	for name, end := range map[string]func(*callback.Adapter){
		"ReceiveEOF": func(a *callback.Adapter) { a.ReceiveEOF(io.ErrClosedPipe) },
		"Expire":     func(a *callback.Adapter) { a.Expire() },
	} {
		var j *journal
		var a *callback.Adapter
		a, j = openServer(t, func(l *callback.Listeners) {
			l.OnMessage = func(a *callback.Adapter, m callback.Message) error {
				end(a)
				j.note("%s", m.Data) // still there
				return nil
			}
		})
		receive(t, a, slices.Concat(frame(0x81, "a"), frame(0x89, "b")))
		if name == "Expire" { // input that is pending is not looked at
			j.want(t, "a", `close 1006 "" false false closed`)
			continue
		}
		j.want(t, "a", "write 8a 01 62", `ping "b"`, `close 1006 "" false false closed`)
	}
}

// busyWriter calls the adapter while it is being written to.
type busyWriter struct {
	journal
	call func()
}

func (w *busyWriter) Write(p []byte) (int, error) {
	if call := w.call; call != nil {
		w.call = nil
		call()
	}
	return w.journal.Write(p)
}

func TestWriterThatCallsBack(t *testing.T) {
	w := &busyWriter{}
	a := callback.New(endpoint(t, wsfsm.Options{}).Server(), w, w.listeners())
	receive(t, a, []byte(request))
	w.entries = nil
	w.call = func() {
		must(t, a.Text([]byte("b")))
		if err := a.Receive(nil); !errors.Is(err, callback.ErrReentrant) {
			t.Errorf("got %v", err)
		}
	}
	must(t, a.Text([]byte("a")))
	w.want(t, "write 81 01 61", "write 81 01 62")
}

// brokenWriter takes n octets, fails once, and must not be called after that.
type brokenWriter struct {
	n      int
	failed bool
}

func (w *brokenWriter) Write(p []byte) (int, error) {
	if w.failed {
		panic("called again")
	}
	n := min(w.n, len(p))
	w.n -= n
	if n < len(p) {
		w.failed = true
		return n, io.ErrClosedPipe
	}
	return n, nil
}

// shortWriter breaks the contract of io.Writer.
type shortWriter struct{ n int }

func (w shortWriter) Write([]byte) (int, error) { return w.n, nil }

func TestWriterThatFails(t *testing.T) {
	for _, test := range []struct {
		w     io.Writer
		cause error
	}{
		{&brokenWriter{n: 200}, io.ErrClosedPipe},
		{shortWriter{3}, io.ErrShortWrite},
		{shortWriter{-1}, io.ErrShortWrite},
		{shortWriter{1 << 20}, io.ErrShortWrite},
	} {
		var j journal
		l := j.listeners()
		l.OnMessage = func(a *callback.Adapter, m callback.Message) error {
			j.note("message %s", m.Data)
			return a.Text(make([]byte, 100))
		}
		var cause error
		l.OnClose = func(_ *callback.Adapter, e callback.CloseEvent) { cause = e.Err }
		a := callback.New(endpoint(t, wsfsm.Options{}).Server(), test.w, l)
		receive(t, a, slices.Concat([]byte(request), frame(0x81, "a"), frame(0x81, "b")))
		j.want(t, "connect /chat true connecting", "open open", "message a", "message b")
		if !errors.Is(cause, test.cause) {
			t.Errorf("cause %v, want %v", cause, test.cause)
		}
		if n := a.Driver().Unsent(); n != 0 {
			t.Errorf("%d octets are kept for nobody", n)
		}
	}
}

func TestOutputWithoutWriter(t *testing.T) {
	var j journal
	l := j.listeners()
	l.OnMessage = func(a *callback.Adapter, m callback.Message) error {
		j.note("message %s", m.Data)
		return a.Text(make([]byte, 200))
	}
	a := callback.New(endpoint(t, wsfsm.Options{MaxOutput: 100}).Server(), nil, l)
	receive(t, a, []byte(request))
	j.want(t, "connect /chat true connecting", "open open")
	a.Sent(len(a.Output()))
	must(t, a.Receive(slices.Concat(frame(0x81, "a"), frame(0x81, "b"), frame(0x88, ""))))
	j.want(t, "message a")
	if a.Pending() == 0 {
		t.Fatal("nothing waits for room")
	}
	a.Sent(len(a.Output()))
	j.want(t, "message b")
	a.Sent(len(a.Output()))
	j.want(t, `close 1005 "" true false closed`)
	if string(a.Output()) != "\x88\x00" {
		t.Fatalf("output % x behind OnClose", a.Output())
	}
}

func TestPingFunctions(t *testing.T) {
	a, j := openServer(t, nil)
	for _, p := range []string{"1", "2", "2", "3"} {
		must(t, a.Ping([]byte(p), func() {
			j.note("answered %s", p)
			if p == "3" {
				must(t, a.Ping([]byte("4"), func() { j.note("answered 4") }))
			}
		}))
	}
	must(t, a.Ping([]byte("quiet"), nil))
	j.entries = nil
	receive(t, a, frame(0x8A, "?"))
	j.want(t, `pong "?"`)
	receive(t, a, frame(0x8A, "2")) // answers the first ping too
	j.want(t, "answered 1", "answered 2", `pong "2"`)
	receive(t, a, frame(0x8A, "3"))
	j.want(t, "answered 2", "answered 3", "write 89 01 34", `pong "3"`)
	receive(t, a, frame(0x8A, "3"))
	j.want(t, `pong "3"`)
	a.ReceiveEOF(nil)
	j.want(t, `close 1006 "" false false closed`)
}

func TestPingErrors(t *testing.T) {
	a, j := openServer(t, nil)
	if err := a.Ping(make([]byte, 126), func() { t.Error("called") }); !errors.Is(err, wsfsm.ErrControlTooLong) {
		t.Fatalf("got %v", err)
	}
	for range wsfsm.MaxPings {
		must(t, a.Ping(nil, nil))
	}
	if err := a.Ping(nil, nil); !errors.Is(err, wsfsm.ErrTooManyPings) {
		t.Fatalf("got %v", err)
	}
	j.entries = nil
	receive(t, a, frame(0x8A, ""))
	j.want(t, `pong ""`)
}
