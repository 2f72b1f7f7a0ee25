// Package peers has the implementations that are measured, each behind the same
// face: one file for each library.
package peers

import (
	"bufio"
	"errors"
	"net"
	"net/http"

	"github.com/wsfsm/wsfsm/bench/wire"
)

// ErrNot is what a peer returns that cannot do what it is asked for.
var ErrNot = errors.New("peers: not in this implementation")

// Sender sends messages, one by one: what calls a library stands in a loop, as it does
// where the library is used.
type Sender func(text bool, messages ...[]byte) error

// sender makes one of what a library calls its kinds of messages.
func sender[K any](text, binary K, write func(K, []byte) error) Sender {
	return func(isText bool, messages ...[]byte) error {
		kind := binary
		if isText {
			kind = text
		}
		for _, p := range messages {
			if err := write(kind, p); err != nil {
				return err
			}
		}
		return nil
	}
}

// Peer is an implementation.
type Peer struct {
	Name string
	// Own: it is this library.
	Own bool
	// Receive opens a connection and counts messages until its end.
	Receive func(role wire.Role, c net.Conn, t *wire.Tally) error
	// Open opens a connection to send on.
	Open func(role wire.Role, c net.Conn) (Sender, error)
	// Upgrade opens a connection as server and returns; nil if it has no own form
	// of that.
	Upgrade func(c net.Conn) error
	// Handle opens a connection that comes from net/http, and returns.
	Handle func(w http.ResponseWriter, r *http.Request) error
	// Serve sends back what comes, on all connections of a listener; nil if there is
	// nothing in the implementation for that.
	Serve func(l net.Listener) error
}

// overHTTP serves by net/http.
func overHTTP(echo func(http.ResponseWriter, *http.Request)) func(net.Listener) error {
	return func(l net.Listener) error { return http.Serve(l, http.HandlerFunc(echo)) }
}

// each serves by a goroutine for each connection.
func each(echo func(net.Conn)) func(net.Listener) error {
	return func(l net.Listener) error {
		for {
			c, err := l.Accept()
			if err != nil {
				return err
			}
			go func() {
				defer c.Close()
				echo(c)
			}()
		}
	}
}

// RawTCP sends octets back, for the cost of the sockets alone.
func RawTCP() Peer {
	return Peer{Name: "raw TCP", Serve: each(echoOctets(16 << 10))}
}

// Bare is a goroutine that waits in Read with next to no buffer.
func Bare() Peer { return Peer{Name: "a goroutine in Read", Serve: each(echoOctets(512))} }

// echoOctets answers the opening with as little as passes for an answer.
func echoOctets(buffer int) func(net.Conn) {
	return func(c net.Conn) {
		buf := make([]byte, buffer)
		if _, err := c.Read(buf); err != nil {
			return
		}
		_, err := c.Write([]byte("HTTP/1.1 101 Switching Protocols\r\n\r\n"))
		for err == nil {
			var n int
			if n, err = c.Read(buf); err == nil {
				_, err = c.Write(buf[:n])
			}
		}
	}
}

// All are the peers, this library first.
func All() []Peer {
	return []Peer{
		Driver(), Pieces(), Output(), Lending(), Wsnet(),
		Gorilla(), GobwasLow(), GobwasUtil(), Coder(), GWS(false), GWS(true), Nbio(), XNet(),
	}
}

// Accepting reads the request off a connection, for upgrades from net/http.
func Accepting(c net.Conn) (http.ResponseWriter, *http.Request, error) {
	rw := bufio.NewReadWriter(bufio.NewReaderSize(c, wire.Chunk), bufio.NewWriter(c))
	r, err := http.ReadRequest(rw.Reader)
	return &hijacked{header: http.Header{}, conn: c, rw: rw}, r, err
}

// hijacked is a response whose connection can be taken over.
type hijacked struct {
	header http.Header
	conn   net.Conn
	rw     *bufio.ReadWriter
}

func (h *hijacked) Header() http.Header         { return h.header }
func (h *hijacked) Write(p []byte) (int, error) { return h.rw.Write(p) }

func (h *hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) { return h.conn, h.rw, nil }

// WriteHeader is for who answers before taking the connection over.
func (h *hijacked) WriteHeader(status int) {
	if status != http.StatusSwitchingProtocols {
		h.rw.WriteString("HTTP/1.1 400 Bad Request\r\n\r\n")
	} else {
		h.rw.WriteString("HTTP/1.1 101 Switching Protocols\r\n")
		h.header.Write(h.rw)
		h.rw.WriteString("\r\n")
	}
	h.rw.Flush()
}
