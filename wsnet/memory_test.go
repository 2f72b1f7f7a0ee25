//go:build !race

package wsnet_test

import (
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm/wsnet"
)

// inUse returns the octets of heap and stacks in use.
func inUse() int {
	var m runtime.MemStats
	for range 3 { // sync.Pool gives up in two rounds
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc + m.StackInuse)
}

// costOf returns what each of n connections costs, its client's socket included.
func costOf(n int, connect func() net.Conn) int {
	before := inUse()
	conns := make([]net.Conn, n)
	for i := range conns {
		conns[i] = connect()
	}
	time.Sleep(200 * time.Millisecond) // what is to happen behind the opening
	cost := (inUse() - before) / n
	for _, nc := range conns {
		nc.Close()
	}
	return cost
}

// alone runs the test once more in a process of its own, in which it returns
// true: the runtime gives new goroutines larger stacks when those before needed
// them.
func alone(t *testing.T) bool {
	const variable = "WSNET_TEST_ALONE"
	if os.Getenv(variable) == t.Name() {
		return true
	}
	child := exec.Command(os.Args[0], "-test.run=^"+strings.ReplaceAll(t.Name(), "/", "$/^")+"$", "-test.v", "-test.timeout=60s")
	child.Env = append(os.Environ(), variable+"="+t.Name())
	out, err := child.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "PASS: "+t.Name()) {
		t.Errorf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
	return false
}

// sockets returns what a connection costs that nobody serves.
func sockets(t *testing.T, n int) int {
	l := listen(t)
	defer l.Close()
	var accepted []net.Conn
	cost := costOf(n, func() net.Conn {
		client, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		server, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		accepted = append(accepted, server)
		return client
	})
	for _, nc := range accepted {
		nc.Close()
	}
	return cost
}

// TestIdleConnectionIsSmall measures a connection whose handler waits in Read,
// with its socket, goroutine and request. A read buffer, another goroutine, or
// what net/http has left behind would show.
func TestIdleConnectionIsSmall(t *testing.T) {
	const n = 500
	for name, c := range map[string]struct {
		most  int
		start func(*testing.T) string
	}{
		"Serve": {3<<10 + 640, func(t *testing.T) string {
			l := listen(t)
			serveOn(t, l, &wsnet.Server{Handler: echo})
			return l.Addr().String()
		}},
		"Serve, heads forgotten": {3<<10 + 448, func(t *testing.T) string {
			l := listen(t)
			serveOn(t, l, &wsnet.Server{Handler: func(c *wsnet.Conn) {
				c.ForgetHeads()
				echo(c)
			}})
			return l.Addr().String()
		}},
		"ServeHTTP": {3<<10 + 768, func(t *testing.T) string {
			s := &wsnet.Server{Handler: echo}
			l := listen(t)
			h := &http.Server{Handler: s}
			go h.Serve(l)
			t.Cleanup(func() { h.Close(); s.Close() })
			return l.Addr().String()
		}},
	} {
		if testing.Short() && name != "Serve" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			if !alone(t) {
				return
			}
			client := sockets(t, n) / 2
			addr := c.start(t)
			cost := costOf(n, func() net.Conn {
				nc, err := net.Dial("tcp", addr)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := io.WriteString(nc, upgrade+"\r\n"); err != nil {
					t.Fatal(err)
				}
				skipHead(t, nc)
				return nc
			}) - client
			t.Logf("%d octets", cost)
			if cost > c.most {
				t.Errorf("an idle connection costs %d octets", cost)
			}
		})
	}
}
