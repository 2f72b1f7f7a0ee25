package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

func TestDial(t *testing.T) {
	server := startServer(t, "--subprotocol", "chat,mail", "--max-message", "1000")
	for _, c := range []struct {
		name    string
		input   string
		args    string
		status  int
		out     string
		remarks string
	}{
		{"texts", "Hello\n\nGrüße\r\nlast", "", exitOK, "Hello\n\nGrüße\nlast\n", "connected, RFC 6455\nclosed with code 1000\n"},
		{"nothing", "", "", exitOK, "", "connected, RFC 6455\nclosed with code 1000\n"},
		{"binary", "48 65 6C\n\n00ff\n", "--binary", exitOK, "48656c\n\n00ff\n", "connected, RFC 6455\nclosed with code 1000\n"},
		{"close", "x\n", "--close-code 4321 --close-reason enough", exitOK, "x\n", "connected, RFC 6455\nclosed with code 4321 (\"enough\")\n"},
		{"close without a code", "x\n", "--close-code 0", exitOK, "x\n", "connected, RFC 6455\nclosed with code 1005\n"},
		{"subprotocol", "", "--subprotocol news,mail", exitOK, "", "connected, RFC 6455, subprotocol mail\nclosed with code 1000\n"},
		{"no text", "good\n\xff\nnever\n", "", exitFound, "good\n", "line 2: text is not valid UTF-8\nclosed with code 1000\nwsfsm: not everything was sent\n"},
		{"no hex", "00\n0g\n", "-b", exitFound, "00\n", "line 2: not hex: encoding/hex: invalid byte: U+0067 'g'\n"},
		{"too long", strings.Repeat("x", 1001) + "\n", "", exitFound, "", "wsfsm: the server closed with code 1009\n"},
		{"exact", strings.Repeat("x", 1000) + "\n", "--max-message 1000", exitOK, strings.Repeat("x", 1000) + "\n", ""},
		{"too long to receive", strings.Repeat("x", 1000) + "\n", "--max-message 999", exitFound, "", "wsfsm: the message is longer than the limit (RFC 6455 §7.4.1, frame size, offset"},
	} {
		args := append([]string{"dial", server.url}, strings.Fields(c.args)...)
		got := command(t, c.input, args...)
		if got.status != c.status || got.out != c.out || !strings.Contains(got.err, c.remarks) {
			t.Errorf("%s: status %d, out %q, remarks %q", c.name, got.status, got.out, got.err)
		}
	}
}

// TestDialJSON holds every kind of line but that of an error.
func TestDialJSON(t *testing.T) {
	server := startServer(t)
	got := command(t, "a\tb\n", "dial", server.url, "--json", "--ping", "--trace")
	var lines []string
	for text := range strings.Lines(got.out) {
		var line map[string]any
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if _, err := time.Parse(time.RFC3339Nano, fmt.Sprint(line["time"])); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if trip, ok := line["roundTrip"].(float64); line["type"] == "pong" && (!ok || trip <= 0 || trip > 10) {
			t.Errorf("round trip %v", line["roundTrip"])
		}
		delete(line, "time")
		delete(line, "roundTrip")
		spelt, _ := json.Marshal(line)
		lines = append(lines, string(spelt))
	}
	const want = `{"type":"open","version":"rfc6455"}
{"hex":"","type":"pong"}
{"text":"a\tb","type":"text"}
{"clean":true,"code":1000,"type":"closed"}`
	// The pong may overtake no message, but the answer may come first.
	swapped := strings.Replace(want, `{"hex":"","type":"pong"}
{"text":"a\tb","type":"text"}`, `{"text":"a\tb","type":"text"}
{"hex":"","type":"pong"}`, 1)
	if all := strings.Join(lines, "\n"); all != want && all != swapped {
		t.Errorf("status %d, lines\n%s", got.status, all)
	}
	if !strings.HasPrefix(got.err, `{"type":"transition","machine":"handshake","from":"await-start","event":"start","to":"await-response","action":"send-request","offset":0}`+"\n") {
		t.Errorf("transitions %.300s", got.err)
	}
}

func TestDialPings(t *testing.T) {
	server := startServer(t)
	got := command(t, "", "dial", server.url, "--ping")
	if got.status != exitOK || strings.Count(got.err, "\npong after ") != 1 {
		t.Errorf("one ping: %+v", got)
	}
	got = command(t, "", "dial", server.url, "--ping=10ms", "--wait", "300ms")
	if n := strings.Count(got.err, "\npong after "); got.status != exitOK || n < 3 || n > 31 {
		t.Errorf("%d pongs in 300 ms: %+v", n, got)
	}
}

// TestDialTrace holds the order of remarks, from the first transition on.
func TestDialTrace(t *testing.T) {
	server := startServer(t)
	got := command(t, "", "dial", server.url, "--trace")
	var shown []string
	for line := range strings.Lines(got.err) {
		if !strings.HasPrefix(line, "http ") {
			shown = append(shown, line)
		}
	}
	const want = `handshake await-start --start--> await-response / send-request
handshake await-response --acceptable--> accepted / accept-reply
connection connecting --accepted--> open / flush
connected, RFC 6455
connection open --close--> closing-sent / send-close
frame head --control--> control-length
frame control-length --plain-7--> control-body
frame control-body --close--> closed / pass-close
connection closing-sent --close-received--> closing-both / note-close
connection closing-both --end-of-stream--> closed / report-clean
closed with code 1000
`
	if all := strings.Join(shown, ""); all != want || got.out != "" || got.status != exitOK {
		t.Errorf("status %d, out %q, remarks\n%s", got.status, got.out, all)
	}
}

