package peers

import (
	"errors"
	"io"
	"net"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/bench/wire"
)

// Driver is this library without its sockets.
func Driver() Peer {
	return Peer{Name: "wsfsm", Own: true, Receive: driverReceive(wsfsm.Options{AutoStart: true}),
		Open: driverOpen(wsfsm.Options{AutoStart: true}, appending), Upgrade: driverUpgrade(), Serve: each(driverEcho(wsfsm.Options{AutoStart: true}))}
}

// Output is the driver that encodes into its own buffer.
func Output() Peer {
	return Peer{Name: "wsfsm output", Own: true, Receive: nothingToReceive, Open: driverOpen(wsfsm.Options{AutoStart: true}, copying)}
}

// Pieces is the driver that hands messages out in pieces.
func Pieces() Peer {
	return Peer{Name: "wsfsm pieces", Own: true,
		Receive: driverReceive(wsfsm.Options{AutoStart: true, Deliver: wsfsm.DeliverPieces}), Open: nothingToOpen}
}

// Lending is the driver that sends without a copy.
func Lending() Peer {
	return Peer{Name: "wsfsm lend", Own: true, Receive: nothingToReceive, Open: driverOpen(wsfsm.Options{AutoStart: true}, lending)}
}

func nothingToOpen(wire.Role, net.Conn) (Sender, error) { return nil, ErrNot }

func nothingToReceive(wire.Role, net.Conn, *wire.Tally) error { return ErrNot }

func endpoint(o wsfsm.Options) *wsfsm.Endpoint {
	ep, err := wsfsm.NewEndpoint(o)
	if err != nil {
		panic(err)
	}
	return ep
}

// DriverWith is the driver with options.
func DriverWith(o wsfsm.Options) Peer {
	return Peer{Name: "wsfsm", Own: true, Receive: driverReceive(o), Open: driverOpen(o, appending)}
}

func driverReceive(o wsfsm.Options) func(wire.Role, net.Conn, *wire.Tally) error {
	ep, pieces := endpoint(o), o.Deliver == wsfsm.DeliverPieces
	return func(role wire.Role, c net.Conn, t *wire.Tally) error {
		buf := make([]byte, wire.Chunk)
		d, err := open(ep, role, c, buf)
		if err != nil {
			return err
		}
		t.Start()
		for {
			p := d.Room(wire.Chunk / 4)
			if p == nil {
				p = buf
			}
			n, err := c.Read(p)
			if err != nil {
				return ended(err)
			}
			if err := d.Receive(p[:n]); err != nil {
				return err
			}
			for {
				e, ok := d.Next()
				if !ok {
					break
				}
				switch {
				case e.Kind == wsfsm.EventMessage && pieces:
					t.GotPiece(e.Message == wsfsm.Text, e.Data, e.Last())
				case e.Kind == wsfsm.EventMessage:
					t.Got(e.Message == wsfsm.Text, e.Data)
				case e.Kind == wsfsm.EventError:
					return d.Err()
				}
			}
		}
	}
}

// open reads and writes the opening handshake.
func open(ep *wsfsm.Endpoint, role wire.Role, c net.Conn, buf []byte) (d *wsfsm.Driver, err error) {
	d = ep.Server()
	if role == wire.Client {
		if d, err = ep.Client("ws://bench/"); err != nil {
			return nil, err
		}
		if err := d.Start(); err != nil {
			return nil, err
		}
		if err := flush(d, c); err != nil {
			return nil, err
		}
	}
	n, err := c.Read(buf)
	if err != nil {
		return nil, err
	}
	if err := d.Receive(buf[:n]); err != nil {
		return nil, err
	}
	err = io.ErrUnexpectedEOF
	for e := range d.Events() {
		if e.Kind == wsfsm.EventOpen {
			err = nil
		}
	}
	if err != nil {
		return nil, errors.Join(err, d.Err())
	}
	return d, flush(d, c)
}

