package callback_test

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/callback"
)

var errBroken = errors.New("broken")

// failures are the ways in which a function can fail.
var failures = map[string]func() error{
	"error": func() error { return errBroken },
	"panic": func() error { panic(errBroken) },
}

// breaking makes one of the functions fail.
func breaking(l *callback.Listeners, function string, fail func() error) {
	switch function {
	case "OnConnect":
		l.OnConnect = func(*callback.Adapter, *wsfsm.Request) error { return fail() }
	case "OnOpen":
		l.OnOpen = func(*callback.Adapter) error { return fail() }
	case "OnMessage":
		l.OnMessage = func(*callback.Adapter, callback.Message) error { return fail() }
	case "OnPing":
		l.OnPing = func(*callback.Adapter, []byte) error { return fail() }
	case "OnPong":
		l.OnPong = func(*callback.Adapter, []byte) error { return fail() }
	}
}

func TestFaults(t *testing.T) {
	input := slices.Concat([]byte(request), frame(0x89, "p"), frame(0x8A, "q"), frame(0x81, "m"), frame(0x88, "\x03\xf3"), frame(0x81, "late"))
	prefix := []string{"connect /chat true connecting", reply, "open open", "write 8a 01 70", `ping "p"`, `pong "q"`}
	ends := []string{`close 1011 "" true false closed`}
	for function, want := range map[string][]string{
		"OnConnect": {"write HTTP/1.1 500 Internal Server Error", "fault OnConnect", `close 1006 "" false false closed`},
		"OnOpen":    slices.Concat(prefix[:2], []string{"write 88 02 03 f3", "fault OnOpen"}, ends),
		"OnPing":    slices.Concat(prefix[:4], []string{"write 88 02 03 f3", "fault OnPing"}, ends),
		"OnPong":    slices.Concat(prefix[:5], []string{"write 88 02 03 f3", "fault OnPong"}, ends),
		"OnMessage": slices.Concat(prefix, []string{"write 88 02 03 f3", "fault OnMessage"}, ends),
	} {
		for how, fail := range failures {
			t.Run(function+"/"+how, func(t *testing.T) {
				splits(input, func(pieces [][]byte) {
					var fault *callback.Fault
					var cause error
					a, j := server(t, func(l *callback.Listeners) {
						breaking(l, function, fail)
						onFault, onClose := l.OnFault, l.OnClose
						l.OnFault = func(a *callback.Adapter, f *callback.Fault) { fault = f; onFault(a, f) }
						l.OnClose = func(a *callback.Adapter, e callback.CloseEvent) { cause = e.Err; onClose(a, e) }
					})
					receive(t, a, pieces...)
					j.want(t, want...)
					if !errors.Is(fault, errBroken) || fault.Function != function || (fault.Stack != nil) != (how == "panic") {
						t.Fatalf("got %+v", fault)
					}
					if cause != fault {
						t.Fatalf("the cause of the end is %v", cause)
					}
				})
			})
		}
	}
}

func TestPanicWithoutOnFaultIsRaisedAgain(t *testing.T) {
	a, j := openServer(t, func(l *callback.Listeners) {
		l.OnFault = nil
		l.OnMessage = func(*callback.Adapter, callback.Message) error { panic("oops") }
	})
	raised := func() (p any) {
		defer func() { p = recover() }()
		_ = a.Receive(slices.Concat(frame(0x81, "a"), frame(0x81, "b"), frame(0x88, "")))
		return nil
	}
	f, ok := raised().(*callback.Fault)
	if !ok || f.Panic != "oops" || !strings.Contains(f.Error(), "OnMessage panicked: oops") || !strings.Contains(f.Error(), "fault_test.go") {
		t.Fatalf("raised %v", f)
	}
	j.want(t, "write 88 02 03 f3", `close 1005 "" true false closed`)
	if p := raised(); p != nil {
		t.Fatalf("raised again: %v", p)
	}
}

func TestErrorWithoutOnFaultReachesOnClose(t *testing.T) {
	var cause error
	a, _ := openServer(t, func(l *callback.Listeners) {
		l.OnFault = nil
		l.OnMessage = func(*callback.Adapter, callback.Message) error { return errBroken }
		l.OnClose = func(_ *callback.Adapter, e callback.CloseEvent) { cause = e.Err }
	})
	receive(t, a, frame(0x81, "a"), frame(0x88, ""))
	if !errors.Is(cause, errBroken) || !strings.Contains(fmt.Sprint(cause), "OnMessage: broken") {
		t.Fatalf("got %v", cause)
	}
}

