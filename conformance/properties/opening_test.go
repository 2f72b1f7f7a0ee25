package properties

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance/model"
	"github.com/wsfsm/wsfsm/states"
)

// calls are the methods of a driver that do something: those of *wsfsm.Driver, of
// *trace.Recorder, or of one of them with something around it.
type calls interface {
	Receive(p []byte) error
	ReceiveEOF(cause error)
	Expire()
	Next() (wsfsm.Event, bool)
	Output() []byte
	Sent(n int)
	DropOutput()
	Start(header ...wsfsm.Field) error
	Text(p []byte) error
	Binary(p []byte) error
	Begin(kind wsfsm.MessageKind, p []byte) error
	Append(p []byte) error
	End(p []byte) error
	Lend(kind wsfsm.MessageKind, p []byte, done func()) error
	Ping(p []byte) (wsfsm.PingID, error)
	Pong(p []byte) error
	Close(code wsfsm.CloseCode, reason string) error
}

// take takes the output.
func take(c calls) (all []byte) {
	for p := c.Output(); len(p) > 0; p = c.Output() {
		all = append(all, p...)
		c.Sent(len(p))
	}
	return all
}

// open takes a client and a server through the opening handshake.
func open(client, server calls) error {
	if err := client.Start(); err != nil {
		return err
	}
	for _, way := range []struct{ from, to calls }{{client, server}, {server, client}} {
		if err := way.to.Receive(take(way.from)); err != nil {
			return err
		}
		e, ok := way.to.Next()
		if !ok || e.Kind != wsfsm.EventOpen {
			return fmt.Errorf("the opening handshake gives %v", e.Kind)
		}
		if _, ok := way.to.Next(); ok {
			return errors.New("the opening handshake gives more than one event")
		}
	}
	return nil
}

// model returns the model of one end of an open connection.
func modelOf(version string, role states.Role, client, server *wsfsm.Driver) model.Params {
	p := model.New(version, modelRole(role))
	key := client.Response().Header.Get("Sec-WebSocket-Nonce")
	p.ConnectionKey = model.ConnectionKey(server.Request().Header.Get("Sec-WebSocket-Key"), key)
	return p
}

func modelRole(role states.Role) model.Role {
	if role == states.Client {
		return model.Client
	}
	return model.Server
}

// reaction is what a driver did in a step, in the model's words.
type reaction struct {
	events  []model.Event
	sent    []model.Frame
	refused bool
	state   model.State
}

func (r reaction) equals(s reaction) bool {
	return slices.Equal(r.events, s.events) && slices.Equal(r.sent, s.sent) && r.refused == s.refused && r.state == s.state
}

// reactionOf takes all events and all output of a driver behind a step.
func reactionOf(c calls, d *wsfsm.Driver, p model.Params, refused error) (r reaction, err error) {
	r.refused = refused != nil
	for e, ok := c.Next(); ok; e, ok = c.Next() {
		told, err := eventOf(e, d.Err())
		if err != nil {
			return r, err
		}
		r.events = append(r.events, told)
	}
	r.state = stateOf(d.State())
	octets := take(c)
	frames, rest := p.SplitFrames(octets)
	if len(rest) > 0 || d.Pending() > 0 {
		return r, fmt.Errorf("sent %x, which is more than frames, or %d octets are pending", octets, d.Pending())
	}
	for _, f := range frames {
		r.sent = append(r.sent, f.Unmasked())
	}
	return r, nil
}

// eventOf says an event in the model's words.
func eventOf(e wsfsm.Event, failure error) (model.Event, error) {
	switch e.Kind {
	case wsfsm.EventMessage:
		return model.Event{Kind: model.Kind(e.Message.String()), Data: string(e.Data)}, nil
	case wsfsm.EventPing, wsfsm.EventPong:
		return model.Event{Kind: model.Kind(e.Kind.String()), Data: string(e.Data)}, nil
	case wsfsm.EventClosed:
		return model.Event{Kind: model.KindClosed, Data: string(e.Data), Code: uint16(e.Code()), Clean: e.Clean()}, nil
	case wsfsm.EventError:
		var broken *wsfsm.Error
		if !errors.As(failure, &broken) {
			return model.Event{}, fmt.Errorf("an error without a violation: %w", failure)
		}
		return model.Event{Kind: model.KindError, Code: uint16(broken.Code), Violation: model.Violation(broken.Violation.String())}, nil
	}
	return model.Event{}, fmt.Errorf("an event of kind %v", e.Kind)
}

// stateOf returns the model's state for one of the driver's.
func stateOf(s states.ConnectionState) model.State {
	names := [states.ConnectionStateCount + 1]model.State{
		states.ConnectionOpen: model.StateOpen, states.ConnectionClosingSent: model.StateCloseSent, states.ConnectionClosingBoth: model.StateCloseBoth,
		states.ConnectionEnding: model.StateEnding, states.ConnectionHangingUp: model.StateFailed, states.ConnectionClosed: model.StateClosed,
	}
	return names[s]
}

// String writes the reaction for a reader.
func (r reaction) String() string {
	var s strings.Builder
	for _, e := range r.events {
		fmt.Fprintf(&s, "%s %d %s clean %v %.80q; ", e.Kind, e.Code, e.Violation, e.Clean, e.Data)
	}
	for _, f := range r.sent {
		fmt.Fprintf(&s, "sent %d fin %v %.80q; ", f.Opcode, f.Fin, f.Payload)
	}
	return s.String() + fmt.Sprintf("refused %v, %s", r.refused, r.state)
}

// zeros is a source of random octets that makes each run the same.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// restored makes a driver of a snapshot, whose octets are not kept.
func restored(ep *wsfsm.Endpoint, snapshot []byte) (*wsfsm.Driver, error) {
	return ep.Restore(bytes.Clone(snapshot))
}
