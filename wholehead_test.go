package wsfsm_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
)

// headTraffic is what an opening handshake comes to.
type headTraffic struct {
	events   []wsfsm.EventKind
	output   string
	err      string
	offset   int64
	version  string
	request  wsfsm.Request
	response wsfsm.Response
}

// openBy gives a driver its input in chunks of n octets.
func openBy(t testing.TB, d *wsfsm.Driver, input string, n int) (got headTraffic) {
	for _, chunk := range split([]byte(input), n) {
		receive(t, d, append([]byte(nil), chunk...))
		for e := range d.Events() {
			got.events = append(got.events, e.Kind)
			if e.Kind == wsfsm.EventError {
				got.err = d.Err().Error()
			}
		}
		if d.Pending() > 0 { // a request to decide
			break
		}
	}
	got.offset, got.version = d.Offset(), d.Version()
	got.output = string(sent(d))
	if r := d.Request(); r != nil {
		got.request = *r
	}
	if r := d.Response(); r != nil {
		got.response = *r
	}
	return got
}

// endpoints are two of the same options: one takes heads in one step, the other is
// watched and goes step by step.
type endpoints struct{ whole, watched *wsfsm.Endpoint }

func newEndpoints(t *testing.T, o wsfsm.Options) (e endpoints) {
	o.Rand = still{}
	e.whole = endpoint(t, o)
	o.Observer = func(wsfsm.Transition) {}
	e.watched = endpoint(t, o)
	return e
}

// same checks that a head makes the same of a driver whether it comes as a whole,
// octet by octet, or is watched.
func (e endpoints) same(t *testing.T, input string, start func(*wsfsm.Endpoint) *wsfsm.Driver) {
	t.Helper()
	whole := openBy(t, start(e.whole), input, len(input)+1)
	if watched := openBy(t, start(e.watched), input, len(input)+1); !reflect.DeepEqual(whole, watched) {
		t.Fatalf("%q\nin one step  %+v\nstep by step %+v", input, whole, watched)
	}
	cut := openBy(t, start(e.whole), input, 1)
	if !reflect.DeepEqual(whole, cut) {
		t.Fatalf("%q\nin one step %+v\nby octets   %+v", input, whole, cut)
	}
}

// wholeRequests are requests of all recognitions, right ones and wrong ones.
var wholeRequests = []string{
	request,
	"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
		"Sec-WebSocket-Version: 8\r\nSec-WebSocket-Protocol: chat, other\r\nSec-WebSocket-Origin: http://a\r\nSec-WebSocket-Extensions: permessage-deflate; x=1, y\r\n\r\n",
	"GET /a?b HTTP/1.1\r\nhost:example.com  \r\nUPGRADE:\twebsocket\t\r\nconnection: Upgrade\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
		"sec-WebSocket-version: 13\r\nOrigin: https://example.com\r\nCookie: a=b; c=\"d\"\r\nUser-Agent: \x80\xff\tx\r\nX: y\r\nX: z\r\n\r\n",
	"GET /demo HTTP/1.1\r\nHost: example.com\r\nConnection: Upgrade\r\nSec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\nSec-WebSocket-Protocol: sample\r\n" +
		"Upgrade: WebSocket\r\nSec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\nOrigin: http://example.com\r\n\r\n^n:ds[4U",
	"GET /demo HTTP/1.1\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nHost: example.com\r\nOrigin: http://example.com\r\nWebSocket-Protocol: sample\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nUpgrade: websocket\r\nConnection: x\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: x\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: chat\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a\r\nOrigin:\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
	"GET / HTTP/1.1\r\n folded\r\nHost: a\r\n\r\n",
	"GET / HTTP/1.1\r\nHost\r\n\r\n", "GET / HTTP/1.1\nHost: a\n\n", "GET  HTTP/1.1\r\n\r\n", "\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\n: x\r\n\r\n",
	"GET / HTTP/1.1\r\n" + strings.Repeat("A: b\r\n", 41) + "\r\n", "GET / HTTP/1.1\r\n" + strings.Repeat("A: b\r\n", 101) + "\r\n",
	"POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 5\r\n\r\n12345",
}

func TestWholeRequestsAsStepByStep(t *testing.T) {
	server := func(ep *wsfsm.Endpoint) *wsfsm.Driver { return ep.Server() }
	const faults = "\r\n :,\t\x00\x7f\x80Aa/=#"
	r := rand.New(rand.NewPCG(1, 2))
	for _, versions := range [][]string{nil, {wsfsm.AllVersions}, {"hybi-01"}, {"hixie-75"}} {
		for _, o := range []wsfsm.Options{{AutoStart: true}, {}, {AutoStart: true, Subprotocols: []string{"other", "sample"}, Origins: []string{"*"}},
			{AutoStart: true, MaxFields: 5}, {AutoStart: true, MaxLine: 40}, {AutoStart: true, MaxHead: len(request)}, {AutoStart: true, MaxHead: len(request) - 1}} {
			o.Versions = versions
			both := newEndpoints(t, o)
			for _, head := range wholeRequests {
				both.same(t, head, server)
			}
		}
		both, n := newEndpoints(t, wsfsm.Options{Versions: versions, AutoStart: true}), 2000
		if testing.Short() {
			n = 200
		}
		for range n { // with faults
			p := []byte(wholeRequests[r.IntN(len(wholeRequests))])
			for range 1 + r.IntN(2) {
				switch i := r.IntN(len(p)); r.IntN(3) {
				case 0:
					p[i] = faults[r.IntN(len(faults))]
				case 1:
					p = append(p[:i], p[min(i+1+r.IntN(3), len(p)):]...)
				default:
					p = append(p[:i:i], append([]byte{faults[r.IntN(len(faults))]}, p[i:]...)...)
				}
				if len(p) == 0 {
					break
				}
			}
			both.same(t, string(p), server)
		}
	}
}

