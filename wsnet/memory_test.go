//go:build !race

package wsnet_test

import (
	"io"
	"net"
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

// TestIdleConnectionIsSmall measures a connection whose handler waits in Read,
// with its socket, goroutine and request. A read buffer or another goroutine
// would show. It does so in a process of its own, as the runtime gives new
// goroutines larger stacks when those before needed them.
func TestIdleConnectionIsSmall(t *testing.T) {
	const alone = "WSNET_TEST_ALONE"
	if os.Getenv(alone) == "" {
		child := exec.Command(os.Args[0], "-test.run=^TestIdleConnectionIsSmall$", "-test.v", "-test.timeout=60s")
		child.Env = append(os.Environ(), alone+"=1")
		out, err := child.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "PASS: TestIdleConnectionIsSmall") {
			t.Errorf("%v\n%s", err, out)
		}
		t.Logf("%s", out)
		return
	}
	const n = 500
	plain := listen(t)
	defer plain.Close()
	var accepted []net.Conn
	sockets := costOf(n, func() net.Conn {
		client, err := net.Dial("tcp", plain.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		server, err := plain.Accept()
		if err != nil {
			t.Fatal(err)
		}
		accepted = append(accepted, server)
		return client
	})
	for _, nc := range accepted {
		nc.Close()
	}
	l := listen(t)
	serveOn(t, l, &wsnet.Server{Handler: echo})
	cost := costOf(n, func() net.Conn {
		nc, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(nc, upgrade+"\r\n"); err != nil {
			t.Fatal(err)
		}
		skipHead(t, nc)
		return nc
	}) - sockets/2
	t.Logf("%d octets", cost)
	if cost > 5<<10 {
		t.Errorf("an idle connection costs %d octets", cost)
	}
}
