package wsfsm_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
)

// ends are a client and a server of one version, joined without a transport.
type ends struct {
	t              *testing.T
	client, server *wsfsm.Driver
	log            []string
	chunk          int // octets handed over at once
}

func join(t *testing.T, version string, chunk int) *ends {
	t.Helper()
	server, err := wsfsm.NewEndpoint(wsfsm.Options{Versions: []string{version}, AutoStart: true})
	if err != nil {
		t.Fatal(err)
	}
	client, err := wsfsm.NewEndpoint(wsfsm.Options{Versions: []string{version}})
	if err != nil {
		t.Fatal(err)
	}
	e := &ends{t: t, server: server.Server(), chunk: chunk}
	if e.client, err = client.Client("ws://Example.com/chat?x=1"); err != nil {
		t.Fatal(err)
	}
	if err := e.client.Start(); err != nil {
		t.Fatal(err)
	}
	return e
}

// run moves octets until nothing moves any more, and ends the transport where
// an end asks for it.
func (e *ends) run() {
	for moved := true; moved; {
		moved = e.move("server", e.client, e.server)
		moved = e.move("client", e.server, e.client) || moved
	}
}

func (e *ends) move(name string, from, to *wsfsm.Driver) (moved bool) {
	for first := true; first || from.Unsent() > 0; first = false {
		p := from.Output()
		p = bytes.Clone(p[:min(len(p), e.chunk)])
		from.Sent(len(p))
		if len(p) > 0 {
			moved = true
			if err := to.Receive(p); err != nil {
				e.t.Fatal(err)
			}
		}
		for ev := range to.Events() {
			moved = true
			e.note(name, to, ev)
		}
	}
	return moved
}

func (e *ends) note(name string, d *wsfsm.Driver, ev wsfsm.Event) {
	switch ev.Kind {
	case wsfsm.EventOpen:
		e.log = append(e.log, name+" open")
	case wsfsm.EventMessage:
		e.log = append(e.log, fmt.Sprintf("%s %v %q", name, ev.Message, ev.Data))
	case wsfsm.EventPing, wsfsm.EventPong:
		e.log = append(e.log, fmt.Sprintf("%s %v %q", name, ev.Kind, ev.Data))
	case wsfsm.EventError:
		e.log = append(e.log, fmt.Sprintf("%s error %v", name, d.Err()))
	case wsfsm.EventClosed:
		e.log = append(e.log, fmt.Sprintf("%s closed %d %q clean %v %v", name, ev.Code(), ev.Data, ev.Clean(), d.Err()))
	}
}

// events returns what happened since the last call.
func (e *ends) events() string {
	e.run()
	s := strings.Join(e.log, "; ")
	e.log = nil
	return s
}

func (e *ends) want(what string, want ...string) {
	e.t.Helper()
	if got := e.events(); got != strings.Join(want, "; ") {
		e.t.Errorf("%s: %s\nwant %s", what, got, strings.Join(want, "; "))
	}
}

// TestEachVersionWithItself lets a client and a server of each version talk.
func TestEachVersionWithItself(t *testing.T) {
	for _, p := range wsfsm.Protocols() {
		for _, chunk := range []int{1, 7, 1 << 20} {
			t.Run(fmt.Sprint(p.Name, "/", chunk), func(t *testing.T) { talk(t, p, chunk) })
		}
	}
}

func talk(t *testing.T, p *wsfsm.Protocol, chunk int) {
	e := join(t, p.Name, chunk)
	e.want("handshake", "server open", "client open")
	if e.client.Version() != p.Name || e.server.Version() != p.Name {
		t.Fatalf("%s and %s are spoken", e.client.Version(), e.server.Version())
	}
	long := strings.Repeat("é", 70000)
	for _, text := range []string{"", "a", "häß", strings.Repeat("x", 125), strings.Repeat("x", 126), long} {
		check(t, e.client.Text([]byte(text)))
		check(t, e.server.Text([]byte(text)))
		e.want("text", fmt.Sprintf("server text %q", text), fmt.Sprintf("client text %q", text))
	}
	_, err := e.client.Ping([]byte("p"))
	switch {
	case p.HasPings():
		check(t, err)
		check(t, e.server.Pong([]byte("q")))
		e.want("ping", `server ping "p"`, `client pong "q"`, `client pong "p"`)
	case !errors.Is(err, wsfsm.ErrUnsupported) || !errors.Is(err, wsfsm.ErrRefused):
		t.Errorf("ping: %v", err)
	}
	if err := e.server.Binary([]byte{0, 255}); p.HasBinary() {
		check(t, err)
		check(t, e.client.Binary([]byte{0xFF, 0}))
		e.want("binary", `server binary "\xff\x00"`, `client binary "\x00\xff"`)
	} else if !errors.Is(err, wsfsm.ErrUnsupported) {
		t.Errorf("binary: %v", err)
	}
	if err := e.client.Begin(wsfsm.Text, []byte("\xC3")); p.HasFragments() {
		check(t, err)
		check(t, e.client.Append([]byte("\xA9")))
		check(t, e.client.End(nil))
		e.want("fragments", `server text "é"`)
	} else if !errors.Is(err, wsfsm.ErrUnsupported) {
		t.Errorf("fragments: %v", err)
	}
	closeBoth(t, e, p)
}

func closeBoth(t *testing.T, e *ends, p *wsfsm.Protocol) {
	code := wsfsm.CloseNoStatus
	if err := e.client.Close(wsfsm.CloseGoingAway, "bye"); p.HasCloseCodes() {
		check(t, err)
		code = wsfsm.CloseGoingAway
	} else {
		if !errors.Is(err, wsfsm.ErrUnsupported) {
			t.Errorf("close with a code: %v", err)
		}
		check(t, e.client.Close(wsfsm.CloseNormal, ""))
	}
	e.want("close")
	if !p.HasClose() { // the server learns of it by the end of the transport
		e.client.ReceiveEOF(nil)
		e.server.ReceiveEOF(nil)
		e.want("end", `server closed 1005 "" clean true <nil>`, `client closed 1005 "" clean true <nil>`)
		return
	}
	e.server.ReceiveEOF(nil)
	e.client.ReceiveEOF(nil)
	reason := map[bool]string{true: "bye"}[p.HasCloseCodes()]
	e.want("end", fmt.Sprintf("server closed %d %q clean true <nil>", code, reason), fmt.Sprintf("client closed %d %q clean true <nil>", code, reason))
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}
