package duplex_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/duplex"
	"github.com/wsfsm/wsfsm/states"
)

func TestRefusal(t *testing.T) {
	wire, messages := server(t, wsfsm.Options{}, nil)
	write(t, wire, []byte("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"))
	buf := make([]byte, 1024)
	n, err := wire.Read(buf)
	if must(t, err); !strings.HasPrefix(string(buf[:n]), "HTTP/1.1 426 ") {
		t.Fatalf("got %q", buf[:n])
	}
	wantError(t, wire, io.EOF)
	wantError(t, messages, states.NotWebSocket)
}

func TestCloseBeforeOpenComesBehindWhatIsQueued(t *testing.T) {
	wire, messages := server(t, wsfsm.Options{}, nil)
	write(t, messages, []byte("queued"))
	must(t, messages.CloseWrite())
	if n, err := messages.Write([]byte("x")); n != 0 || err != io.ErrClosedPipe {
		t.Errorf("wrote %d octets, %v", n, err)
	}
	write(t, wire, []byte(request))
	buf := make([]byte, 1024)
	n, err := wire.Read(buf)
	if must(t, err); !strings.HasSuffix(string(buf[:n]), "\r\n\r\n\x82\x06queued\x88\x02\x03\xe8") {
		t.Fatalf("got %q", buf[:n])
	}
}

func TestDecide(t *testing.T) {
	var request1 *wsfsm.Request
	wire, messages := server(t, wsfsm.Options{}, &duplex.Options{Decide: func(d *wsfsm.Driver) {
		request1 = d.Request()
		must(t, d.Reject(404, nil, nil))
	}})
	write(t, wire, []byte(request))
	if request1 == nil || request1.Target != "/chat" {
		t.Fatalf("asked about %+v", request1)
	}
	buf := make([]byte, 1024)
	if n, err := wire.Read(buf); err != nil || !strings.HasPrefix(string(buf[:n]), "HTTP/1.1 404 ") {
		t.Fatalf("got %q, %v", buf[:n], err)
	}
	wantError(t, messages, wsfsm.ErrEndOfStream)
}

func TestDecideLater(t *testing.T) {
	wire, messages := server(t, wsfsm.Options{}, &duplex.Options{Decide: func(*wsfsm.Driver) {}})
	write(t, wire, append([]byte(request), frame(0x81, "early")...))
	must(t, messages.Do(func(d *wsfsm.Driver) error { return d.Start() }))
	wantRead(t, messages, "early")
}

func TestDetach(t *testing.T) {
	var unread string
	wire, messages := server(t, wsfsm.Options{}, &duplex.Options{Decide: func(d *wsfsm.Driver) {
		p, err := d.Detach()
		must(t, err)
		unread = string(p)
	}})
	head := "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"
	body := strings.Repeat("x", 2*duplex.ReadSize)
	n, err := wire.Write([]byte(head + body))
	if !errors.Is(err, duplex.ErrDetached) || unread+body[n-len(head):] != body {
		t.Fatalf("took %d octets, %v; %d unread", n, err, len(unread))
	}
	wantError(t, messages, duplex.ErrDetached)
	wantError(t, wire, io.EOF)
}

func TestDoAndEvents(t *testing.T) {
	var events []string
	wire, messages := openServer(t, wsfsm.Options{}, &duplex.Options{Event: func(d *wsfsm.Driver, e wsfsm.Event) {
		events = append(events, fmt.Sprintf("%v %s %d", e.Kind, e.Data, e.Ping()))
	}})
	must(t, messages.Do(func(d *wsfsm.Driver) error {
		_, err := d.Ping([]byte("p"))
		return err
	}))
	wantRead(t, wire, "\x89\x01p")
	write(t, wire, append(frame(0x8A, "p"), frame(0x89, "q")...))
	wantRead(t, wire, "\x8a\x01q")
	must(t, messages.Do(func(d *wsfsm.Driver) error { return d.Close(wsfsm.CloseGoingAway, "later") }))
	wantRead(t, wire, "\x88\x07\x03\xe9later")
	if err := messages.Do(func(d *wsfsm.Driver) error { return d.Text(nil) }); !errors.Is(err, wsfsm.ErrRefused) {
		t.Errorf("got %v", err)
	}
	if _, err := messages.Write(nil); err != io.ErrClosedPipe {
		t.Errorf("got %v", err)
	}
	write(t, wire, frame(0x88, "\x03\xe9"))
	if got := strings.Join(events, ", "); got != "open  0, pong p 1, ping q 0, closed  0" {
		t.Errorf("got %s", got)
	}
}
