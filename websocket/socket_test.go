package websocket_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/extension/deflate"
	"github.com/wsfsm/wsfsm/websocket"
	"github.com/wsfsm/wsfsm/wsnet"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// listen returns a listener on loopback and the URL of what is served there.
func listen(t testing.TB) (net.Listener, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	return l, "ws://" + l.Addr().String() + "/chat?room=1"
}

// serve runs a server until the test ends, and returns its URL.
func serve(t testing.TB, handler func(*websocket.Socket), o *websocket.ServerOptions) string {
	t.Helper()
	l, url := listen(t)
	s := websocket.NewServer(handler, o)
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	t.Cleanup(func() {
		must(t, s.Close())
		if err := <-ended; err != wsnet.ErrServerClosed {
			t.Errorf("Serve: %v", err)
		}
	})
	return url
}

// raw serves wsnet connections, for peers that misbehave.
func raw(t testing.TB, o *wsnet.Options, handler func(*wsnet.Conn)) string {
	t.Helper()
	l, url := listen(t)
	s := &wsnet.Server{Handler: handler, Options: o}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return url
}

// record collects what listeners see.
type record struct {
	mu  sync.Mutex
	log []string
}

func (r *record) note(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.log = append(r.log, fmt.Sprintf(format, args...))
}

func (r *record) entries() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.log)
}

// listen has all events noted, and returns what is closed behind the last. The
// actions follow the open event, whose listener comes last: an event is delivered
// as soon as its type has one.
func (r *record) listen(s *websocket.Socket, actions ...func()) <-chan struct{} {
	closed := make(chan struct{})
	s.OnMessage(func(e websocket.Event) { r.note("%v %v %s %s", e.Type, e.Kind, e.Data, e.Binary) })
	s.OnError(func(e websocket.Event) { r.note("%v %v", e.Type, e.Err) })
	s.OnClose(func(e websocket.Event) {
		r.note("%v %d %s %t %v", e.Type, e.Code, e.Reason, e.WasClean, e.Target.ReadyState())
		close(closed)
	})
	s.OnOpen(func(e websocket.Event) {
		r.note("%v", e.Type)
		for _, act := range actions {
			act()
		}
	})
	return closed
}

