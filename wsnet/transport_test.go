package wsnet_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/wsnet"
)

// pipes is a listener whose transports are the other ends of pipes.
type pipes struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), done: make(chan struct{})} }

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case nc := <-l.conns:
		return nc, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error { l.once.Do(func() { close(l.done) }); return nil }

func (l *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }

func (l *pipes) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	l.conns <- theirs
	return ours, nil
}

// wrapped hides the type of a transport, and its half-close.
type wrapped struct{ net.Conn }

// undying is a transport without deadlines.
type undying struct{ net.Conn }

func (undying) SetDeadline(time.Time) error      { return os.ErrNoDeadline }
func (undying) SetReadDeadline(time.Time) error  { return os.ErrNoDeadline }
func (undying) SetWriteDeadline(time.Time) error { return os.ErrNoDeadline }

type wrappingListener struct {
	net.Listener
	wrap func(net.Conn) net.Conn
}

func (l wrappingListener) Accept() (net.Conn, error) {
	nc, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return l.wrap(nc), nil
}

// certificate returns a server's configuration and what a client trusts it with.
func certificate(t testing.TB) (server, client *tls.Config) {
	t.Helper()
	s := httptest.NewUnstartedServer(nil)
	s.StartTLS()
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return &tls.Config{Certificates: s.TLS.Certificates}, &tls.Config{RootCAs: roots, ServerName: "example.com"}
}

// transports are ways to connect a client to a server.
var transports = map[string]func(testing.TB) (net.Listener, string, *wsnet.DialOptions){
	"TCP": func(t testing.TB) (net.Listener, string, *wsnet.DialOptions) {
		l := listen(t)
		return l, "ws://" + l.Addr().String(), &wsnet.DialOptions{}
	},
	"unix": func(t testing.TB) (net.Listener, string, *wsnet.DialOptions) {
		path := filepath.Join(t.TempDir(), "s")
		l, err := net.Listen("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		return l, "ws://unix", &wsnet.DialOptions{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", path)
		}}
	},
	"pipe": func(testing.TB) (net.Listener, string, *wsnet.DialOptions) {
		l := newPipes()
		return l, "ws://pipe", &wsnet.DialOptions{DialContext: l.dial}
	},
	"TLS": func(t testing.TB) (net.Listener, string, *wsnet.DialOptions) {
		server, client := certificate(t)
		l := listen(t)
		return tls.NewListener(l, server), "wss://" + l.Addr().String(), &wsnet.DialOptions{TLS: client}
	},
	"wrapped":           throughWrapper(func(nc net.Conn) net.Conn { return wrapped{nc} }),
	"without deadlines": throughWrapper(func(nc net.Conn) net.Conn { return undying{nc} }),
}

func throughWrapper(wrap func(net.Conn) net.Conn) func(testing.TB) (net.Listener, string, *wsnet.DialOptions) {
	return func(t testing.TB) (net.Listener, string, *wsnet.DialOptions) {
		l := listen(t)
		return wrappingListener{l, wrap}, "ws://" + l.Addr().String(), &wsnet.DialOptions{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			nc, err := new(net.Dialer).DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return wrap(nc), nil
		}}
	}
}

// onAll runs a test over each kind of transport.
func onAll(t *testing.T, handler func(*wsnet.Conn), test func(*testing.T, *wsnet.Conn)) {
	for name, transport := range transports {
		t.Run(name, func(t *testing.T) {
			l, url, o := transport(t)
			serveOn(t, l, &wsnet.Server{Handler: handler})
			test(t, dial(t, url, o))
		})
	}
}

func TestEchoOverAllTransports(t *testing.T) {
	onAll(t, echo, func(t *testing.T, c *wsnet.Conn) {
		for _, n := range []int{0, 1, 4095, 4096, 65536, 1 << 20} {
			want := bytes.Repeat([]byte{0xff, 0x80, 'x'}, n)[:n]
			written := make(chan error, 1)
			go func() { written <- c.Write(soon(t), wsnet.Binary, want) }()
			kind, p, err := c.Read(soon(t))
			if err != nil || kind != wsnet.Binary || !bytes.Equal(p, want) {
				t.Fatalf("%d octets: %v, %d octets, %v", n, kind, len(p), err)
			}
			if err := <-written; err != nil {
				t.Fatal(err)
			}
		}
		if err := c.Ping(soon(t), []byte("?")); err != nil {
			t.Fatal(err)
		}
		if err := c.Close(wsfsm.CloseNormal, "bye"); err != nil {
			t.Fatal(err)
		}
	})
}

