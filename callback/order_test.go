package callback_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/callback"
)

const reply = "write HTTP/1.1 101 Switching Protocols"

func TestServerOrder(t *testing.T) {
	input := slices.Concat([]byte(request), frame(0x81, "Hello"), frame(0x89, "p"), frame(0x01, "Hel"), frame(0x89, "q"),
		frame(0x80, "lo"), frame(0x8A, "unasked"), frame(0x82, "\xff"), frame(0x88, "\x03\xe8bye"), frame(0x81, "too late"))
	splits(input, func(pieces [][]byte) {
		a, j := server(t, nil)
		receive(t, a, pieces...)
		j.want(t, "connect /chat true connecting", reply, "open open",
			`message text "Hello"`,
			"write 8a 01 70", `ping "p"`,
			"write 8a 01 71", `ping "q"`,
			`message text "Hello"`,
			`pong "unasked"`,
			`message binary "\xff"`,
			"write 88 05 03 e8 62 79 65", `close 1000 "bye" true false closed`)
		a.ReceiveEOF(nil)
		a.Expire()
		j.want(t)
	})
}

func TestClientOrder(t *testing.T) {
	a, j, response := client(t, nil)
	must(t, a.Text([]byte("queued")))
	j.want(t, "write GET /chat HTTP/1.1")
	input := slices.Concat(response, unmasked(0x81, "Hello"), unmasked(0x89, "p"), unmasked(0x88, ""))
	receive(t, a, input)
	j.want(t, "write 81 86 00 00 00 00 71 75 65 75 65 64", "open open",
		`message text "Hello"`,
		"write 8a 81 00 00 00 00 70", `ping "p"`,
		"write 88 80 00 00 00 00", `close 1005 "" true true closed`)
}

func TestClientOrderAtEverySplit(t *testing.T) {
	_, _, response := client(t, nil)
	input := slices.Concat(response, unmasked(0x81, "Hello"), unmasked(0x89, "p"), unmasked(0x88, ""))
	splits(input, func(pieces [][]byte) {
		a, j, _ := client(t, nil) // the nonce is the same
		receive(t, a, pieces...)
		j.want(t, "write GET /chat HTTP/1.1", "open open", `message text "Hello"`,
			"write 8a 81 00 00 00 00 70", `ping "p"`,
			"write 88 80 00 00 00 00", `close 1005 "" true true closed`)
	})
}

func TestErrorComesOnceBetweenCloseFrameAndClose(t *testing.T) {
	bad := slices.Concat(frame(0x81, "ok"), frame(0x83, "reserved"), frame(0x83, "reserved"), frame(0x81, "ignored"))
	splits(bad, func(pieces [][]byte) {
		a, j := openServer(t, nil)
		receive(t, a, pieces...)
		a.ReceiveEOF(nil)
		j.want(t, `message text "ok"`, "write 88 02 03 ea",
			"error wsfsm: the opcode is reserved (RFC 6455 §5.2, frame head, offset 162)", `close 1006 "" false false closed`)
	})
}

func TestRefusedRequest(t *testing.T) {
	a, j := server(t, nil)
	receive(t, a, bytes.Replace([]byte(request), []byte("n: 13"), []byte("n: 12"), 1))
	if len(j.entries) != 3 || j.entries[0] != "write HTTP/1.1 426 Upgrade Required" || j.entries[2] != `close 1006 "" false false closed` {
		t.Fatalf("got %q", j.entries)
	}
}

func TestRequestThatIsNotForWebSocket(t *testing.T) {
	a, j := server(t, func(l *callback.Listeners) { l.OnConnect = nil })
	receive(t, a, []byte(plainRequest))
	if len(j.entries) != 3 || j.entries[0] != "write HTTP/1.1 426 Upgrade Required" {
		t.Fatalf("got %q", j.entries)
	}
	a, j = server(t, func(l *callback.Listeners) {
		l.OnConnect = func(a *callback.Adapter, r *wsfsm.Request) error {
			j.note("connect %t", r.WebSocket)
			return a.Reject(404, nil, []byte("none here"))
		}
	})
	receive(t, a, []byte(plainRequest))
	j.want(t, "connect false", "write HTTP/1.1 404 Not Found", `close 1006 "" false false closed`)
}

func TestServerOpensWithoutOnConnect(t *testing.T) {
	a, j := server(t, func(l *callback.Listeners) { l.OnConnect = nil })
	receive(t, a, []byte(request))
	j.want(t, reply, "open open")
}

func TestAnswerLater(t *testing.T) {
	a, j := server(t, func(l *callback.Listeners) {
		l.OnConnect = func(*callback.Adapter, *wsfsm.Request) error { return nil }
	})
	must(t, a.Text([]byte("a"))) // queued
	input := append([]byte(request), frame(0x81, "early")...)
	must(t, a.Receive(input))
	if a.Pending() != len(frame(0x81, "early")) {
		t.Fatalf("%d octets pending", a.Pending())
	}
	if err := a.Receive([]byte("x")); err != wsfsm.ErrInputPending {
		t.Fatalf("got %v", err)
	}
	must(t, a.Text([]byte("b")))
	j.want(t)
	must(t, a.Start())
	if j.entries[0] != reply {
		t.Fatalf("got %q", j.entries)
	}
	if !bytes.HasSuffix(j.octets, []byte("\r\n\r\n\x81\x01a\x81\x01b")) {
		t.Fatalf("wrote %q", j.octets)
	}
	j.entries = j.entries[1:]
	j.want(t, "open open", `message text "early"`)
}

