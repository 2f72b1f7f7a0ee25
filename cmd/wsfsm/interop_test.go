package main_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm/internal/peer"
)

// Other implementations talk to the command: their clients to serve, dial to
// their servers, plain and over TLS.

var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "wsfsm")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "wsfsm")
	out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w\n%s", err, out)
	}
	return binary, err
})

func wsfsm(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	binary, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return exec.CommandContext(t.Context(), binary, args...)
}

// running is a program that was started, with its lines on standard output.
type running struct {
	cmd   *exec.Cmd
	lines chan string
}

// launch starts a program and returns its outputs; the second may be looked at
// when it has ended.
func launch(t *testing.T, cmd *exec.Cmd) (io.Reader, *bytes.Buffer) {
	t.Helper()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr := new(bytes.Buffer)
	cmd.Stderr = stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return stdout, stderr
}

// start starts a program and returns it with its first line.
func start(t *testing.T, cmd *exec.Cmd) (*running, string) {
	t.Helper()
	out, stderr := launch(t, cmd)
	r := &running{cmd, make(chan string, 100)}
	go func() {
		for s := bufio.NewScanner(out); s.Scan(); {
			r.lines <- s.Text()
		}
		close(r.lines)
	}()
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if t.Failed() {
			t.Logf("%v: %s", cmd.Args, stderr)
		}
	})
	return r, r.line(t)
}

func (r *running) line(t *testing.T) string {
	t.Helper()
	select {
	case line, ok := <-r.lines:
		if !ok {
			t.Fatalf("%v ended", r.cmd.Args)
		}
		return line
	case <-time.After(30 * time.Second):
		t.Fatalf("%v says nothing", r.cmd.Args)
	}
	return ""
}

// echoServer starts wsfsm serve and returns its URL.
func echoServer(t *testing.T, args ...string) (*running, string) {
	t.Helper()
	r, line := start(t, wsfsm(t, append([]string{"serve", "--addr", "127.0.0.1:0", "--json"}, args...)...))
	var listening struct{ URL string }
	if err := json.Unmarshal([]byte(line), &listening); err != nil || listening.URL == "" {
		t.Fatalf("serve says %q: %v", line, err)
	}
	return r, listening.URL
}

// certificate makes a self-signed certificate for 127.0.0.1.
func certificate(t *testing.T) (certFile, keyFile string) {
	t.Helper()
	dir := t.TempDir()
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	if err := selfSigned(certFile, keyFile); err != nil {
		t.Fatal(err)
	}
	return certFile, keyFile
}

// clients are the other implementations' clients and what they need.
var clients = map[string]struct {
	needs   []string
	program []string
}{
	"ws":               {[]string{"npm:ws"}, []string{"node", "testdata/peers/ws-client.cjs"}},
	"websocket-driver": {[]string{"npm:websocket-driver"}, []string{"node", "testdata/peers/driver-client.cjs"}},
	"websockets":       {[]string{"python:websockets"}, []string{"python3", "testdata/peers/websockets_client.py"}},
}

func TestOtherClientsTalkToServe(t *testing.T) {
	for name, client := range clients {
		for _, secure := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, TLS %v", name, secure), func(t *testing.T) {
				peer.Require(t, client.needs...)
				var flags []string
				if secure {
					cert, key := certificate(t)
					flags = []string{"--tls-cert", cert, "--tls-key", key}
				}
				server, url := echoServer(t, flags...)
				out, err := peer.Command(t, client.program[0], append(client.program[1:], url)...).CombinedOutput()
				if err != nil || strings.TrimSpace(string(out)) != "ok 4001 done" {
					t.Fatalf("%v\n%s", err, out)
				}
				// The server closes: it is told to end while a connection is open.
				waiting, opened := start(t, peer.Command(t, client.program[0], append(client.program[1:], url, "wait")...))
				if opened != "open" {
					t.Fatalf("%s says %q", name, opened)
				}
				if err := server.cmd.Process.Signal(syscall.SIGTERM); err != nil {
					t.Fatal(err)
				}
				if line := waiting.line(t); line != "closed 1001" {
					t.Fatalf("%s says %q", name, line)
				}
				if err := server.cmd.Wait(); err != nil {
					t.Fatalf("serve ends with %v", err)
				}
			})
		}
	}
}

