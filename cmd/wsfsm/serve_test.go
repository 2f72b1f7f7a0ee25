package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// serving is a server in this process.
type serving struct {
	url  string
	stop func() result // ends it and returns what it came to
}

// startServer runs serve, and returns once it listens. The first line of its
// output is not in the result.
func startServer(t *testing.T, args ...string) serving {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	reader, writer := io.Pipe()
	var problems bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		args := append([]string{"serve", "--addr", "127.0.0.1:0", "--json"}, args...)
		ended <- run(ctx, args, streams{strings.NewReader(""), writer, &problems})
		writer.Close()
	}()
	lines := bufio.NewReader(reader)
	first, err := lines.ReadString('\n')
	if err != nil {
		cancel()
		t.Fatalf("serve says nothing: %v, status %d, %s", err, <-ended, &problems)
	}
	var listening struct{ Type, Address, URL, Page string }
	if err := json.Unmarshal([]byte(first), &listening); err != nil || listening.Type != "listening" {
		t.Fatalf("serve says %s", first)
	}
	var rest bytes.Buffer
	read := make(chan struct{})
	go func() {
		defer close(read)
		io.Copy(&rest, lines)
	}()
	stop := sync.OnceValue(func() result {
		cancel()
		status := <-ended
		<-read
		return result{status, rest.String(), problems.String()}
	})
	t.Cleanup(func() { stop() })
	return serving{listening.URL, stop}
}

// TestTrace holds the transitions that one message and the closing handshake
// cause, in both forms.
func TestTrace(t *testing.T) {
	const want = `connection connecting --accepted--> open / flush
frame head --data--> length
frame length --masked-7--> masked-size
frame masked-size --fits--> key / begin
message idle --text-whole--> text-last / begin-text
frame key --done--> masked-payload
frame masked-payload --part--> masked-payload / pass
message text-last --part--> text-last / deliver
frame masked-payload --done--> head / end
message text-last --end--> idle / deliver-end
connection open --send-data--> open / send
frame head --control--> control-length
frame control-length --masked-7--> control-key
frame control-key --done--> masked-control-body
frame masked-control-body --close--> closed / pass-close
connection open --close-received--> closing-both / answer-close
connection closing-both --end-of-stream--> closed / report-clean
`
	server := startServer(t, "--trace")
	if got := command(t, "Hello\n", "dial", server.url); got.status != exitOK {
		t.Fatalf("dial: %+v", got)
	}
	got := server.stop()
	var text strings.Builder
	for line := range strings.Lines(got.out) {
		var step struct {
			Connection                       int
			Machine, From, Event, To, Action string
		}
		if err := json.Unmarshal([]byte(line), &step); err != nil || step.Connection != 1 {
			t.Fatalf("line %s: %v", line, err)
		}
		if step.Machine == "http" || step.Machine == "handshake" {
			continue
		}
		text.WriteString(step.Machine + " " + step.From + " --" + step.Event + "--> " + step.To)
		if step.Action != "" {
			text.WriteString(" / " + step.Action)
		}
		text.WriteString("\n")
	}
	if text.String() != want || got.status != exitOK || got.err != "" {
		t.Errorf("status %d, remarks %q, steps\n%s\nwant\n%s", got.status, got.err, text.String(), want)
	}
}

// get sends a request as HTTP clients do, and returns the response with its body.
func get(t *testing.T, method, url string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func TestPageIsServed(t *testing.T) {
	server := startServer(t)
	base := "http" + strings.TrimPrefix(server.url, "ws")
	response, body := get(t, "GET", base+"?from=a+link")
	if response.StatusCode != 200 || !strings.Contains(body, "<title>wsfsm echo server</title>") {
		t.Errorf("status %d, %.200s", response.StatusCode, body)
	}
	for name, want := range map[string]string{
		"Content-Type":            "text/html; charset=utf-8",
		"X-Content-Type-Options":  "nosniff",
		"Content-Security-Policy": "default-src 'none'; script-src 'sha256-",
		"Cache-Control":           "no-store",
	} {
		if got := response.Header.Get(name); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for _, c := range []struct {
		method, path string
		status       int
		header       string
	}{
		{"GET", "chat", 426, "Upgrade"},
		{"GET", "favicon.ico", 404, ""},
		{"POST", "", 405, "Allow"},
		{"HEAD", "", 405, "Allow"},
	} {
		response, _ := get(t, c.method, base+c.path)
		if response.StatusCode != c.status || c.header != "" && response.Header.Get(c.header) == "" {
			t.Errorf("%s /%s: status %d, header %v", c.method, c.path, response.StatusCode, response.Header)
		}
	}
	// What was answered on purpose is not remarked upon.
	if got := server.stop(); strings.Count(got.err, "\n") != 3 || !strings.Contains(got.err, "connection 2: the request does not ask for WebSocket") {
		t.Errorf("remarks %s", got.err)
	}
}

// TestShutdown closes an idle connection with code 1001, and cuts one whose
// client does not answer.
func TestShutdown(t *testing.T) {
	server := startServer(t)
	waiting, input := io.Pipe()
	ended := make(chan result, 1)
	opened := make(chan struct{})
	var out bytes.Buffer
	go func() {
		var remarks bytes.Buffer
		status := run(context.Background(), []string{"dial", server.url, "--json"}, streams{waiting, &notifying{w: &out, first: opened}, &remarks})
		ended <- result{status, out.String(), remarks.String()}
	}()
	<-opened
	if got := server.stop(); got.status != exitOK || got.err != "" {
		t.Errorf("serve: %+v", got)
	}
	if got := <-ended; got.status != exitOK || !strings.Contains(got.out, `"code":1001,"clean":true`) {
		t.Errorf("dial: %+v", got)
	}
	input.Close()

	deaf := startServer(t, "--shutdown-timeout", "50ms")
	transport, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(deaf.url, "ws://"), "/"))
	if err != nil {
		t.Fatal(err)
	}
	defer transport.Close()
	io.WriteString(transport, "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
	if _, err := http.ReadResponse(bufio.NewReader(transport), nil); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if got := deaf.stop(); got.status != exitFound || !strings.Contains(got.err, "were cut") || time.Since(began) > 5*time.Second {
		t.Errorf("serve with a client that does not answer: %+v after %s", got, time.Since(began))
	}
}

// notifying closes first with the first write.
type notifying struct {
	w     io.Writer
	first chan struct{}
	once  sync.Once
}

func (n *notifying) Write(p []byte) (int, error) {
	defer n.once.Do(func() { close(n.first) })
	return n.w.Write(p)
}

// TestLoopback holds that an address without a host is that of this machine.
func TestLoopback(t *testing.T) {
	if server := startServer(t, "--addr", ":0"); !strings.HasPrefix(server.url, "ws://127.0.0.1:") {
		t.Errorf("serve listens on %s", server.url)
	}
}

func TestAddressInUse(t *testing.T) {
	server := startServer(t)
	address := strings.TrimSuffix(strings.TrimPrefix(server.url, "ws://"), "/")
	if got := command(t, "", "serve", "--addr", address); got.status != exitFound || !strings.Contains(got.err, "address already in use") {
		t.Errorf("%+v", got)
	}
}
