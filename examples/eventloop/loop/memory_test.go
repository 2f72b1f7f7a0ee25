//go:build !race && (linux || darwin || netbsd || freebsd || openbsd || dragonfly)

package loop_test

import (
	"io"
	"net"
	"runtime"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm/examples/eventloop/loop"
)

// inUse returns the octets of heap and stacks in use.
func inUse() int {
	var m runtime.MemStats
	for range 3 { // pools give up in two rounds
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc + m.StackInuse)
}

// clients are sockets of clients that keep nothing but themselves.
func clients(t *testing.T, n int, addr string, open bool) []net.Conn {
	conns := make([]net.Conn, n)
	buf := make([]byte, 1024)
	for i := range conns {
		nc, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		conns[i] = nc
		if !open {
			continue
		}
		if _, err := io.WriteString(nc, upgrade); err != nil {
			t.Fatal(err)
		}
		if _, err := nc.Read(buf); err != nil { // the response comes in one piece
			t.Fatal(err)
		}
	}
	return conns
}

// TestIdleConnection measures an open connection of the server, with its socket
// and request, and counts goroutines.
func TestIdleConnection(t *testing.T) {
	const n, most = 2000, 1536
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	before := inUse()
	sockets := clients(t, n, l.Addr().String(), false)
	client := (inUse() - before) / n
	for _, nc := range sockets {
		nc.Close()
	}
	l.Close()
	addr := serve(t, loop.Options{Message: echo})
	warm := clients(t, 1, addr, true)
	time.Sleep(50 * time.Millisecond)
	goroutines := runtime.NumGoroutine()
	before = inUse()
	conns := clients(t, n, addr, true)
	time.Sleep(100 * time.Millisecond)
	cost := (inUse()-before)/n - client
	t.Logf("%d octets for each of %d connections; %d octets for the socket of a client", cost, n, client)
	if cost > most {
		t.Errorf("an idle connection costs %d octets", cost)
	}
	if now := runtime.NumGoroutine(); now > goroutines {
		t.Errorf("%d goroutines, %d before", now, goroutines)
	}
	for _, nc := range append(conns, warm...) {
		nc.Close()
	}
}