// answering serves one transport with a text, then reads to its end.
func answering(t *testing.T, text string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		nc, err := l.Accept()
		if err != nil {
			return
		}
		defer nc.Close()
		nc.Read(make([]byte, 4096))
		io.WriteString(nc, text)
		if text != "" {
			nc.(*net.TCPConn).CloseWrite()
		}
		io.Copy(io.Discard, nc)
	}()
	return "ws://" + l.Addr().String() + "/"
}

func TestDialUnreachable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "ws://" + l.Addr().String() + "/"
	l.Close()
	strict := startServer(t, "--origin", "https://example.com")
	for name, c := range map[string]struct{ url, args, remark string }{
		"refused":      {nobody, "", "connection refused"},
		"no name":      {"ws://name.invalid/", "", "name.invalid"},
		"no TLS":       {"wss" + strings.TrimPrefix(strict.url, "ws"), "", "TLS: "},
		"silent":       {answering(t, ""), "--timeout 50ms", "no opening handshake in time"},
		"status":       {answering(t, "HTTP/1.1 404 Not Found\r\n\r\n"), "", "the server answered with status 404"},
		"hung up":      {answering(t, "HTTP/1.1"), "", "broke down in the opening handshake: unexpected end of stream"},
		"other origin": {strict.url, "--origin https://example.org", "the server answered with status 403"},
	} {
		got := command(t, "x\n", append([]string{"dial", c.url}, strings.Fields(c.args)...)...)
		if got.status != exitUnreachable || !strings.Contains(got.err, c.remark) || got.out != "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := command(t, "x\n", "dial", strict.url, "--origin", "https://example.com"); got.status != exitOK {
		t.Errorf("the allowed origin: %+v", got)
	}
}

// TestDialFindsBrokenRules dials servers that break one.
func TestDialFindsBrokenRules(t *testing.T) {
	got := command(t, "", "dial", "--json", answering(t, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n"))
	if got.status != exitFound || !strings.Contains(got.out, `"violation":"bad-accept"`) || !strings.Contains(got.err, "Sec-WebSocket-Accept is missing, repeated or wrong (RFC 6455 §4.1") {
		t.Errorf("%+v", got)
	}
}

func TestDialSendsHeaders(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	head := make(chan string, 1)
	go func() {
		nc, err := l.Accept()
		if err != nil {
			return
		}
		defer nc.Close()
		request := make([]byte, 4096)
		n, _ := nc.Read(request)
		head <- string(request[:n])
	}()
	command(t, "", "dial", "ws://user:p%40ss@"+l.Addr().String()+"/chat?x=1", "-H", "X-One: 1", "--header", "X-Two:  a: b ", "--origin", "https://example.com")
	got := <-head
	for _, want := range []string{"GET /chat?x=1 HTTP/1.1\r\n", "\r\nX-One: 1\r\n", "\r\nX-Two: a: b\r\n", "\r\nOrigin: https://example.com\r\n", "\r\nAuthorization: Basic dXNlcjpwQHNz\r\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
}

// TestDialIsInterrupted ends the context as a signal does, while standard input
// is open.
func TestDialIsInterrupted(t *testing.T) {
	server := startServer(t)
	ctx, cancel := context.WithCancel(t.Context())
	input, held := io.Pipe()
	defer held.Close()
	opened := make(chan struct{})
	ended := make(chan int, 1)
	var out, remarks bytes.Buffer
	go func() {
		ended <- run(ctx, []string{"dial", server.url, "--close-code", "3000"}, streams{input, &out, &notifying{w: &remarks, first: opened}})
	}()
	<-opened
	cancel()
	if status := <-ended; status != exitOK || remarks.String() != "connected, RFC 6455\nclosed with code 3000\n" {
		t.Errorf("status %d, remarks %s", status, &remarks)
	}
}

// TestDialManyLines sends and receives far more than buffers hold. Standard
// input ends when everything has come back.
func TestDialManyLines(t *testing.T) {
	server := startServer(t)
	lines := new(strings.Builder)
	for i := range 20000 {
		fmt.Fprintf(lines, "line %d %s\n", i, strings.Repeat("x", i%997))
	}
	input, typed := io.Pipe()
	out := &measuring{enough: lines.Len(), reached: func() { typed.Close() }}
	go io.WriteString(typed, lines.String())
	var remarks bytes.Buffer
	status := run(t.Context(), []string{"dial", server.url}, streams{input, out, &remarks})
	if status != exitOK || out.String() != lines.String() {
		t.Errorf("status %d, %d of %d octets came back, remarks %s", status, out.Len(), lines.Len(), &remarks)
	}
}

// measuring calls reached when it holds enough.
type measuring struct {
	bytes.Buffer
	enough  int
	reached func()
}

// WriteString is Write, not that of the buffer.
func (m *measuring) WriteString(s string) (int, error) { return m.Write([]byte(s)) }

func (m *measuring) Write(p []byte) (int, error) {
	n, err := m.Buffer.Write(p)
	if m.Len() >= m.enough {
		m.reached()
	}
	return n, err
}