// A Read whose time is over takes nothing, and another goes on.
func TestReadEndsWithItsContextOverAllTransports(t *testing.T) {
	onAll(t, echo, func(t *testing.T, c *wsnet.Conn) {
		for range 3 {
			start := time.Now()
			if _, _, err := c.Read(within(t, 20*time.Millisecond)); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 5*time.Second {
				t.Fatalf("%v after %v", err, time.Since(start))
			}
			cause := errors.New("enough")
			ctx, cancel := context.WithCancelCause(background)
			time.AfterFunc(10*time.Millisecond, func() { cancel(cause) })
			if _, _, err := c.Read(ctx); err != cause {
				t.Fatalf("got %v", err)
			}
			write(t, c, "hello")
			if got := read(t, c); got != "hello" {
				t.Fatalf("got %q", got)
			}
		}
	})
}

// Reads of a millisecond each, over messages in many pieces, lose nothing.
func TestImpatientReaderLosesNothing(t *testing.T) {
	const n = 200
	onAll(t, func(c *wsnet.Conn) {
		for i := range n {
			w, err := c.Writer(background, wsnet.Binary)
			if err != nil {
				return
			}
			for range 3 {
				w.Write(bytes.Repeat([]byte{byte(i)}, 5000))
				if i%20 == 0 {
					time.Sleep(3 * time.Millisecond)
				}
			}
			w.Close()
		}
		wait(c)
	}, func(t *testing.T, c *wsnet.Conn) {
		impatient, last := 0, time.Now().Add(20*time.Second)
		buf := make([]byte, 0, 20000)
		for i := 0; i < n; {
			ctx, cancel := context.WithTimeout(background, time.Millisecond)
			var p []byte
			var err error
			if impatient%2 == 0 {
				_, p, err = c.Read(ctx)
			} else if _, p, err = c.AppendMessage(ctx, buf); err != nil && len(p) != 0 {
				t.Fatalf("a failed AppendMessage returns %d octets", len(p))
			}
			cancel()
			switch {
			case err == nil && bytes.Equal(p, bytes.Repeat([]byte{byte(i)}, 15000)):
				i++
			case !errors.Is(err, context.DeadlineExceeded) || time.Now().After(last):
				t.Fatalf("message %d: %d octets, %v", i, len(p), err)
			default:
				impatient++
			}
		}
		if impatient == 0 {
			t.Fatal("no Read ran out of time")
		}
	})
}

// A reset is the end's cause, and a Write then fails.
func TestReset(t *testing.T) {
	ended := make(chan error, 1)
	url := serve(t, func(c *wsnet.Conn) { _, _, err := c.Read(background); ended <- err }, nil)
	nc, _ := rawOpen(t, url)
	nc.(*net.TCPConn).SetLinger(0)
	nc.Close()
	var end *wsnet.CloseError
	if err := <-ended; !errors.As(err, &end) || end.Clean || end.Code != wsfsm.CloseAbnormal || !errors.Is(err, syscall.ECONNRESET) {
		t.Fatalf("got %v", err)
	}
}

func TestTLS(t *testing.T) {
	server, client := certificate(t)
	options := &wsnet.Options{TLS: server, HeadTimeout: 200 * time.Millisecond, Error: func(error) {}}
	s := &wsnet.Server{Handler: echo, Options: options}
	l := listen(t)
	address := l.Addr().String()
	l.Close()
	noLeaks(t)
	served := make(chan error, 1)
	go func() { served <- s.ListenAndServeTLS(address, "", "") }()
	silent := net.Conn(nil)
	for deadline := time.Now().Add(5 * time.Second); silent == nil; time.Sleep(time.Millisecond) {
		nc, err := net.Dial("tcp", address)
		if err == nil {
			silent = nc
		} else if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
	defer silent.Close()
	c := dial(t, "wss://"+address, &wsnet.DialOptions{TLS: client})
	if _, ok := c.NetConn().(*tls.Conn); !ok {
		t.Fatalf("the transport is a %T", c.NetConn())
	}
	write(t, c, strings.Repeat("x", 3<<20))
	if got := read(t, c); len(got) != 3<<20 {
		t.Fatalf("%d octets", len(got))
	}
	if err := c.Close(wsfsm.CloseNormal, ""); err != nil {
		t.Fatal(err)
	}
	silent.SetDeadline(time.Now().Add(5 * time.Second))
	if n, err := silent.Read(make([]byte, 1)); n != 0 || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("who does not begin with TLS is waited for: %d, %v", n, err)
	}
	if err := s.Shutdown(soon(t)); err != nil {
		t.Fatal(err)
	}
	if err := <-served; err != wsnet.ErrServerClosed {
		t.Fatalf("served: %v", err)
	}
}
