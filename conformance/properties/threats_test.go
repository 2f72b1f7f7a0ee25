package properties

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance/model"
	"github.com/wsfsm/wsfsm/fuzz"
	"github.com/wsfsm/wsfsm/states"
	"github.com/wsfsm/wsfsm/websocket"
	"github.com/wsfsm/wsfsm/wsnet"
)

// defaults are those of the limits in docs/threats.md, by table and name. What is no
// constant that others see is read off the source.
func defaults(t *testing.T) map[string]string {
	octets := func(n int) string {
		s := strconv.Itoa(n)
		for at := len(s) - 3; at > 0; at -= 3 {
			s = s[:at] + "," + s[at:]
		}
		return s
	}
	seconds := func(d time.Duration) string { return fmt.Sprint(d.Seconds(), " s") }
	return map[string]string{
		"a driver MaxHead":                octets(wsfsm.DefaultMaxHead),
		"a driver MaxLine":                octets(wsfsm.DefaultMaxLine),
		"a driver MaxFields":              octets(wsfsm.DefaultMaxFields),
		"a driver subprotocols in a list": octets(mostSubprotocols),
		"a driver MaxMessage":             octets(wsfsm.DefaultMaxMessage),
		"a driver control payload":        octets(mostControl),
		"a driver MaxOutput":              octets(wsfsm.DefaultMaxOutput),
		"a driver MaxPings":               octets(wsfsm.MaxPings),
		"wsnet HeadTimeout":               seconds(wsnet.DefaultHeadTimeout),
		"wsnet DialOptions.Timeout":       seconds(wsnet.DefaultDialTimeout),
		"wsnet CloseTimeout":              seconds(wsnet.DefaultCloseTimeout),
		"wsnet lingerOctets":              octets(constant(t, "hangup.go", "lingerOctets")),
		"wsnet a buffer":                  octets(constant(t, "shared.go", "bulkRead")),
		"websocket MaxBuffered":           octets(websocket.DefaultMaxBuffered),
		"websocket MaxUnheard":            octets(websocket.DefaultMaxUnheard),
		"websocket PongTimeout":           seconds(websocket.DefaultPongTimeout),
		"websocket CloseTimeout":          seconds(websocket.DefaultCloseTimeout),
	}
}

// Limits that are tried below.
const (
	mostSubprotocols = 100
	mostControl      = 125
)

// constant reads a constant like 64 << 10 of package wsnet.
func constant(t *testing.T, file, name string) int {
	t.Helper()
	source, err := os.ReadFile("../../wsnet/" + file)
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(name + ` += (\d+) << (\d+)`).FindSubmatch(source)
	if m == nil {
		t.Fatalf("%s has no constant %s", file, name)
	}
	n, _ := strconv.Atoi(string(m[1]))
	shift, _ := strconv.Atoi(string(m[2]))
	return n << shift
}

// TestThreatsPage compares the tables of docs/threats.md with the defaults.
func TestThreatsPage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/threats.md")
	if err != nil {
		t.Fatal(err)
	}
	want := defaults(t)
	table := ""
	for line := range strings.SplitSeq(string(page), "\n") {
		cells := strings.Split(line, " | ")
		of, isTable := strings.CutPrefix(strings.ReplaceAll(cells[0], "`", ""), "| limit of ")
		switch {
		case isTable:
			table = of
			continue
		case !strings.HasPrefix(line, "| ") || table == "":
			if !strings.HasPrefix(line, "|") {
				table = ""
			}
			continue
		}
		name := table + " " + strings.TrimPrefix(strings.ReplaceAll(cells[0], "`", ""), "| ")
		if cells[1] != want[name] {
			t.Errorf("%s is %q on the page, and %q", name, cells[1], want[name])
		}
		delete(want, name)
	}
	for name := range want {
		t.Errorf("%s is not on the page", name)
	}
}

// requestWith is a request with fields more.
func requestWith(fields ...string) string {
	return "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
		strings.Join(append(fields, "\r\n"), "")
}

// listOf is a header field with a list of n names.
func listOf(n int) string {
	var names []string
	for i := range n {
		names = append(names, fmt.Sprint("p", i))
	}
	return "Sec-WebSocket-Protocol: " + strings.Join(names, ", ") + "\r\n"
}

// statusOf returns the status with which a server answers a request.
func statusOf(t *testing.T, ep *wsfsm.Endpoint, request string) string {
	t.Helper()
	d := ep.Server()
	if err := d.Receive([]byte(request)); err != nil {
		t.Fatal(err)
	}
	for range d.Events() {
	}
	_, status, _ := strings.Cut(string(take(d)), " ")
	return status[:min(3, len(status))]
}

