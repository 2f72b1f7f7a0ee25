package websocket_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/websocket"
	"github.com/wsfsm/wsfsm/wsnet"
)

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

func TestHealthPath(t *testing.T) {
	asked := make(chan string, 10)
	url := serve(t, echo, &websocket.ServerOptions{HealthPath: "/healthcheck", Net: &wsnet.Options{Decide: func(r *wsfsm.Request, _ net.Conn) *wsnet.Answer {
		asked <- r.Target
		return nil
	}}})
	base := strings.TrimSuffix(strings.Replace(url, "ws:", "http:", 1), "/chat?room=1")
	for path, want := range map[string]string{"/healthcheck": "200 OK", "/healthcheck?x": "200 OK", "/healthcheckXYZ": "426", "/": "426"} {
		r, err := http.Get(base + path)
		must(t, err)
		body := readAll(t, r.Body)
		r.Body.Close()
		if got := r.Status[:4] + body; !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s", path, got)
		}
	}
	if len(asked) != 2 {
		t.Errorf("the application was asked %d times", len(asked))
	}
	s, err := websocket.New("ws"+strings.TrimPrefix(base, "http")+"/healthcheck", nil) // may be a WebSocket, too
	must(t, err)
	eventually(t, "open", func() bool { return s.ReadyState() == websocket.Open })
	must(t, s.Close(0, ""))
	wait(t, s.Done())
}

func TestFlashPolicy(t *testing.T) {
	url := serve(t, echo, &websocket.ServerOptions{FlashPolicy: websocket.OpenFlashPolicy, Net: &wsnet.Options{Error: func(err error) {
		t.Errorf("reported: %v", err)
	}}})
	address := strings.TrimSuffix(strings.TrimPrefix(url, "ws://"), "/chat?room=1")
	for _, request := range []string{"<policy-file-request/>\x00", "<policy-file-request/>", "<policy-file-request />\x00"} {
		for _, pieces := range [][]string{{request}, strings.Split(request, ""), {request[:5], request[5:]}} {
			nc, err := net.Dial("tcp", address)
			must(t, err)
			for _, piece := range pieces {
				_, err := io.WriteString(nc, piece)
				must(t, err)
				time.Sleep(time.Millisecond)
			}
			must(t, nc.SetReadDeadline(time.Now().Add(5*time.Second)))
			if got := readAll(t, nc); got != websocket.OpenFlashPolicy+"\x00" {
				t.Errorf("%q: got %q", pieces, got)
			}
			nc.Close()
		}
	}
	s, err := websocket.New(url, nil) // others are served as ever
	must(t, err)
	got := make(chan struct{})
	s.OnOpen(func(websocket.Event) { must(t, s.Send("Hello")) })
	s.OnMessage(func(websocket.Event) { must(t, s.Close(1000, "")); close(got) })
	wait(t, got)
	wait(t, s.Done())
}

func TestNoFlashPolicyUnlessAskedFor(t *testing.T) {
	url := serve(t, echo, nil)
	nc, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(url, "ws://"), "/chat?room=1"))
	must(t, err)
	defer nc.Close()
	_, err = io.WriteString(nc, "<policy-file-request/>\x00")
	must(t, err)
	if got := readAll(t, nc); !strings.HasPrefix(got, "HTTP/1.1 400 ") {
		t.Errorf("got %q", got)
	}
}

func TestSplitRequestBehindPolicyListener(t *testing.T) {
	url := serve(t, echo, &websocket.ServerOptions{FlashPolicy: "x"})
	address := strings.TrimSuffix(strings.TrimPrefix(url, "ws://"), "/chat?room=1")
	for _, head := range []string{upgrade, "<policy-file-requesx"} {
		nc, err := net.Dial("tcp", address)
		must(t, err)
		for _, octet := range strings.Split(head, "") {
			_, err := io.WriteString(nc, octet)
			must(t, err)
		}
		want := "HTTP/1.1 101 "
		if head[0] == '<' {
			want = "HTTP/1.1 400 "
		}
		got := make([]byte, len(want))
		if _, err := io.ReadFull(nc, got); err != nil || string(got) != want {
			t.Errorf("got %q, %v", got, err)
		}
		nc.Close()
	}
}

