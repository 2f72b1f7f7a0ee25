package fuzz

import (
	"fmt"
	"slices"

	"github.com/wsfsm/wsfsm"
)

// command gives a command to the end and notes what must come of it at the peer.
func (e *end) command(op Op, peer *end) error {
	data := op.Octet.Bytes()
	var err error
	due := ""
	switch op.Kind {
	case OpText:
		err, due = e.d.Text(data), message(wsfsm.Text, data)
	case OpBinary:
		err, due = e.d.Binary(data), message(wsfsm.Binary, data)
	case OpLend:
		lent := slices.Clone(data)
		err, due = e.d.Lend(op.message(), lent, func() {}), message(op.message(), data)
	case OpBegin:
		if err = e.d.Begin(op.message(), data); err == nil {
			e.kind, e.text = op.message(), append([]byte{}, data...)
		}
	case OpAppend:
		if err = e.d.Append(data); err == nil {
			e.text = append(e.text, data...)
		}
	case OpEnd:
		if err = e.d.End(data); err == nil {
			due, e.text = message(e.kind, append(e.text, data...)), nil
		}
	case OpPing:
		var id wsfsm.PingID
		if id, err = e.d.Ping(data); err == nil {
			due = fmt.Sprintf("ping 0 %q", data)
			e.pongs[string(data)]++
			if want := e.book.add(string(data)); id != want {
				return fmt.Errorf("the ping has number %d, not %d", id, want)
			}
		}
	case OpPong:
		if err = e.d.Pong(data); err == nil {
			peer.pongs[string(data)]++
		}
	case OpClose:
		if err = e.d.Close(wsfsm.CloseCode(op.N), string(data)); err == nil && e.closing == "" {
			e.closing = closed(wsfsm.CloseCode(op.N), string(data))
		}
	}
	if err == nil && due != "" {
		peer.want = append(peer.want, due)
	}
	return nil
}

func message(kind wsfsm.MessageKind, data []byte) string { return fmt.Sprintf("%v %q", kind, data) }

// closed writes how a connection ends.
func closed(code wsfsm.CloseCode, reason string) string {
	if code == 0 {
		code = wsfsm.CloseNoStatus
	}
	return fmt.Sprintf("%d %q", code, reason)
}

// describe writes an event with all that the receiver learns.
func describe(e wsfsm.Event) string {
	if e.Kind == wsfsm.EventMessage {
		return message(e.Message, e.Data)
	}
	return fmt.Sprintf("%v %d %q", e.Kind, e.Ping(), e.Data)
}

// take takes all events of the end and compares them with what is due.
func (e *end) take(l *link) error {
	for {
		ev, ok := e.d.Next()
		if !ok {
			return nil
		}
		if err := e.event(ev, l); err != nil {
			return fmt.Errorf("%v: %w", e.role, err)
		}
	}
}

func (e *end) event(ev wsfsm.Event, l *link) error {
	if e.shut {
		return fmt.Errorf("%s comes behind the last event", describe(ev))
	}
	switch ev.Kind {
	case wsfsm.EventOpen:
		e.open = true
		return nil
	case wsfsm.EventError:
		return fmt.Errorf("an honest peer has failed it: %w", e.d.Err())
	case wsfsm.EventClosed:
		e.shut = true
		return e.ended(ev, l)
	case wsfsm.EventPong:
		return e.pong(ev)
	case wsfsm.EventMessage:
		e.piece = append(e.piece, ev.Data...)
		if !ev.Last() {
			return nil
		}
		data := e.piece
		e.piece = nil
		if l.p.Options.Echo && l.ends[1] == e { // one end only, or it would never stop
			echo := Op{Kind: OpText, Octet: Plain(data)}
			if ev.Message == wsfsm.Binary {
				echo.Kind = OpBinary
			}
			if err := e.command(echo, l.ends[0]); err != nil {
				return err
			}
		}
		return e.due(message(ev.Message, data))
	}
	return e.due(describe(ev))
}

// due takes an event off those that are due.
func (e *end) due(got string) error {
	if len(e.want) == 0 || e.want[0] != got {
		return fmt.Errorf("the event is %.200s, not %.200q", got, e.want[:min(len(e.want), 1)])
	}
	e.want = e.want[1:]
	return nil
}

// pong checks that a pong answers a ping, or was sent by the application.
func (e *end) pong(ev wsfsm.Event) error {
	payload := string(ev.Data)
	if want := e.book.settle(payload); want != ev.Ping() {
		return fmt.Errorf("the pong answers ping %d, not %d", ev.Ping(), want)
	}
	if e.pongs[payload]--; e.pongs[payload] < 0 {
		return fmt.Errorf("the pong %q answers nothing", payload)
	}
	return nil
}

// ended checks how the connection has ended.
func (e *end) ended(ev wsfsm.Event, l *link) error {
	if !ev.Clean() {
		if !l.lost {
			return fmt.Errorf("the connection has ended with %d %q, unclean: %w", ev.Code(), ev.Data, e.d.Err())
		}
		return nil
	}
	if !e.protocol.HasCloseCodes() {
		return nil
	}
	got, asked := closed(ev.Code(), string(ev.Data)), []string{e.closing, l.other(e).closing}
	if !slices.Contains(asked, got) {
		return fmt.Errorf("the connection has ended with %s, asked for was %q", got, asked)
	}
	return nil
}

// complete reports whether the end reads all that the peer sends: in hixie-75,
// which has no close frames, none reads on when it has closed.
func (e *end) complete() bool { return e.protocol.HasClose() || e.closing == "" }