// Every octet at every place of a request.
func TestRequestsWithEachOctetAsStepByStep(t *testing.T) {
	const head = "GET /a HTTP/1.1\r\nHost: a\r\nUpgrade:websocket\r\nX-Y: z \r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nOrigin: http://a\r\n\r\n"
	both := newEndpoints(t, wsfsm.Options{AutoStart: true})
	step := 1
	if testing.Short() {
		step = 5
	}
	for at := range len(head) {
		for octet := at % step; octet < 256; octet += step {
			p := []byte(head)
			p[at] = byte(octet)
			both.same(t, string(p), (*wsfsm.Endpoint).Server)
		}
	}
}

func TestWholeResponsesAsStepByStep(t *testing.T) {
	client := func(ep *wsfsm.Endpoint) *wsfsm.Driver {
		d, err := ep.Client("ws://example.com/")
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Start(); err != nil {
			t.Fatal(err)
		}
		sent(d)
		return d
	}
	both := newEndpoints(t, wsfsm.Options{Subprotocols: []string{"chat"}, AutoStart: true})
	accept := wsfsm.AcceptKey("AAAAAAAAAAAAAAAAAAAAAA==")
	for _, status := range []string{"HTTP/1.1 101 Switching Protocols", "HTTP/1.1 101", "HTTP/1.1 101 ", "HTTP/1.1 403 No\tway", "HTTP/1.0 101 x", "101", ""} {
		for _, fields := range []string{"", "Sec-WebSocket-Protocol: chat\r\n", "Upgrade: x\r\n", "X:\r\n", "Sec-WebSocket-Extensions: x\r\n"} {
			head := fmt.Sprintf("%s\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n%s\r\n", status, accept, fields)
			both.same(t, head, client)
		}
	}
}

// What the application was given of a request stays as it is when the room goes to
// another connection, and a request that nobody has looked at is forgotten whole.
func TestRequestsOutliveTheirRoom(t *testing.T) {
	ep := endpoint(t, wsfsm.Options{AutoStart: true, Subprotocols: []string{"chat"}})
	head := func(path string) string {
		return "GET " + path + " HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
			"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: chat, b" + path[1:] + "\r\nX-Path: " + path + "\r\n\r\n"
	}
	var drivers []*wsfsm.Driver
	var requests []*wsfsm.Request
	for i := range 20 {
		d := ep.Server()
		openBy := func() {
			receive(t, d, []byte(head(fmt.Sprint("/", i))))
			want(t, d, wsfsm.EventOpen)
			wantNone(t, d)
			d.Sent(d.Unsent())
		}
		openBy()
		if i%3 > 0 {
			requests = append(requests, d.Request())
		} else {
			requests = append(requests, nil)
		}
		if i%3 < 2 {
			d.ForgetHeads()
		}
		drivers = append(drivers, d)
	}
	for i, r := range requests {
		path := fmt.Sprint("/", i)
		if got := drivers[i].Subprotocol(); got != "chat" {
			t.Errorf("%d: subprotocol %q", i, got)
		}
		if r == nil {
			if drivers[i].Request() != nil {
				t.Errorf("%d: not forgotten", i)
			}
			continue
		}
		offered := []string{"chat", "b" + path[1:]}
		if r.Target != path || r.Method != "GET" || r.Header.Get("x-path") != path || !reflect.DeepEqual(r.Subprotocols, offered) || !r.WebSocket {
			t.Errorf("%d: %+v", i, r)
		}
	}
}

// A handshake allocates the driver, and nothing else.
func TestHandshakeAllocatesTheDriver(t *testing.T) {
	if raceEnabled {
		t.Log("the race detector makes sync.Pool drop buffers; the plain run counts")
		return
	}
	ep := endpoint(t, wsfsm.Options{AutoStart: true})
	for name, head := range map[string]string{"short": request, "with Origin": strings.Replace(request, "\r\n\r\n", "\r\nOrigin: http://example.com\r\n\r\n", 1)} {
		in := make([]byte, len(head))
		n := testing.AllocsPerRun(500, func() {
			d := ep.Server()
			receive(t, d, in[:copy(in, head)])
			if e, ok := d.Next(); !ok || e.Kind != wsfsm.EventOpen {
				t.Fatal(e.Kind, d.Err())
			}
			d.Next()
			d.ForgetHeads()
			d.Sent(d.Unsent())
		})
		if n > 1 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
