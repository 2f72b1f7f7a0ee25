package trace

import (
	"errors"
	"fmt"

	"github.com/wsfsm/wsfsm"
)

// errUnknownCall: a trace has a call that no driver has.
var errUnknownCall = errors.New("trace: there is no such call")

// on carries out the call on a driver and notes what it returns; done is for Lend. The
// error is errUnknownCall.
func (c *Call) on(d *wsfsm.Driver, done func()) error {
	var err error
	switch c.Call {
	case "Next":
		c.next(d)
	case "Detach":
		c.Unread.P, err = d.Detach()
	case "Ping":
		var id wsfsm.PingID
		id, err = d.Ping(c.Data.P)
		c.Ping = int64(id)
	case "Lend":
		err = d.Lend(c.kind(), c.Data.P, done)
	default:
		var known bool
		if known = c.handshake(d, &err); !known {
			if known = c.command(d, &err); !known {
				known = c.transport(d, &err)
			}
		}
		if !known {
			return fmt.Errorf("%w as %q", errUnknownCall, c.Call)
		}
	}
	if err != nil {
		c.Error, c.failure = err.Error(), err
	}
	return nil
}

// handshake carries out calls of the opening handshake; false for others.
func (c *Call) handshake(d *wsfsm.Driver, err *error) bool {
	switch c.Call {
	case "Start":
		*err = d.Start(c.Header...)
	case "Tunnel":
		*err = d.Tunnel(c.Header...)
	case "ChooseSubprotocol":
		*err = d.ChooseSubprotocol(c.Text)
	case "Reject":
		*err = d.Reject(int(c.Code), c.Header, c.Data.P)
	case "SetSecure":
		d.SetSecure()
	case "ForgetHeads":
		d.ForgetHeads()
	default:
		return false
	}
	return true
}

// command carries out calls that send; false for others.
func (c *Call) command(d *wsfsm.Driver, err *error) bool {
	switch c.Call {
	case "Text":
		*err = d.Text(c.Data.P)
	case "Binary":
		*err = d.Binary(c.Data.P)
	case "Begin":
		*err = d.Begin(c.kind(), c.Data.P)
	case "Append":
		*err = d.Append(c.Data.P)
	case "End":
		*err = d.End(c.Data.P)
	case "Pong":
		*err = d.Pong(c.Data.P)
	case "Close":
		*err = d.Close(wsfsm.CloseCode(c.Code), c.Text)
	case "SetMaxMessage":
		*err = d.SetMaxMessage(c.Code)
	default:
		return false
	}
	return true
}

// transport carries out calls that tell of the transport; false for others.
func (c *Call) transport(d *wsfsm.Driver, err *error) bool {
	switch c.Call {
	case "Receive":
		*err = d.Receive(c.Data.P)
	case "ReceiveEOF":
		var cause error
		if c.Text != "" {
			cause = errors.New(c.Text)
		}
		d.ReceiveEOF(cause)
	case "Expire":
		d.Expire()
	case "Sent":
		d.Sent(int(c.Code))
	case "DropOutput":
		d.DropOutput()
	default:
		return false
	}
	return true
}

func (c *Call) kind() wsfsm.MessageKind {
	if c.Kind == wsfsm.Binary.String() {
		return wsfsm.Binary
	}
	return wsfsm.Text
}

// next takes an event.
func (c *Call) next(d *wsfsm.Driver) {
	e, ok := d.Next()
	if !ok {
		return
	}
	c.event = e
	c.Event = &Event{
		Kind: e.Kind.String(), Data: Octets{P: append([]byte(nil), e.Data...)}, First: e.First(), Last: e.Last(),
		Code: int(e.Code()), Clean: e.Clean(), Ping: int64(e.Ping()),
	}
	switch e.Kind {
	case wsfsm.EventMessage:
		c.Event.Message = e.Message.String()
	case wsfsm.EventRequest, wsfsm.EventOpen:
		c.Event.Version = d.Version()
	case wsfsm.EventError, wsfsm.EventClosed:
		if err := d.Err(); err != nil {
			c.Event.Error = err.Error()
		}
	}
}
