package wsnet

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// open drives the opening handshake on a transport whose deadline is set, until
// the connection is open. It returns the buffer in which input may be pending.
// The transport is closed if it fails.
func open(nc net.Conn, d *wsfsm.Driver, decide func(*wsfsm.Request) *Answer) ([]byte, error) {
	buf := make([]byte, readSize)
	for {
		opened, err := handshakeEvents(d, decide)
		if opened {
			return buf, writeHandshake(nc, d)
		}
		if d.CloseExpected() == states.WaitHangUp {
			writeHandshake(nc, d)
			linger(nc)
			return nil, handshakeError(d, err)
		}
		if err != nil {
			nc.Close()
			return nil, handshakeError(d, err)
		}
		if err := writeHandshake(nc, d); err != nil {
			nc.Close()
			return nil, err
		}
		n, err := nc.Read(buf)
		if n > 0 {
			if err := d.Receive(buf[:n]); err != nil {
				nc.Close()
				return nil, err
			}
		}
		if err != nil {
			d.ReceiveEOF(endOfStream(err))
		}
	}
}

// handshakeEvents takes events until the connection is open, has failed, or
// wants more input.
func handshakeEvents(d *wsfsm.Driver, decide func(*wsfsm.Request) *Answer) (opened bool, err error) {
	for {
		e, ok := d.Next()
		if !ok {
			return false, nil
		}
		switch e.Kind {
		case wsfsm.EventOpen:
			return true, nil
		case wsfsm.EventRequest:
			if err := answer(d, decide); err != nil {
				return false, err
			}
		case wsfsm.EventError:
			return false, e.Err
		case wsfsm.EventClosed:
			if e.Err == wsfsm.ErrEndOfStream {
				return false, io.ErrUnexpectedEOF
			}
			return false, e.Err
		}
	}
}

// answer carries out the application's decision about a request.
func answer(d *wsfsm.Driver, decide func(*wsfsm.Request) *Answer) error {
	var a *Answer
	if decide != nil {
		a = decide(d.Request())
	}
	switch {
	case a == nil:
		return d.Start()
	case a.Status != 0:
		return d.Reject(a.Status, a.Header, a.Body)
	case a.Subprotocol != "":
		if err := d.ChooseSubprotocol(a.Subprotocol); err != nil {
			return errors.Join(err, d.Reject(500, nil, nil))
		}
	}
	return d.Start(a.Header...)
}

// writeHandshake writes what the driver wants to send.
func writeHandshake(nc net.Conn, d *wsfsm.Driver) error {
	for d.Unsent() > 0 {
		n, err := nc.Write(d.Output())
		d.Sent(n)
		if err != nil {
			return err
		}
	}
	return nil
}

// errRejected is the error of a request that the application turned down.
var errRejected = errors.New("the application rejected the request")

func handshakeError(d *wsfsm.Driver, err error) error {
	if err == nil {
		err = errRejected
	}
	return &HandshakeError{Response: d.Response(), Err: err}
}

// timedOut replaces the error of a deadline by that of the timeout it stands for.
func timedOut(err, timeout error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return timeout
	}
	return err
}

// endsWith makes the deadline of a transport that of a context.
func endsWith(ctx context.Context, nc net.Conn) (stop func() bool) {
	return context.AfterFunc(ctx, func() { nc.SetDeadline(time.Unix(1, 0)) })
}
