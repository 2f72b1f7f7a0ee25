package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTraceDialTLS records a connection over TLS, with and without trust in a
// self-signed certificate, and replays it.
func TestTraceDialTLS(t *testing.T) {
	cert, key := certificate(t)
	_, url := echoServer(t, "--tls-cert", cert, "--tls-key", key)
	file := filepath.Join(t.TempDir(), "tls.trace")
	client := wsfsm(t, "trace", "dial", url, "--insecure", "--output", file)
	client.Stdin = strings.NewReader("Hello\n")
	if out, err := client.Output(); err != nil || string(out) != "Hello\n" {
		t.Errorf("--insecure: %v, %q", err, out)
	}
	text, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(text), `"url":"wss://127.0.0.1:`) || !strings.Contains(string(text), `{"call":"Text","data":"Hello"`) {
		t.Errorf("%v\n%s", err, text)
	}
	replay := wsfsm(t, "replay", file)
	if out, err := replay.CombinedOutput(); err != nil || !strings.Contains(string(out), "rfc6455 client, connection closed") {
		t.Errorf("replay: %v, %s", err, out)
	}
	client = wsfsm(t, "trace", "dial", url, "--output", file)
	out, err := client.CombinedOutput()
	if client.ProcessState.ExitCode() != 3 || !strings.Contains(string(out), "certificate") {
		t.Errorf("without --insecure: %v, %s", err, out)
	}
}
