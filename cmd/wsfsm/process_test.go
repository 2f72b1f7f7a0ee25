package main_test

import (
	"crypto/tls"
	"io"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
)

// TestSignals ends a server by each signal while a client is connected.
func TestSignals(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		server, url := echoServer(t)
		client := wsfsm(t, "dial", url, "--json")
		stdin, err := client.StdinPipe() // stays open: the server ends the connection
		if err != nil {
			t.Fatal(err)
		}
		running, opened := start(t, client)
		if !strings.Contains(opened, `"type":"open"`) {
			t.Fatalf("dial says %s", opened)
		}
		io.WriteString(stdin, "Hello\n")
		if line := running.line(t); !strings.Contains(line, `"text":"Hello"`) {
			t.Errorf("dial says %s", line)
		}
		if err := server.cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if line := running.line(t); !strings.Contains(line, `"code":1001,"clean":true`) {
			t.Errorf("%s: dial says %s", signal, line)
		}
		if err := server.cmd.Wait(); err != nil {
			t.Errorf("%s: serve ends with %v", signal, err)
		}
		if err := client.Wait(); err != nil {
			t.Errorf("%s: dial ends with %v", signal, err)
		}
	}
}

// TestDialIsSignalled ends a client whose standard input is open.
func TestDialIsSignalled(t *testing.T) {
	_, url := echoServer(t)
	client := wsfsm(t, "dial", url, "--json")
	if _, err := client.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	running, _ := start(t, client)
	if err := client.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if line := running.line(t); !strings.Contains(line, `"code":1000,"clean":true`) {
		t.Errorf("dial says %s", line)
	}
	if err := client.Wait(); err != nil {
		t.Errorf("dial ends with %v", err)
	}
}

// TestTLS dials with and without trust in a self-signed certificate, and gets
// the page.
func TestTLS(t *testing.T) {
	cert, key := certificate(t)
	_, url := echoServer(t, "--tls-cert", cert, "--tls-key", key)
	if !strings.HasPrefix(url, "wss://127.0.0.1:") {
		t.Errorf("URL %s", url)
	}
	client := wsfsm(t, "dial", url, "--insecure")
	client.Stdin = strings.NewReader("Hello\n")
	if out, err := client.Output(); err != nil || string(out) != "Hello\n" {
		t.Errorf("--insecure: %v, %q", err, out)
	}
	client = wsfsm(t, "dial", url)
	out, err := client.CombinedOutput()
	if client.ProcessState.ExitCode() != 3 || !strings.Contains(string(out), "certificate") {
		t.Errorf("without --insecure: %v, %s", err, out)
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequestWithContext(t.Context(), "GET", "https"+strings.TrimPrefix(url, "wss"), nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != 200 {
		t.Errorf("page: status %d", response.StatusCode)
	}
}