func TestHandlerThatPanics(t *testing.T) {
	errs := make(chan error, 1)
	ends := make(chan *websocket.Socket, 1)
	url := serve(t, func(s *websocket.Socket) {
		ends <- s
		panic("oops")
	}, &websocket.ServerOptions{Net: &wsnet.Options{Error: func(err error) { errs <- err }}})
	s, err := websocket.New(url, nil)
	must(t, err)
	var r record
	wait(t, r.listen(s))
	r.want(t, "open", "close 1011  true closed")
	var p *wsnet.PanicError
	if err := <-errs; !errors.As(err, &p) || p.Value != "oops" {
		t.Errorf("got %v", err)
	}
	wait(t, (<-ends).Done())
}

func TestShutdown(t *testing.T) {
	l, url := listen(t)
	server := websocket.NewServer(echo, nil)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	s, err := websocket.New(url, nil)
	must(t, err)
	eventually(t, "open", func() bool { return s.ReadyState() == websocket.Open })
	must(t, server.Shutdown(context.Background()))
	if err := <-ended; err != wsnet.ErrServerClosed {
		t.Errorf("got %v", err)
	}
	var r record
	wait(t, r.listen(s))
	r.want(t, "open", "close 1001  true closed")
}

// certificate writes a key and a certificate for 127.0.0.1.
func certificate(t *testing.T) (certFile, keyFile string, roots *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{{127, 0, 0, 1}}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	must(t, err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	must(t, err)
	certFile, keyFile = filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	must(t, os.WriteFile(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	must(t, os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}), 0o600))
	roots = x509.NewCertPool()
	cert, err := x509.ParseCertificate(der)
	must(t, err)
	roots.AddCert(cert)
	return certFile, keyFile, roots
}

func TestListenAndServe(t *testing.T) {
	certFile, keyFile, roots := certificate(t)
	for scheme, o := range map[string]*websocket.ServerOptions{"ws": nil, "wss": {CertFile: certFile, KeyFile: keyFile}} {
		l, _ := listen(t) // finds a port
		port := l.Addr().(*net.TCPAddr).Port
		must(t, l.Close())
		urls := make(chan string, 1)
		server := websocket.NewServer(func(s *websocket.Socket) { urls <- s.URL(); echo(s) }, o)
		ended := make(chan error, 1)
		go func() { ended <- server.ListenAndServe("127.0.0.1", port) }()
		url := scheme + strings.TrimPrefix("ws://"+l.Addr().String()+"/", "ws")
		got := make(chan struct{})
		eventually(t, "connected", func() bool {
			s, err := websocket.New(url, &websocket.Options{Dial: &wsnet.DialOptions{TLS: &tls.Config{RootCAs: roots}}})
			must(t, err)
			s.OnOpen(func(websocket.Event) { must(t, s.Send("x")) })
			s.OnMessage(func(websocket.Event) { close(got); must(t, s.Close(0, "")) })
			<-s.Done()
			return len(urls) > 0
		})
		wait(t, got)
		if u := <-urls; u != url {
			t.Errorf("the server says %s, the client %s", u, url)
		}
		must(t, server.Close())
		if err := <-ended; err != wsnet.ErrServerClosed {
			t.Errorf("got %v", err)
		}
	}
	if err := websocket.ListenAndServe("127.0.0.1", 0, echo, &websocket.ServerOptions{CertFile: "none"}); err == nil {
		t.Error("served without a certificate")
	}
	if err := websocket.ListenAndServe("no.host.invalid", 0, echo, nil); err == nil {
		t.Error("served nowhere")
	}
}