func TestDialTalksToOtherServers(t *testing.T) {
	for name, server := range map[string]struct {
		needs   []string
		program []string
	}{
		"ws":         {[]string{"npm:ws"}, []string{"node", "testdata/peers/ws-server.cjs"}},
		"websockets": {[]string{"python:websockets"}, []string{"python3", "testdata/peers/websockets_server.py"}},
	} {
		for _, secure := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, TLS %v", name, secure), func(t *testing.T) {
				peer.Require(t, server.needs...)
				args, scheme := server.program[1:], "ws"
				if secure {
					cert, key := certificate(t)
					args, scheme = append(args[:len(args):len(args)], cert, key), "wss"
				}
				_, port := start(t, peer.Command(t, server.program[0], args...))
				talk(t, scheme+"://127.0.0.1:"+port+"/")
			})
		}
	}
}

// talk has dial send lines, small and large ones, be pinged, and be closed from
// either side.
func talk(t *testing.T, url string) {
	t.Helper()
	lines := []string{"hello", "grüße €😀", strings.Repeat("x", 125), strings.Repeat("ä", 33000), strings.Repeat("0123456789abcdef", 1<<20)}
	for i := range 10000 {
		lines = append(lines, fmt.Sprint("message ", i))
	}
	lines = append(lines, "ping me")
	want := strings.Replace(strings.Join(lines, "\n"), "ping me", "pong hello", 1) + "\n"
	if got := sent(t, wsfsm(t, "dial", url, "--insecure", "--subprotocol", "echo", "--ping"), strings.Join(lines, "\n")+"\n", len(want)); got != want {
		t.Fatalf("dial wrote %d octets, want %d; first difference at %d", len(got), len(want), difference(got, want))
	}
	cmd := wsfsm(t, "dial", url, "--insecure", "--json", "--subprotocol", "echo")
	stdin, err := cmd.StdinPipe() // stays open: the server ends the connection
	if err != nil {
		t.Fatal(err)
	}
	var stdout bytes.Buffer
	cmd.Stdout = &stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(stdin, "close me\n"); err != nil {
		t.Fatal(err)
	}
	err = cmd.Wait()
	out := stdout.Bytes()
	if err != nil || !strings.Contains(string(out), "4002") || !strings.Contains(string(out), "as you wish") {
		t.Fatalf("dial, closed by the server: %v\n%s", err, out)
	}
}

// sent gives a program its input, which stays open until so many octets of output
// are there, and returns all output.
func sent(t *testing.T, cmd *exec.Cmd, input string, octets int) string {
	t.Helper()
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, stderr := launch(t, cmd)
	late := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	defer late.Stop()
	go io.WriteString(stdin, input) // what does not arrive is missing in the output
	out := make([]byte, octets)
	n, _ := io.ReadFull(stdout, out) // likewise
	stdin.Close()
	rest, err := io.ReadAll(stdout)
	if err != nil {
		t.Error(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v: %v\n%s", cmd.Args, err, stderr)
	}
	return string(append(out[:n], rest...))
}

func difference(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

func TestCurlGetsThePage(t *testing.T) {
	peer.Require(t, "curl")
	_, url := echoServer(t)
	page := "http" + strings.TrimPrefix(url, "ws")
	out, err := exec.Command("curl", "-sSi", page).CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), "HTTP/1.1 200 ") || !strings.Contains(string(out), "Content-Security-Policy: ") || !strings.Contains(string(out), "</html>") {
		t.Fatalf("%v\n%.1000s", err, out)
	}
	out, err = exec.Command("curl", "-sSi", page+"elsewhere").CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), "HTTP/1.1 4") {
		t.Fatalf("%v\n%.1000s", err, out)
	}
}
