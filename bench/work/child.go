package work

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"time"

	"github.com/wsfsm/wsfsm/bench/peers"
)

// childVariable names the server that a process is to be.
const childVariable = "BENCH_SERVE"

// Child turns the process into a server if its environment says so; main calls it
// first.
func Child() {
	name := os.Getenv(childVariable)
	if name == "" {
		return
	}
	if err := serveChild(name); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", name, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// serveChild tells its address, then what it holds at each line that comes.
func serveChild(name string) error {
	list := servers()
	at := slices.IndexFunc(list, func(p peers.Peer) bool { return p.Name == name })
	if at < 0 {
		return errors.New("no such server")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	before := held()
	go list[at].Serve(l)
	fmt.Println(l.Addr())
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		fmt.Println(held() - before)
	}
	return nil
}

// held is the heap and the stacks in octets, pools emptied.
func held() int64 {
	for range 3 { // a pool keeps what it holds over a collection
		runtime.GC()
		time.Sleep(20 * time.Millisecond)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

// servers are all that can be served, by name.
func servers() []peers.Peer {
	list := append(slices.Concat(peers.All(), peers.Idle()), peers.RawTCP(), peers.Bare())
	for _, takeover := range []bool{false, true} {
		list = append(list, compression{4 << 10, takeover}.servers()...)
	}
	return slices.DeleteFunc(list, func(p peers.Peer) bool { return p.Serve == nil })
}

// child is a server in a process of its own.
type child struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Reader
	addr  string
	conns []net.Conn
}

func startChild(name string) (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := &child{cmd: exec.Command(self)}
	c.cmd.Env = append(os.Environ(), childVariable+"="+name)
	c.cmd.Stderr = os.Stderr
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.out = bufio.NewReader(out)
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	if _, err := fmt.Fscanln(c.out, &c.addr); err != nil {
		c.stop()
		return nil, fmt.Errorf("server %s: %w", name, err)
	}
	return c, nil
}

// held asks for what the server holds.
func (c *child) held() (n int64, err error) {
	if _, err = fmt.Fprintln(c.in); err == nil {
		_, err = fmt.Fscanln(c.out, &n)
	}
	return n, err
}

// open opens connections with a request and sends one message on each, octets,
// for which a reply of one frame is wanted, or as many octets as one has.
func (c *child) open(n int, request, message []byte, reply func([]byte) (bool, error)) error {
	for range n {
		conn, err := net.Dial("tcp", c.addr)
		if err != nil {
			return err
		}
		c.conns = append(c.conns, conn)
		if err := converse(conn, request, message, reply); err != nil {
			return err
		}
	}
	return nil
}

// stop ends the connections and the server.
func (c *child) stop() {
	for _, conn := range c.conns {
		conn.Close()
	}
	c.in.Close()
	c.cmd.Wait()
}
