//go:build unix

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
)

// TestMain is the server itself where a test has started it.
func TestMain(m *testing.M) {
	if os.Getenv("HANDOVER_TEST") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// servers are the server and those that have taken over from it.
type servers struct {
	t     *testing.T
	lines *bufio.Scanner
	addr  string
	pid   int
}

func start(t *testing.T) *servers {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	first := exec.Command(os.Args[0], "--addr", "127.0.0.1:0")
	first.Env = append(os.Environ(), "HANDOVER_TEST=1")
	first.Stdout, first.Stderr = w, os.Stderr
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	s := &servers{t: t, lines: bufio.NewScanner(r)}
	ended := make(chan error, 1)
	go func() { ended <- first.Wait() }()
	t.Cleanup(func() {
		syscall.Kill(s.pid, syscall.SIGKILL)
		r.Close()
		if err := <-ended; err != nil {
			t.Errorf("the first process ends with %v", err)
		}
	})
	s.listening()
	return s
}

// listening waits for a process to listen and returns the lines before that.
func (s *servers) listening() (before []string) {
	s.t.Helper()
	for s.lines.Scan() {
		line := s.lines.Text()
		if strings.HasPrefix(line, "listening ") {
			pid := s.pid
			if _, err := fmt.Sscanf(line, "listening %s %d", &s.addr, &s.pid); err != nil || pid == s.pid {
				s.t.Fatalf("%q, %v", line, err)
			}
			return before
		}
		before = append(before, line)
	}
	s.t.Fatal("the server has ended")
	return nil
}

// replace has the process replaced by a new one, which must have taken over a
// connection in the version, and returns its offset.
func (s *servers) replace(version string) (offset int) {
	s.t.Helper()
	if err := syscall.Kill(s.pid, syscall.SIGUSR2); err != nil {
		s.t.Fatal(err)
	}
	lines := s.listening()
	if len(lines) != 1 {
		s.t.Fatalf("the new process says %q", lines)
	}
	if _, err := fmt.Sscanf(lines[0], "taken over "+version+" %d", &offset); err != nil {
		s.t.Fatalf("%q: %v", lines[0], err)
	}
	return offset
}

// client is a connection from here.
type client struct {
	*wsfsm.Driver
	t    *testing.T
	conn net.Conn
}

func dial(t *testing.T, addr, version string) *client {
	t.Helper()
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{Versions: []string{version}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := ep.Client("ws://" + addr + "/")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	c := &client{d, t, conn}
	c.do(d.Start())
	c.send(d.Unsent())
	c.want(wsfsm.EventOpen, "")
	return c
}

func (c *client) do(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// send writes the first n octets of the output.
func (c *client) send(n int) {
	c.t.Helper()
	_, err := c.conn.Write(bytes.Clone(c.Output()[:n]))
	c.do(err)
	c.Sent(n)
}

// want reads up to the next event.
func (c *client) want(kind wsfsm.EventKind, data string) wsfsm.Event {
	c.t.Helper()
	buf := make([]byte, 4096)
	for {
		if e, ok := c.Next(); ok {
			if e.Kind != kind || string(e.Data) != data {
				c.t.Fatalf("event %v %q %v, want %v %q", e.Kind, e.Data, c.Err(), kind, data)
			}
			return e
		}
		n, err := c.conn.Read(buf)
		if err == io.EOF {
			c.ReceiveEOF(nil)
			continue
		}
		c.do(err)
		c.do(c.Receive(buf[:n]))
	}
}

// TestHandOverInsideAMessage replaces the server while a message is half sent: of RFC
// 6455 in the middle of its second fragment, of hixie-76, which has no fragments, in the
// middle of its only frame. It goes on until a process has read the half.
func TestHandOverInsideAMessage(t *testing.T) {
	for _, version := range []string{"rfc6455", "hixie-76"} {
		t.Run(version, func(t *testing.T) {
			s := start(t)
			c := dial(t, s.addr, version)
			c.do(c.Text([]byte("before")))
			c.send(c.Unsent())
			c.want(wsfsm.EventMessage, "before")

			first := strings.Repeat("ä", 3000)
			if version == "rfc6455" {
				c.do(c.Begin(wsfsm.Text, []byte(first+"\xC3")))
				_, err := c.Ping([]byte("between"))
				c.do(err)
				c.send(c.Unsent())
				c.want(wsfsm.EventPong, "between") // that much has been read
				c.do(c.End([]byte("\xB6 and the rest")))
			} else {
				c.do(c.Text([]byte(first + "ö and the rest")))
				c.send(len(first) + 2)
			}
			base := s.replace(version)
			c.send(c.Unsent() / 2)
			for s.replace(version) == base {
			}
			c.send(c.Unsent())
			c.want(wsfsm.EventMessage, first+"ö and the rest")

			c.do(c.Close(0, ""))
			c.send(c.Unsent())
			if e := c.want(wsfsm.EventClosed, ""); !e.Clean() {
				t.Errorf("the end is %d, %v", e.Code(), c.Err())
			}
		})
	}
}
