package callback_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/callback"
)

// ends are a server and a client of one version that share a journal; octets
// are carried between them by run.
type ends struct {
	server, client *callback.Adapter
	log            []string
}

func (e *ends) listeners(name string) callback.Listeners {
	note := func(format string, args ...any) { e.log = append(e.log, name+" "+fmt.Sprintf(format, args...)) }
	return callback.Listeners{
		OnConnect: func(a *callback.Adapter, _ *wsfsm.Request) error { note("connect"); return a.Start() },
		OnOpen:    func(*callback.Adapter) error { note("open"); return nil },
		OnMessage: func(_ *callback.Adapter, m callback.Message) error {
			note("%v %s", m.Kind, m.Data)
			if string(m.Data) == "break" {
				return errBroken
			}
			return nil
		},
		OnPing:  func(_ *callback.Adapter, p []byte) error { note("ping %s", p); return nil },
		OnPong:  func(_ *callback.Adapter, p []byte) error { note("pong %s", p); return nil },
		OnError: func(_ *callback.Adapter, err error) { note("error %v", err) },
		OnClose: func(_ *callback.Adapter, e callback.CloseEvent) { note("close %d %s%t", e.Code, e.Reason, e.Clean) },
		OnFault: func(_ *callback.Adapter, f *callback.Fault) { note("fault %s", f.Function) },
	}
}

func joined(t *testing.T, version string) *ends {
	t.Helper()
	ep := endpoint(t, wsfsm.Options{Versions: []string{version}})
	e := &ends{}
	e.server = callback.New(ep.Server(), nil, e.listeners("server"))
	d, err := ep.Client("ws://example.com/chat")
	must(t, err)
	e.client = callback.New(d, nil, e.listeners("client"))
	must(t, e.client.Start())
	return e
}

// run carries octets, chunk at a time, until there are none. An end of the
// transport is carried when an end has called OnClose and all is written.
func (e *ends) run(t *testing.T, chunk int) {
	t.Helper()
	for moved := true; moved; {
		moved = e.move(t, e.client, e.server, chunk)
		moved = e.move(t, e.server, e.client, chunk) || moved
	}
}

func (e *ends) move(t *testing.T, from, to *callback.Adapter, chunk int) (moved bool) {
	t.Helper()
	for len(from.Output()) > 0 {
		p := bytes.Clone(from.Output()[:min(chunk, len(from.Output()))])
		from.Sent(len(p))
		must(t, to.Receive(p))
		moved = true
	}
	if from.ReadyState() == callback.Closed {
		to.ReceiveEOF(nil)
	}
	return moved
}

func (e *ends) want(t *testing.T, chunk int, want ...string) {
	t.Helper()
	e.run(t, chunk)
	if got := strings.Join(e.log, "; "); got != strings.Join(want, "; ") {
		t.Fatalf("got  %s\nwant %s", got, strings.Join(want, "; "))
	}
	e.log = nil
}

func TestEachVersion(t *testing.T) {
	for _, p := range wsfsm.Protocols() {
		for _, chunk := range []int{1, 7, 1 << 20} {
			t.Run(fmt.Sprint(p.Name, "/", chunk), func(t *testing.T) { talk(t, p, chunk) })
		}
	}
}

func talk(t *testing.T, p *wsfsm.Protocol, chunk int) {
	e := joined(t, p.Name)
	must(t, e.client.Text([]byte("queued")))
	e.want(t, chunk, "server connect", "server open", "client open", "server text queued")
	if e.client.Version() != callback.VersionName(p.Name) {
		t.Errorf("%s is called %s", p.Name, e.client.Version())
	}
	err := e.client.Ping([]byte("p"), func() { e.log = append(e.log, "answered") })
	if p.HasPings() {
		must(t, err)
		e.want(t, chunk, "server ping p", "answered", "client pong p")
	} else if !errors.Is(err, wsfsm.ErrUnsupported) {
		t.Errorf("ping: %v", err)
	}
	if err := e.server.Binary([]byte("b")); p.HasBinary() {
		must(t, err)
		e.want(t, chunk, "client binary b")
	} else if !errors.Is(err, wsfsm.ErrUnsupported) {
		t.Errorf("binary: %v", err)
	}
	must(t, e.client.Close(wsfsm.CloseNormal, ""))
	code := wsfsm.CloseNoStatus
	if p.HasCloseCodes() {
		code = wsfsm.CloseNormal
	}
	first, second := "server", "client"
	if !p.HasClose() { // the end of the transport is the close
		first, second = second, first
	}
	e.want(t, chunk, fmt.Sprintf("%s close %d true", first, code), fmt.Sprintf("%s close %d true", second, code))
}

func TestFaultInEachVersion(t *testing.T) {
	for _, p := range wsfsm.Protocols() {
		t.Run(p.Name, func(t *testing.T) {
			e := joined(t, p.Name)
			must(t, e.client.Text([]byte("break")))
			e.run(t, 1<<20)
			want := "server connect; server open; client open; server text break; server fault OnMessage; "
			got := strings.Join(e.log, "; ")
			if !strings.HasPrefix(got, want) || strings.Count(got, "close 1") != 2 || strings.Contains(got, "false") ||
				strings.Contains(got, "error") {
				t.Errorf("got %s", got)
			}
			if code := "client close 1011 true"; strings.Contains(got, code) != allows1011(p) {
				t.Errorf("got %s", got)
			}
		})
	}
}

// allows1011 reports whether the version may send that close code.
func allows1011(p *wsfsm.Protocol) bool {
	for _, r := range p.Close.Sent {
		if r.First <= 1011 && 1011 <= r.Last {
			return true
		}
	}
	return false
}

func TestTunnel(t *testing.T) {
	j := &journal{}
	l := j.listeners()
	l.OnConnect = func(a *callback.Adapter, r *wsfsm.Request) error {
		j.note("connect %v", r)
		return a.Start()
	}
	ep := endpoint(t, wsfsm.Options{})
	for _, listeners := range []callback.Listeners{l, {OnClose: l.OnClose, OnFault: l.OnFault}} {
		d, err := ep.Client("ws://example.com/chat")
		must(t, err)
		a := callback.New(d, j, listeners)
		must(t, a.Tunnel())
		receive(t, a, []byte("HTTP/1.1 200 OK\r\n\r\n"))
		if listeners.OnConnect != nil {
			j.want(t, "write CONNECT example.com:80 HTTP/1.1", "connect <nil>", "write GET /chat HTTP/1.1")
		} else {
			j.want(t, "write CONNECT example.com:80 HTTP/1.1", "fault OnConnect", `close 1006 "" false false closed`)
		}
	}
}