func TestPanicOfOnFault(t *testing.T) {
	a, j := openServer(t, func(l *callback.Listeners) {
		l.OnMessage = func(*callback.Adapter, callback.Message) error { return errBroken }
		l.OnFault = func(*callback.Adapter, *callback.Fault) { panic("worse") }
	})
	defer func() {
		if f, ok := recover().(*callback.Fault); !ok || f.Function != "OnFault" {
			t.Errorf("raised %v", f)
		}
		j.want(t, "write 88 02 03 f3")
		receive(t, a, frame(0x88, "\x03\xf3"))
		j.want(t, `close 1011 "" true false closed`)
	}()
	_ = a.Receive(frame(0x81, "a"))
}

func TestPanicsOfTheOthers(t *testing.T) {
	a, j := openServer(t, func(l *callback.Listeners) {
		onError, onClose := l.OnError, l.OnClose
		l.OnError = func(a *callback.Adapter, err error) { onError(a, errBroken); panic(1) }
		l.OnClose = func(a *callback.Adapter, e callback.CloseEvent) {
			if f, ok := e.Err.(*callback.Fault); !ok || f.Function != "Ping" {
				t.Errorf("the cause of the end is %v", e.Err)
			}
			onClose(a, e)
			panic(2)
		}
	})
	must(t, a.Ping([]byte("p"), func() { panic(0) }))
	must(t, a.Ping([]byte("q"), func() { t.Error("called behind a fault") }))
	j.entries = nil
	receive(t, a, frame(0x8A, "q"), frame(0x83, ""))
	j.want(t, "write 88 02 03 f3", "fault Ping", "error broken", "fault OnError", `close 1006 "" false false closed`, "fault OnClose")
}

type panickingWriter struct{}

func (panickingWriter) Write([]byte) (int, error) { panic("no socket") }

func TestPanicOfTheWriter(t *testing.T) {
	var j journal
	l := j.listeners()
	onClose := l.OnClose
	l.OnClose = func(a *callback.Adapter, e callback.CloseEvent) {
		if f, ok := e.Err.(*callback.Fault); !ok || f.Panic != "no socket" {
			t.Errorf("the cause of the end is %v", e.Err)
		}
		onClose(a, e)
	}
	a := callback.New(endpoint(t, wsfsm.Options{}).Server(), panickingWriter{}, l)
	receive(t, a, append([]byte(request), frame(0x81, "not delivered")...))
	j.want(t, "connect /chat true connecting", "fault Write", "open open", `close 1006 "" false false closed`)
}

func TestEndOfTheGoroutineFromWithin(t *testing.T) {
	a, j := openServer(t, func(l *callback.Listeners) {
		l.OnMessage = func(_ *callback.Adapter, m callback.Message) error {
			if j := string(m.Data); j == "a" {
				runtime.Goexit()
			}
			return nil
		}
	})
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = a.Receive(slices.Concat(frame(0x81, "a"), frame(0x89, "b")))
	}()
	<-done
	a.ReceiveEOF(nil)
	j.want(t, "write 8a 01 62", `ping "b"`, `close 1006 "" false false closed`)
}

// dry is a source of masking keys that ends.
type dry struct{ n int }

func (r *dry) Read(p []byte) (int, error) {
	if r.n < len(p) {
		return 0, errBroken
	}
	r.n -= len(p)
	return len(p), nil
}

func TestFaultWhenNoCloseFrameCanBeMade(t *testing.T) {
	var j journal
	l := j.listeners()
	l.OnMessage = func(a *callback.Adapter, m callback.Message) error {
		for {
			if err := a.Text(m.Data); err != nil {
				return err
			}
		}
	}
	d, err := endpoint(t, wsfsm.Options{Rand: &dry{4096}}).Client("ws://example.com/")
	must(t, err)
	a := callback.New(d, nil, l)
	must(t, a.Start())
	_, rest, _ := strings.Cut(string(a.Output()), "Sec-WebSocket-Key: ")
	nonce, _, _ := strings.Cut(rest, "\r\n")
	receive(t, a, []byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "+
		wsfsm.AcceptKey(nonce)+"\r\n\r\n"), unmasked(0x81, "a"))
	j.want(t, "open open", "fault OnMessage", `close 1006 "" false false closed`)
}