func flush(d *wsfsm.Driver, c io.Writer) error {
	for d.Unsent() > 0 {
		n, err := c.Write(d.Output())
		if err != nil {
			return err
		}
		d.Sent(n)
	}
	return nil
}

func driverOpen(o wsfsm.Options, sender func(*wsfsm.Driver, net.Conn) Sender) func(wire.Role, net.Conn) (Sender, error) {
	ep := endpoint(o)
	return func(role wire.Role, c net.Conn) (Sender, error) {
		d, err := open(ep, role, c, make([]byte, wire.Chunk))
		return sender(d, c), err
	}
}

func kindOf(text bool) wsfsm.MessageKind {
	if text {
		return wsfsm.Text
	}
	return wsfsm.Binary
}

// appending encodes into a buffer of its own.
func appending(d *wsfsm.Driver, c net.Conn) Sender {
	var kept []byte
	return func(text bool, messages ...[]byte) (err error) {
		buf, kind := kept, kindOf(text)
		for _, p := range messages {
			if buf, err = d.EncodeMessage(buf[:0], kind, p); err != nil {
				return err
			}
			if _, err = c.Write(buf); err != nil {
				return err
			}
		}
		kept = buf
		return nil
	}
}

func copying(d *wsfsm.Driver, c net.Conn) Sender {
	return sender(d.Text, d.Binary, func(send func([]byte) error, p []byte) error {
		if err := send(p); err != nil {
			return err
		}
		return flush(d, c)
	})
}

func lending(d *wsfsm.Driver, c net.Conn) Sender {
	return sender(wsfsm.Text, wsfsm.Binary, func(kind wsfsm.MessageKind, p []byte) error {
		if err := d.Lend(kind, p, nothing); err != nil {
			if err == wsfsm.ErrMasked {
				return ErrNot
			}
			return err
		}
		return flush(d, c)
	})
}

func nothing() {}

func driverUpgrade() func(net.Conn) error {
	ep := endpoint(wsfsm.Options{AutoStart: true})
	buf := make([]byte, wire.Chunk)
	return func(c net.Conn) error {
		d := ep.Server()
		n, err := c.Read(buf)
		if err != nil {
			return err
		}
		if err := d.Receive(buf[:n]); err != nil {
			return err
		}
		if e, ok := d.Next(); !ok || e.Kind != wsfsm.EventOpen {
			return errors.Join(io.ErrUnexpectedEOF, d.Err())
		}
		d.ForgetHeads() // it looks at messages only
		return flush(d, c)
	}
}

// driverEcho answers all messages of one read with one write.
func driverEcho(o wsfsm.Options) func(net.Conn) {
	ep := endpoint(o)
	return func(c net.Conn) {
		buf := make([]byte, 16<<10)
		d, err := open(ep, wire.Server, c, buf)
		for err == nil {
			var n int
			if n, err = c.Read(buf); err != nil {
				return
			}
			err = d.Receive(buf[:n])
			for e := range d.Events() {
				switch {
				case e.Kind != wsfsm.EventMessage:
				case e.Message == wsfsm.Text:
					err = d.Text(e.Data)
				default:
					err = d.Binary(e.Data)
				}
			}
			if err == nil {
				err = flush(d, c)
			}
		}
	}
}

// ended takes the end of the stream for success.
func ended(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// IdleDriver opens drivers without sockets, over which one message has come; they
// may forget what was in the heads of the opening handshake.
func IdleDriver(forget bool) func() (any, error) {
	ep, buf := endpoint(wsfsm.Options{AutoStart: true}), make([]byte, 1<<10)
	frame := wire.Frame{Final: true, Opcode: wire.BinaryOpcode, Payload: make([]byte, 100)}.Append(nil, &[4]byte{})
	return func() (any, error) {
		c := wire.Empty(wire.Server)
		d, err := open(ep, wire.Server, c, buf)
		if err == nil {
			err = d.Receive(buf[:copy(buf, frame)])
			for range d.Events() {
			}
		}
		if err == nil && forget {
			d.ForgetHeads()
		}
		return d, err
	}
}
