package differential

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"

	"github.com/coder/websocket"
	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
	gorilla "github.com/gorilla/websocket"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/bench/peers"
	"github.com/wsfsm/wsfsm/bench/wire"
)

// Libraries are the others, by name.
func Libraries() []string { return []string{"coder", "gobwas", "gorilla"} }

func readerOf(library string) reader {
	return map[string]reader{"coder": coder, "gobwas": gobwas, "gorilla": withGorilla}[library]
}

func received(code int, reason string) string { return fmt.Sprintf("%d %q", code, reason) }

// ours reads with the driver.
func ours(role wire.Role, c net.Conn, got func(bool, []byte)) (End, string) {
	d, err := open(role, c)
	buf := make([]byte, wire.Chunk)
	for err == nil {
		n, failure := c.Read(buf)
		if failure != nil {
			d.ReceiveEOF(nil)
		} else if err = d.Receive(buf[:n]); err != nil {
			break
		}
		for e, ok := d.Next(); ok; e, ok = d.Next() {
			switch e.Kind {
			case wsfsm.EventMessage:
				got(e.Message == wsfsm.Text, e.Data)
			case wsfsm.EventError:
				var broken *wsfsm.Error
				errors.As(d.Err(), &broken)
				_ = flush(d, c) // nobody reads it but the test
				return Failed, broken.Violation.String()
			case wsfsm.EventClosed:
				if !e.Clean() {
					return Ended, ""
				}
				return Closed, received(int(e.Code()), string(e.Data))
			}
		}
		err = flush(d, c)
	}
	return Failed, err.Error()
}

// open takes a driver through the opening handshake.
func open(role wire.Role, c net.Conn) (*wsfsm.Driver, error) {
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{AutoStart: true, MaxMessage: wsfsm.NoLimit})
	if err != nil {
		return nil, err
	}
	d := ep.Server()
	if role == wire.Client {
		if d, err = ep.Client("ws://bench/"); err != nil {
			return nil, err
		}
		if err = errors.Join(d.Start(), flush(d, c)); err != nil {
			return nil, err
		}
	}
	head := make([]byte, wire.Chunk)
	n, err := c.Read(head)
	if err == nil {
		err = d.Receive(head[:n])
	}
	for e, ok := d.Next(); ok; e, ok = d.Next() {
		if e.Kind != wsfsm.EventOpen {
			return nil, d.Err()
		}
	}
	return d, errors.Join(err, flush(d, c))
}

func flush(d *wsfsm.Driver, c net.Conn) error {
	for d.Unsent() > 0 {
		n, err := c.Write(d.Output())
		if err != nil {
			return err
		}
		d.Sent(n)
	}
	return nil
}

// withGorilla reads with gorilla/websocket.
func withGorilla(role wire.Role, c net.Conn, got func(bool, []byte)) (End, string) {
	conn, err := peers.OpenGorilla(role, c, &gorilla.Upgrader{})
	if err != nil {
		return Failed, err.Error()
	}
	closed := ""
	handle := conn.CloseHandler()
	conn.SetCloseHandler(func(code int, reason string) error {
		closed = received(code, reason)
		return handle(code, reason)
	})
	for {
		kind, p, err := conn.ReadMessage()
		switch {
		case err == nil:
			got(kind == gorilla.TextMessage, p)
		case closed != "":
			return Closed, closed
		case gorilla.IsCloseError(err, gorilla.CloseAbnormalClosure), isEnd(err):
			return Ended, ""
		default:
			return Failed, err.Error()
		}
	}
}

func isEnd(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }

// gobwas reads with gobwas/ws by its package wsutil, and has it check texts.
func gobwas(role wire.Role, c net.Conn, got func(bool, []byte)) (End, string) {
	state, err := ws.StateServerSide, error(nil)
	if role == wire.Client {
		state = ws.StateClientSide
		_, _, err = ws.DefaultDialer.Upgrade(c, &url.URL{Scheme: "ws", Host: "bench", Path: "/"})
	} else {
		_, err = ws.Upgrade(c)
	}
	rw := struct {
		io.Reader
		io.Writer
	}{bufio.NewReader(c), c}
	for err == nil {
		var p []byte
		var code ws.OpCode
		if p, code, err = wsutil.ReadData(rw, state); err == nil {
			got(code == ws.OpText, p)
		}
	}
	var closed wsutil.ClosedError
	switch {
	case errors.As(err, &closed):
		return Closed, received(int(closed.Code), closed.Reason)
	case isEnd(err):
		return Ended, ""
	}
	return Failed, err.Error()
}

// coder reads with coder/websocket.
func coder(role wire.Role, c net.Conn, got func(bool, []byte)) (End, string) {
	conn, err := openCoder(role, c)
	if err != nil {
		return Failed, err.Error()
	}
	defer conn.CloseNow()
	conn.SetReadLimit(-1)
	for {
		kind, p, err := conn.Read(context.Background())
		var closed websocket.CloseError
		switch {
		case err == nil:
			got(kind == websocket.MessageText, p)
		case errors.As(err, &closed):
			return Closed, received(int(closed.Code), closed.Reason)
		case isEnd(err):
			return Ended, ""
		default:
			return Failed, err.Error()
		}
	}
}

func openCoder(role wire.Role, c net.Conn) (*websocket.Conn, error) {
	if role == wire.Client {
		h := &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return c, nil }}}
		conn, _, err := websocket.Dial(context.Background(), "ws://bench/", &websocket.DialOptions{HTTPClient: h})
		return conn, err
	}
	w, r, err := peers.Accepting(c)
	if err != nil {
		return nil, err
	}
	return websocket.Accept(w, r, nil)
}
