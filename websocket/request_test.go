package websocket_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/websocket"
	"github.com/wsfsm/wsfsm/wsnet"
)

func TestAsksForWebSocket(t *testing.T) {
	for _, c := range []struct {
		method, connection, upgrade string
		want                        bool
	}{
		{"GET", "Upgrade", "websocket", true},
		{"GET", "keep-alive , UPGRADE", "WebSocket", true},
		{"GET", "keep-alive|Upgrade", "h2c|websocket", true}, // in two fields
		{"POST", "Upgrade", "websocket", false},
		{"GET", "keep-alive", "websocket", false},
		{"GET", "no-upgrade", "websocket", false},
		{"GET", "Upgrade", "h2c", false},
		{"GET", "Upgrade", "", false},
		{"GET", "", "websocket", false},
	} {
		r := httptest.NewRequest(c.method, "/", nil)
		var own wsfsm.Request
		own.Method = c.method
		for name, values := range map[string]string{"Connection": c.connection, "Upgrade": c.upgrade} {
			for value := range strings.SplitSeq(values, "|") {
				r.Header.Add(name, value)
				own.Header = append(own.Header, wsfsm.Field{Name: name, Value: value})
			}
		}
		if got := websocket.AsksForWebSocket(r); got != c.want || own.AsksForWebSocket() != c.want {
			t.Errorf("%v: got %v", c, got)
		}
	}
}

// connectProxy is a proxy that opens tunnels, and the requests it has read.
func connectProxy(t *testing.T) (*url.URL, <-chan *http.Request) {
	t.Helper()
	requests := make(chan *http.Request, 10)
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests <- r
		there, err := net.Dial("tcp", r.Host)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		w.WriteHeader(http.StatusOK)
		here, read, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		go relay(there, read) // which may hold the first octets already
		go relay(here, there)
	}))
	t.Cleanup(h.Close)
	proxy, err := url.Parse(h.URL)
	must(t, err)
	return proxy, requests
}

// relay carries octets in one direction until that ends.
func relay(to net.Conn, from io.Reader) {
	buf := make([]byte, 4096)
	for {
		n, err := from.Read(buf)
		if _, e := to.Write(buf[:n]); err != nil || e != nil {
			to.Close()
			return
		}
	}
}

// A client takes header fields, versions and a proxy by its options.
func TestClientOptions(t *testing.T) {
	proxy, requests := connectProxy(t)
	proxy.User = url.UserPassword("me", "a:b")
	seen := make(chan string, 1)
	all := wsfsm.Options{Versions: []string{wsfsm.AllVersions}}
	target := serve(t, func(s *websocket.Socket) {
		seen <- s.Version() + " " + s.Request().Header.Get("Cookie") + " " + s.Request().Header.Get("Proxy-Authorization")
		echo(s)
	}, &websocket.ServerOptions{Net: &wsnet.Options{Driver: all}})
	s, err := websocket.New(target, &websocket.Options{Dial: &wsnet.DialOptions{
		Driver: wsfsm.Options{Versions: []string{"hybi-08"}},
		Header: []wsfsm.Field{{Name: "Cookie", Value: "a=b"}},
		Proxy:  http.ProxyURL(proxy),
	}})
	must(t, err)
	var r record
	closed := r.listen(s, func() { must(t, s.Send("through")) })
	s.AddEventListener(websocket.MessageEvent, func(websocket.Event) { must(t, s.Close(1000, "")) })
	wait(t, closed)
	r.want(t, "open", "message text through ", "close 1000  true closed")
	if t.Failed() {
		t.FailNow() // nobody may have been seen
	}
	if got := <-seen; got != "hybi-8 a=b " {
		t.Errorf("the server sees %q", got)
	}
	request := <-requests
	if user, password, _ := basic(request.Header.Get("Proxy-Authorization")); request.Method != "CONNECT" || user != "me" || password != "a:b" || request.Header.Get("Cookie") != "" {
		t.Errorf("the proxy sees %v", request)
	}
	if s.Response().Status != 101 {
		t.Errorf("the answer is %v", s.Response())
	}
}

func basic(credentials string) (user, password string, ok bool) {
	r := http.Request{Header: http.Header{"Authorization": {credentials}}}
	return r.BasicAuth()
}

// A refusal is reported with its status and fields, and not followed.
func TestRefusalIsReported(t *testing.T) {
	for _, status := range []int{302, 401, 503} {
		h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
		}))
		s, err := websocket.New("ws"+strings.TrimPrefix(h.URL, "http"), nil)
		must(t, err)
		refusals := make(chan error, 1)
		s.OnError(func(e websocket.Event) { refusals <- e.Err })
		wait(t, s.Done())
		refused := asOpenError(t, <-refusals)
		if r := refused.Response; r == nil || r.Status != status || r.Header.Get("location") != "/elsewhere" {
			t.Errorf("%d: got %v", status, refused)
		}
		if s.HasBinary() || s.HasPings() || s.HasCloseCodes() || s.Version() != "" || s.RemoteAddr() != nil {
			t.Errorf("%d: a version was agreed on", status)
		}
		h.Close()
	}
}
