package websocket_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/websocket"
	"github.com/wsfsm/wsfsm/wsnet"
)

// believed returns what a server with some trusted proxies says of a client that
// comes with these fields: scheme and remote address, "-" for that of the
// transport.
func believed(t *testing.T, o *websocket.Options, fields ...wsfsm.Field) string {
	t.Helper()
	got := make(chan string, 1)
	url := serve(t, func(s *websocket.Socket) {
		scheme, _, _ := strings.Cut(s.URL(), ":")
		if s.Secure() != (scheme == "wss") {
			t.Errorf("%s and secure %v", s.URL(), s.Secure())
		}
		address := s.RemoteAddr().String()
		if address == s.Conn().RemoteAddr().String() {
			address = "-"
		}
		got <- scheme + " " + address
	}, &websocket.ServerOptions{Socket: o})
	c, err := wsnet.Dial(context.Background(), url, &wsnet.DialOptions{Header: fields})
	must(t, err)
	defer c.CloseNow()
	return <-got
}

func TestForwardedFields(t *testing.T) {
	const by, proto, scheme, ssl = "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Scheme", "X-Forwarded-Ssl"
	for _, c := range []struct {
		proxies int
		fields  []wsfsm.Field
		want    string
	}{
		{0, []wsfsm.Field{{Name: by, Value: "192.0.2.1"}, {Name: proto, Value: "https"}, {Name: ssl, Value: "on"}}, "ws -"},
		{-1, []wsfsm.Field{{Name: by, Value: "192.0.2.1"}, {Name: proto, Value: "https"}}, "ws -"},
		{1, nil, "ws -"},
		{1, []wsfsm.Field{{Name: by, Value: "192.0.2.1"}}, "ws 192.0.2.1:0"},
		{1, []wsfsm.Field{{Name: by, Value: "10.1.1.1, 192.0.2.1"}}, "ws 192.0.2.1:0"},
		{2, []wsfsm.Field{{Name: by, Value: "10.1.1.1, 192.0.2.1 ,192.0.2.2"}}, "ws 192.0.2.1:0"},
		{2, []wsfsm.Field{{Name: by, Value: "10.1.1.1, 192.0.2.1"}, {Name: by, Value: "192.0.2.2"}}, "ws 192.0.2.1:0"},
		{2, []wsfsm.Field{{Name: by, Value: "192.0.2.1"}}, "ws 192.0.2.1:0"},
		{1, []wsfsm.Field{{Name: by, Value: "192.0.2.1:4711"}}, "ws 192.0.2.1:4711"},
		{1, []wsfsm.Field{{Name: by, Value: "2001:db8::1"}}, "ws [2001:db8::1]:0"},
		{1, []wsfsm.Field{{Name: by, Value: "[2001:db8::1]"}}, "ws [2001:db8::1]:0"},
		{1, []wsfsm.Field{{Name: by, Value: "[2001:db8::1]:80"}}, "ws [2001:db8::1]:80"},
		{1, []wsfsm.Field{{Name: by, Value: "unknown"}}, "ws -"},
		{1, []wsfsm.Field{{Name: by, Value: "192.0.2.1,"}}, "ws -"},
		{1, []wsfsm.Field{{Name: by, Value: "192.0.2.1]"}}, "ws -"},
		{1, []wsfsm.Field{{Name: proto, Value: "https"}}, "wss -"},
		{1, []wsfsm.Field{{Name: proto, Value: "WSS"}}, "wss -"},
		{1, []wsfsm.Field{{Name: proto, Value: "https, http"}}, "ws -"},
		{2, []wsfsm.Field{{Name: proto, Value: "https, http"}}, "wss -"},
		{1, []wsfsm.Field{{Name: scheme, Value: "https"}}, "wss -"},
		{1, []wsfsm.Field{{Name: ssl, Value: "on"}}, "wss -"},
		{1, []wsfsm.Field{{Name: ssl, Value: "off"}}, "ws -"},
		// What a proxy has set is not overruled by what it has passed on.
		{1, []wsfsm.Field{{Name: ssl, Value: "on"}, {Name: scheme, Value: "https"}, {Name: proto, Value: "http"}}, "ws -"},
	} {
		if got := believed(t, &websocket.Options{TrustedProxies: c.proxies}, c.fields...); got != c.want {
			t.Errorf("%d proxies, %v: got %q, not %q", c.proxies, c.fields, got, c.want)
		}
	}
	o := &websocket.Options{TrustedProxies: 1, Secure: true}
	if got := believed(t, o, wsfsm.Field{Name: proto, Value: "http"}); got != "wss -" {
		t.Errorf("with Secure: %q", got)
	}
}

// Whether it is said to the sockets or to the driver, both know of TLS in front.
func TestSecureConcernsSocketsAndDriver(t *testing.T) {
	for name, o := range map[string]websocket.ServerOptions{
		"sockets": {Socket: &websocket.Options{Secure: true}},
		"driver":  {Net: &wsnet.Options{Driver: wsfsm.Options{Secure: true}}},
		"neither": {},
	} {
		if o.Net == nil {
			o.Net = &wsnet.Options{}
		}
		o.Net.Driver.Versions = []string{"hixie-75"}
		urls := make(chan string, 1)
		url := serve(t, func(s *websocket.Socket) { urls <- s.URL() }, &o)
		address := strings.TrimSuffix(strings.TrimPrefix(url, "ws://"), "/chat?room=1")
		nc, err := net.Dial("tcp", address)
		must(t, err)
		_, err = io.WriteString(nc, "GET /chat HTTP/1.1\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nHost: "+address+"\r\nOrigin: http://"+address+"\r\n\r\n")
		must(t, err)
		seen := <-urls
		must(t, nc.(*net.TCPConn).CloseWrite())
		want := "wss://" + address + "/chat"
		if name == "neither" {
			want = "ws://" + address + "/chat"
		}
		if answer := readAll(t, nc); seen != want || !strings.Contains(answer, "\r\nWebSocket-Location: "+want+"\r\n") {
			t.Errorf("%s: URL %s, answer %q", name, seen, answer)
		}
		nc.Close()
	}
}

// Behind a proxy that ends TLS, the location of the first drafts is a wss one.
func TestForwardedLocation(t *testing.T) {
	for proxies, want := range []string{"ws://h/x", "wss://h/x"} {
		s := websocket.NewServer(func(*websocket.Socket) {}, &websocket.ServerOptions{
			Net:    &wsnet.Options{Driver: wsfsm.Options{Versions: []string{"hixie-76"}}},
			Socket: &websocket.Options{TrustedProxies: proxies},
		})
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go s.Serve(l)
		nc, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(nc, "GET /x HTTP/1.1\r\nHost: h\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nX-Forwarded-Proto: https\r\n"+
			"Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\nSec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\n\r\n^n:ds[4U")
		response, err := http.ReadResponse(bufio.NewReader(nc), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := response.Header.Get("Sec-WebSocket-Location"); got != want {
			t.Errorf("%d proxies trusted: the location is %q, want %q", proxies, got, want)
		}
		nc.Close()
		s.Close()
	}
}
