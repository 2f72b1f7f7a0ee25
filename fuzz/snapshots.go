package fuzz

import (
	"crypto/sha256"
	"errors"
	"slices"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// playSnapshot plays a program on drivers that are moved to another one before each
// call, which must be as right as if they stayed. Octets that are no program are 0,
// the version, the role, the size of the body of a snapshot and the body, behind
// which comes a program: what Restore lets through must drive without a panic, and
// can be moved again.
func playSnapshot(octets []byte) error {
	if p, ok := Decode(octets); ok {
		p.Ops = slices.DeleteFunc(p.Ops, func(op Op) bool { return op.Kind == OpLend }) // what is lent comes back early
		for _, role := range []states.Role{states.Server, states.Client} {
			still := role == states.Client // masking keys are drawn anew
			if still && p.Options.Version == "hybi-04" {
				continue // whose key is that of the usual source
			}
			if err := Check(Config{Role: role, still: still, Wrap: func(d Driver) Driver { return &moved{Driver: d.(*wsfsm.Driver)} }}, p); err != nil {
				return err
			}
		}
		return nil
	}
	d := decoder{rest: octets}
	d.octet()
	protocols := wsfsm.Protocols()
	p := protocols[int(d.octet())%len(protocols)]
	role := states.Server + states.Role(d.octet()&1)
	size := min(d.number(), len(d.rest))
	snapshot := snapshotOf(p, role, d.rest[:size])
	program, _ := Decode(append([]byte{1}, d.rest[size:]...))
	return restore(snapshot, side{role, p.Name}, program)
}

// snapshotOf puts around the body of a snapshot what belongs there.
func snapshotOf(p *wsfsm.Protocol, role states.Role, body []byte) []byte {
	hash := p.Hash()
	s := append([]byte("wsfsm\x00snapshot\x00\x01"), byte(len(p.Name)))
	s = slices.Concat(s, []byte(p.Name), hash[:], []byte{byte(role) - 1}, body)
	sum := sha256.Sum256(s)
	return append(s, sum[:8]...)
}

// restore makes a driver of a snapshot and has it do what the program says, with
// another snapshot in the middle.
func restore(snapshot []byte, s side, p Program) error {
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{Rand: zeros{}, Versions: []string{s.name()}, Subprotocols: subprotocols()})
	if err != nil {
		return err
	}
	for _, ops := range [][]Op{p.Ops[:len(p.Ops)/2], p.Ops[len(p.Ops)/2:]} {
		d, err := ep.Restore(snapshot)
		if errors.Is(err, wsfsm.ErrBadSnapshot) {
			return nil
		} else if err != nil {
			return err
		}
		if err := drive(d, s, ops); err != nil {
			return err
		}
		if snapshot, err = d.Snapshot(); errors.Is(err, wsfsm.ErrNotMovable) {
			return nil
		} else if err != nil {
			return err
		}
	}
	return nil
}

// drive does with a driver, whatever its state is, what the operations say.
func drive(d *wsfsm.Driver, s side, ops []Op) error {
	pl := &player{role: s.role, d: d, rec: record{readTo: -1}}
	const most = 1000 // events; a forged snapshot may hold many
	take := func() {
		for range most {
			if _, ok := d.Next(); !ok {
				return
			}
		}
	}
	take()
	for _, op := range ops {
		switch {
		case op.isInput():
			if d.Receive(op.Input(s.role, s.version)) != nil {
				d.Sent(d.Unsent())
			}
		case op.Kind == OpSent:
			d.Sent(min(op.N, d.Unsent()))
		case op.Kind == OpDrop:
			d.DropOutput()
		case op.Kind == OpEOF:
			d.ReceiveEOF(nil)
		case op.Kind == OpExpire:
			d.Expire()
		case op.Kind == OpCut || op.Kind == OpNext:
		case op.Kind == OpDetach:
			_, _ = d.Detach()
		default:
			_, _ = pl.call(op)
		}
		take()
	}
	return nil
}

// moved moves the connection to another driver before each call that may change it.
type moved struct{ *wsfsm.Driver }

func (m *moved) move() {
	p, err := m.Driver.Snapshot()
	if err == nil {
		m.Driver, err = m.Driver.Endpoint().Restore(p)
	}
	if err != nil {
		panic(err)
	}
}

// Next implements Driver.
func (m *moved) Next() (wsfsm.Event, bool) { m.move(); return m.Driver.Next() }

// Sent implements Driver.
func (m *moved) Sent(n int) { m.move(); m.Driver.Sent(n) }

// Text implements Driver.
func (m *moved) Text(p []byte) error { m.move(); return m.Driver.Text(p) }

// End implements Driver.
func (m *moved) End(p []byte) error { m.move(); return m.Driver.End(p) }

// Close implements Driver.
func (m *moved) Close(code wsfsm.CloseCode, reason string) error {
	m.move()
	return m.Driver.Close(code, reason)
}
