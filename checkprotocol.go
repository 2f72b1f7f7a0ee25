package wsfsm

import (
	"fmt"
	"slices"

	"github.com/wsfsm/wsfsm/states"
)

// checkProtocol refuses a protocol whose parts do not fit each other, so that
// driving it cannot panic. What gen has checked always fits.
func checkProtocol(p *Protocol) error {
	if p == nil {
		return fmt.Errorf("wsfsm: protocol is nil")
	}
	heads := len(p.Handshake.Heads)
	for _, err := range []error{
		checkMachine("connection", &p.Connection.Machine, 0),
		checkMachine("http", &p.HTTP.Machine, 0),
		checkMachine("handshake", &p.Handshake.Machine, heads),
		checkMachine("frame", &p.Frame.Machine, 0),
		checkMachine("message", &p.Message.Machine, 0),
	} {
		if err != nil {
			return fmt.Errorf("wsfsm: protocol %s: %w", p.Name, err)
		}
	}
	if n := len(p.Connection.Final); len(p.Connection.Inputs) != n || len(p.Connection.Waits) != n {
		return fmt.Errorf("wsfsm: protocol %s: connection: inputs or waits do not fit the table", p.Name)
	}
	return nil
}

// checkMachine checks one machine. heads is how many heads a head read may name.
func checkMachine[S, E ~uint8, T any](name string, m *Machine[S, E, T], heads int) error {
	n := len(m.Final)
	if m.Table == nil || len(m.Reads) != n || n == 0 {
		return fmt.Errorf("%s: reads or final states do not fit the table", name)
	}
	for _, s := range m.Initial {
		if s == 0 || int(s) >= n {
			return fmt.Errorf("%s: initial state %d", name, s)
		}
	}
	for _, c := range m.Classes {
		for _, tables := range c.Tables {
			if len(tables) != 1 && len(tables) != ownerships || slices.Contains(tables, nil) {
				return fmt.Errorf("%s: class %s has %d tables or misses one", name, c.Name, len(tables))
			}
		}
	}
	longest := fieldSize
	if heads > 0 {
		longest = bodySize
	}
	for s, r := range m.Reads {
		for _, arg := range r.Args {
			if err := checkRead(r.Kind, int(arg), len(m.Classes), heads, longest); err != nil {
				return fmt.Errorf("%s: state %d: %w", name, s, err)
			}
		}
	}
	return nil
}

func checkRead(kind states.ReadKind, arg, classes, heads, longest int) error {
	switch kind {
	case states.ReadOctet, states.ReadBody, states.ReadFrame:
		if arg >= classes {
			return fmt.Errorf("class %d", arg)
		}
	case states.ReadOctets:
		if arg > longest {
			return fmt.Errorf("%d octets", arg)
		}
	case states.ReadHead:
		if arg >= heads {
			return fmt.Errorf("head %d", arg)
		}
	}
	return nil
}
