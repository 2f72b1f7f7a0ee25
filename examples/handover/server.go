//go:build unix

package main

import (
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/wsfsm/wsfsm"
)

// server is the listener and the connections of this process.
type server struct {
	endpoint *wsfsm.Endpoint
	listener *net.TCPListener

	mu          sync.Mutex
	connections map[*connection]struct{}
	accepting   sync.WaitGroup
	running     sync.WaitGroup // the connections
}

// accept serves what connects until the listener's time is over.
func (s *server) accept() {
	for {
		conn, err := s.listener.AcceptTCP()
		if err != nil {
			return
		}
		s.serve(conn, s.endpoint.Server())
	}
}

// serve starts to serve a connection.
func (s *server) serve(conn *net.TCPConn, d *wsfsm.Driver) {
	c := &connection{conn: conn, driver: d}
	s.mu.Lock()
	s.connections[c] = struct{}{}
	s.mu.Unlock()
	s.running.Go(func() {
		if c.echo() {
			return // to be handed over
		}
		conn.Close()
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.connections, c)
	})
}

// handOver starts a new process and gives it everything.
func (s *server) handOver() error {
	way, file, err := pair()
	if err != nil {
		return err
	}
	defer way.Close()
	path, err := os.Executable()
	if err != nil {
		return err
	}
	successor := exec.Command(path, os.Args[1:]...)
	successor.Stdout, successor.Stderr = os.Stdout, os.Stderr
	successor.Env = append(os.Environ(), inheritance+"=3")
	successor.ExtraFiles = []*os.File{file} // descriptor 3 there
	if err := successor.Start(); err != nil {
		return err
	}
	file.Close()

	past := time.Unix(1, 0) // ends Accept, Read and Write with what they have done
	s.listener.SetDeadline(past)
	s.accepting.Wait()
	s.mu.Lock()
	for c := range s.connections {
		c.conn.SetDeadline(past)
	}
	s.mu.Unlock()
	s.running.Wait()
	if err := give(way, s.listener, nil); err != nil {
		return err
	}
	for c := range s.connections {
		p, err := c.driver.Snapshot()
		if err != nil {
			log.Print(err) // such a connection ends here
			continue
		}
		if err := give(way, c.conn, p); err != nil {
			return err
		}
	}
	return nil
}

// takeOver takes what another process gives: the listener, then the connections.
func (s *server) takeOver(way *net.UnixConn) error {
	defer way.Close()
	file, _, err := take(way)
	if err != nil {
		return err
	}
	l, err := net.FileListener(file)
	file.Close()
	if err != nil {
		return err
	}
	s.listener = l.(*net.TCPListener)
	for {
		file, snapshot, err := take(way)
		if errors.Is(err, errNoMore) {
			return nil
		}
		if err != nil {
			return err
		}
		conn, err := net.FileConn(file)
		file.Close()
		if err != nil {
			return err
		}
		d, err := s.endpoint.Restore(snapshot)
		if err != nil {
			log.Print(err)
			conn.Close()
			continue
		}
		fmt.Println("taken over", d.Version(), d.Offset())
		s.serve(conn.(*net.TCPConn), d)
	}
}