func (r *record) want(t *testing.T, want ...string) {
	t.Helper()
	if got := r.entries(); !slices.Equal(got, want) {
		t.Errorf("got:\n\t%s\nwant:\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

func wait(t testing.TB, c <-chan struct{}) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(10 * time.Second):
		buf := make([]byte, 1<<16)
		t.Fatalf("nothing happens\n%s", buf[:runtime.Stack(buf, true)])
	}
}

// eventually waits for a condition.
func eventually(t testing.TB, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !condition(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

func echo(s *websocket.Socket) {
	s.OnMessage(func(e websocket.Event) {
		if e.Kind == wsfsm.Text {
			s.Send(string(e.Data))
		} else {
			s.SendBinary(e.Data)
		}
	})
}

func TestClient(t *testing.T) {
	url := serve(t, echo, &websocket.ServerOptions{Net: &wsnet.Options{Driver: wsfsm.Options{Subprotocols: []string{"chat"}}}})
	s, err := websocket.New(url, &websocket.Options{Dial: &wsnet.DialOptions{Driver: wsfsm.Options{Subprotocols: []string{"other", "chat"}}}})
	must(t, err)
	if s.URL() != url || s.BinaryType() != websocket.Blob {
		t.Errorf("URL %q, binary type %q", s.URL(), s.BinaryType())
	}
	if s.SetBinaryType("nonsense"); s.BinaryType() != websocket.Blob {
		t.Errorf("binary type %q", s.BinaryType())
	}
	s.SetBinaryType(websocket.ArrayBuffer)
	var r record
	remove := s.AddEventListener(websocket.MessageEvent, func(e websocket.Event) {
		r.note("too")
		if e.Kind == wsfsm.Binary {
			must(t, s.Close(3000, "enough"))
			must(t, s.Close(1000, "again"))
			r.note("%t", s.ReadyState() >= websocket.Closing)
		}
	})
	wait(t, r.listen(s, func() {
		r.note("%s %s %q %v", s.Protocol(), s.Version(), s.Extensions(), s.ReadyState())
		must(t, s.Send("Hello"))
		must(t, s.SendBinary([]byte("octets")))
	}))
	r.want(t, "open", `chat hybi-13 "" open`, "message text Hello ", "too", "message binary octets arraybuffer", "too", "true",
		"close 3000 enough true closed")
	wait(t, s.Done())
	remove()
	if err := s.Send("x"); err != websocket.ErrInvalidState {
		t.Errorf("sending at the end: %v", err)
	}
	must(t, s.Close(1000, ""))
}

func TestServerSocket(t *testing.T) {
	var r record
	closed := make(chan (<-chan struct{}), 1)
	url := serve(t, func(s *websocket.Socket) {
		r.note("%s %s %v %s %v %v", s.URL()[:5], s.Path(), s.Query(), s.Origin(), s.RemoteAddr() != nil, s.ReadyState())
		if s.RawQuery() != "room=1" || s.Secure() || !s.HasBinary() || !s.HasPings() || !s.HasCloseCodes() {
			t.Errorf("%q %v %v %v %v", s.RawQuery(), s.Secure(), s.HasBinary(), s.HasPings(), s.HasCloseCodes())
		}
		if s.Request() == nil || s.Response() != nil || s.Version() != "hybi-13" || s.Conn() == nil {
			t.Errorf("%v %v %v", s.Request(), s.Response(), s.Version())
		}
		closed <- r.listen(s)
	}, &websocket.ServerOptions{Net: &wsnet.Options{Driver: wsfsm.Options{Origins: []string{"*"}}}})
	c, err := wsnet.Dial(context.Background(), url, &wsnet.DialOptions{Driver: wsfsm.Options{Origin: "http://example.com"}})
	must(t, err)
	must(t, c.Write(context.Background(), wsnet.Text, []byte("a")))
	must(t, c.Close(wsfsm.CloseGoingAway, "left"))
	wait(t, <-closed)
	r.want(t, "ws:// /chat map[room:[1]] http://example.com true open", "open", "message text a ", "close 1001 left true closed")
}

// TestExtensions: both ends tell what was agreed on.
func TestExtensions(t *testing.T) {
	compression, err := deflate.New(deflate.Options{PeerNoContextTakeover: true})
	must(t, err)
	driver := wsfsm.Options{Extensions: []extension.Extension{compression}}
	server := make(chan string, 1)
	url := serve(t, func(s *websocket.Socket) {
		server <- s.Extensions()
		s.OnOpen(func(websocket.Event) { must(t, s.Close(1000, "")) })
	}, &websocket.ServerOptions{Net: &wsnet.Options{Driver: driver}})
	s, err := websocket.New(url, &websocket.Options{Dial: &wsnet.DialOptions{Driver: driver}})
	must(t, err)
	var r record
	wait(t, r.listen(s, func() { r.note("%s", s.Extensions()) }))
	const agreed = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
	if got := <-server; got != agreed {
		t.Errorf("the server says %q", got)
	}
	r.want(t, "open", agreed, "close 1000  true closed")
}

func TestURLOfServer(t *testing.T) {
	got := make(chan string, 1)
	url := serve(t, func(s *websocket.Socket) { got <- s.URL() }, &websocket.ServerOptions{Socket: &websocket.Options{Secure: true}})
	s, err := websocket.New(url, nil)
	must(t, err)
	if u := <-got; u != strings.Replace(url, "ws:", "wss:", 1) {
		t.Errorf("got %s", u)
	}
	must(t, s.Close(0, ""))
	wait(t, s.Done())
}

func TestAccept(t *testing.T) {
	socket := make(chan *websocket.Socket, 1)
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := wsnet.Accept(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		s := websocket.Wrap(c, nil)
		echo(s)
		socket <- s
	}))
	defer h.Close()
	s, err := websocket.New("ws"+strings.TrimPrefix(h.URL, "http"), nil)
	must(t, err)
	got := make(chan struct{})
	s.OnOpen(func(websocket.Event) { must(t, s.Send("Hello")) })
	s.OnMessage(func(websocket.Event) { must(t, s.Close(0, "")); close(got) })
	wait(t, got)
	wait(t, (<-socket).Done())
	wait(t, s.Done())
}

func TestBadURL(t *testing.T) {
	for _, url := range []string{"", "http://example.com/", "ws://", "ws://a/#b", "%"} {
		if _, err := websocket.New(url, nil); !errors.Is(err, websocket.ErrSyntax) {
			t.Errorf("%q: %v", url, err)
		}
	}
}

// hybi-04 to hybi-10 have the origin in a field of its own.
func TestOriginOfDrafts(t *testing.T) {
	for _, version := range []string{"hixie-76", "hybi-04", "hybi-10", "hybi-11", "rfc6455"} {
		origins := make(chan string, 1)
		url := serve(t, func(s *websocket.Socket) { origins <- s.Origin() }, &websocket.ServerOptions{
			Net: &wsnet.Options{Driver: wsfsm.Options{Versions: []string{version}, Origins: []string{"*"}}}})
		c, err := wsnet.Dial(context.Background(), url, &wsnet.DialOptions{Driver: wsfsm.Options{Versions: []string{version}, Origin: "http://example.com"}})
		must(t, err)
		if got := <-origins; got != "http://example.com" {
			t.Errorf("%s: got %q", version, got)
		}
		must(t, c.CloseNow())
	}
}