// TestThreatsOfHeads tries the limits of a head at both of their sides, and what two
// readers of a head may read differently.
func TestThreatsOfHeads(t *testing.T) {
	t.Parallel()
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{AutoStart: true})
	if err != nil {
		t.Fatal(err)
	}
	fill := func(n int) string { // a request of n octets, with lines of 4096 at most
		var fields []string
		for rest := n - len(requestWith()); rest > 0; {
			size := min(rest, 4096)
			if rest > size && rest < size+6 {
				size -= 6
			}
			fields = append(fields, "A: "+strings.Repeat("a", size-5)+"\r\n")
			rest -= size
		}
		return requestWith(fields...)
	}
	line := func(n int) string { return requestWith("A: " + strings.Repeat("a", n-5) + "\r\n") }
	for name, c := range map[string]struct{ request, status string }{
		"none":                   {requestWith(), "101"},
		"greatest head":          {fill(wsfsm.DefaultMaxHead), "101"},
		"head too long":          {fill(wsfsm.DefaultMaxHead + 1), "431"},
		"greatest line":          {line(wsfsm.DefaultMaxLine), "101"},
		"line too long":          {line(wsfsm.DefaultMaxLine + 1), "431"},
		"request line too long":  {"GET /" + strings.Repeat("a", wsfsm.DefaultMaxLine), "414"},
		"most fields":            {requestWith(strings.Repeat("A: a\r\n", wsfsm.DefaultMaxFields-5)), "101"},
		"too many fields":        {requestWith(strings.Repeat("A: a\r\n", wsfsm.DefaultMaxFields-4)), "431"},
		"most subprotocols":      {requestWith(listOf(mostSubprotocols)), "101"},
		"too many subprotocols":  {requestWith(listOf(mostSubprotocols + 1)), "400"},
		"folded":                 {requestWith("A: a\r\n b\r\n"), "400"},
		"line feed alone":        {requestWith("A: a\n"), "400"},
		"two hosts":              {requestWith("Host: b\r\n"), "400"},
		"body":                   {requestWith("Content-Length: 1\r\n"), "400"},
		"chunks":                 {requestWith("Transfer-Encoding: chunked\r\n"), "400"},
		"blank before the colon": {requestWith("A : a\r\n"), "400"},
		"origin of another host": {requestWith("Origin: https://b\r\n"), "403"},
		"origin of its own host": {requestWith("Origin: https://a\r\n"), "101"},
		"origin of a page's own": {requestWith("Origin: null\r\n"), "403"},
	} {
		if got := statusOf(t, ep, c.request); got != c.status {
			t.Errorf("%s: %s, not %s", name, got, c.status)
		}
	}
}

// TestThreatsOfFrames tries the limits of frames by their heads alone: nothing else has
// come when they are refused.
func TestThreatsOfFrames(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		opcode byte
		length uint64
		fails  states.Violation
	}{
		"greatest message":   {2, wsfsm.DefaultMaxMessage, 0},
		"message too long":   {2, wsfsm.DefaultMaxMessage + 1, states.TooLong},
		"greatest control":   {9, mostControl, 0},
		"control too long":   {9, mostControl + 1, states.LongControl},
		"endless message":    {2, 1<<63 - 1, states.TooLong},
		"overflowing length": {2, 1 << 63, states.Overflow},
	} {
		s := &stage{}
		in := newInput(sides()-1, nil, fuzz.Program{}, 1)
		own, peer, err := s.opened(in, in.options())
		if err != nil {
			t.Fatal(err)
		}
		if in.role != states.Client {
			t.Fatal("a client is wanted")
		}
		f := model.Frame{Fin: true, Opcode: c.opcode, Missing: c.length}
		if err := own.receive(peer.model.Encode(f), nil); err != nil {
			t.Fatal(err)
		}
		var broken *wsfsm.Error
		if failed := errors.As(own.driver.Err(), &broken); failed != (c.fails != 0) || failed && broken.Violation != c.fails {
			t.Errorf("%s: %v", name, own.driver.Err())
		}
	}
}

// TestThreatsOfOptions wants a limit to be lifted by NoLimit alone.
func TestThreatsOfOptions(t *testing.T) {
	t.Parallel()
	for limit, status := range map[int]string{0: "431", wsfsm.NoLimit: "101"} {
		ep, err := wsfsm.NewEndpoint(wsfsm.Options{AutoStart: true, MaxHead: limit, MaxLine: limit, MaxFields: limit, MaxMessage: int64(limit), MaxOutput: limit})
		if err != nil {
			t.Fatal(err)
		}
		request := requestWith(strings.Repeat("A: "+strings.Repeat("a", 9000)+"\r\n", 200))
		if got := statusOf(t, ep, request); got != status {
			t.Errorf("limits %d: %s, not %s", limit, got, status)
		}
	}
	for _, o := range []wsfsm.Options{{MaxHead: -2}, {MaxLine: -2}, {MaxFields: -2}, {MaxMessage: -2}, {MaxOutput: -2}} {
		if _, err := wsfsm.NewEndpoint(o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}

// TestThreatsOfValues gives a client values with a line end in them, as from
// somewhere else: none may come to be a line of its own.
func TestThreatsOfValues(t *testing.T) {
	t.Parallel()
	const line = "a\r\nInjected: b"
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{"ws://a/" + line, "ws://" + line + "/", "ws://a/?" + line} {
		if _, err := ep.Client(url); err == nil {
			t.Errorf("%q is taken", url)
		}
	}
	for _, o := range []wsfsm.Options{
		{Subprotocols: []string{line}}, {Origin: line}, {Header: []wsfsm.Field{{Name: "A", Value: line}}}, {Header: []wsfsm.Field{{Name: line}}},
	} {
		if _, err := wsfsm.NewEndpoint(o); err == nil {
			t.Errorf("%+v are taken", o)
		}
	}
	d, err := ep.Client("ws://a/")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Start(wsfsm.Field{Name: "A", Value: line}); err == nil || d.Unsent() > 0 {
		t.Errorf("%v, and %q", err, take(d))
	}
}