func TestParsedRequest(t *testing.T) {
	header := wsfsm.Header{{Name: "Host", Value: "example.com"}, {Name: "Upgrade", Value: "websocket"}, {Name: "Connection", Value: "Upgrade"},
		{Name: "Sec-WebSocket-Key", Value: "dGhlIHNhbXBsZSBub25jZQ=="}, {Name: "Sec-WebSocket-Version", Value: "13"}}
	for _, first := range []string{"Receive", "Start"} {
		d, err := endpoint(t, wsfsm.Options{}).ServerFor(&wsfsm.Request{Method: "GET", Target: "/chat", Proto: "HTTP/1.1", Header: header})
		must(t, err)
		j := &journal{}
		a := callback.New(d, j, j.listeners())
		if first == "Start" { // answered before it was asked for
			must(t, a.Start())
			j.want(t, reply, "open open")
			continue
		}
		must(t, a.Receive(nil))
		j.want(t, "connect /chat true connecting", reply, "open open")
	}
}

func TestDetach(t *testing.T) {
	var unread []byte
	a, j := server(t, func(l *callback.Listeners) {
		l.OnConnect = func(a *callback.Adapter, _ *wsfsm.Request) (err error) {
			unread, err = a.Detach()
			return err
		}
	})
	must(t, a.Receive([]byte(plainRequest+"GET /next")))
	a.ReceiveEOF(nil)
	j.want(t)
	if string(unread) != "GET /next" || a.ReadyState() != callback.Closed {
		t.Fatalf("got %q, %v", unread, a.ReadyState())
	}
}

func TestCloseByThisEnd(t *testing.T) {
	a, j := openServer(t, nil)
	must(t, a.Close(wsfsm.CloseGoingAway, "gone"))
	if a.ReadyState() != callback.Closing {
		t.Fatalf("state %v", a.ReadyState())
	}
	receive(t, a, frame(0x81, "on its way"), frame(0x89, "no answer"))
	j.want(t, "write 88 06 03 e9 67 6f 6e 65", `message text "on its way"`, `ping "no answer"`)
	receive(t, a, frame(0x88, "\x03\xe9gone"))
	j.want(t, `close 1001 "gone" true false closed`)
	if err := a.Close(wsfsm.CloseNormal, ""); err == nil {
		t.Fatal("closed twice")
	}
}

func TestEndsWithoutClosingHandshake(t *testing.T) {
	for name, end := range map[string]func(*callback.Adapter){
		"end of stream": func(a *callback.Adapter) { a.ReceiveEOF(nil) },
		"timeout":       func(a *callback.Adapter) { a.Expire() },
	} {
		var cause error
		a, j := openServer(t, func(l *callback.Listeners) {
			old := l.OnClose
			l.OnClose = func(a *callback.Adapter, e callback.CloseEvent) { cause = e.Err; old(a, e) }
		})
		end(a)
		j.want(t, `close 1006 "" false false closed`)
		if want := map[string]error{"end of stream": wsfsm.ErrEndOfStream, "timeout": wsfsm.ErrTimeout}[name]; cause != want {
			t.Errorf("%s: cause %v", name, cause)
		}
	}
}

func TestCloseBeforeOpen(t *testing.T) {
	var cause error
	a, j, _ := client(t, func(l *callback.Listeners) {
		old := l.OnClose
		l.OnClose = func(a *callback.Adapter, e callback.CloseEvent) { cause = e.Err; old(a, e) }
	})
	must(t, a.Close(wsfsm.CloseNormal, ""))
	j.want(t, "write GET /chat HTTP/1.1", `close 1006 "" false false closed`)
	if cause != callback.ErrGivenUp {
		t.Fatalf("cause %v", cause)
	}
}

func TestPiecesAreMarked(t *testing.T) {
	var marks []bool
	j := &journal{}
	a := callback.New(endpoint(t, wsfsm.Options{Deliver: wsfsm.DeliverPieces}).Server(), j, callback.Listeners{
		OnMessage: func(_ *callback.Adapter, m callback.Message) error {
			marks = append(marks, m.First, m.Last)
			return nil
		},
	})
	receive(t, a, []byte(request), frame(0x02, string(make([]byte, wsfsm.PieceSize))), frame(0x80, "end"))
	if !slices.Equal(marks, []bool{true, false, false, true}) {
		t.Fatalf("got %v", marks)
	}
}

func TestFragmentsGoOut(t *testing.T) {
	a, j := openServer(t, nil)
	must(t, a.Begin(wsfsm.Text, []byte("a")))
	must(t, a.Append([]byte("b")))
	must(t, a.Pong([]byte("p")))
	must(t, a.End([]byte("c")))
	must(t, a.Send(wsfsm.Binary, []byte{1}))
	must(t, a.Send(wsfsm.Text, []byte("d")))
	j.want(t, "write 01 01 61", "write 00 01 62", "write 8a 01 70", "write 80 01 63", "write 82 01 01", "write 81 01 64")
}
