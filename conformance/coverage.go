package conformance

import (
	"slices"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// Cell is a place in the table of a machine, as a driver of one role comes to
// it. Its numbers are those of package states.
type Cell struct {
	Role    states.Role
	Machine states.Machine
	State   uint8
	Event   uint8
}

// String names the cell, as in "server frame length masked-7".
func (c Cell) String() string { return c.Role.String() + " " + c.Place() }

// Place names the cell without the role, as in "frame length masked-7".
func (c Cell) Place() string {
	return c.Machine.String() + " " + stateName(c.Machine, c.State) + " " + eventName(c.Machine, c.Event)
}

// Coverage holds, for each cell, the cases that go through it, in the order in
// which they were given.
type Coverage map[Cell][]*Case

// Cover runs cases as written on a protocol. A case goes through a cell if the
// driver, on its way through the case and the standard handshake before it,
// takes the transition there, or refuses the command there as the case expects.
// Cases that fail count for nothing, as do those whose endpoint speaks other
// versions too; the error is that of the first that fails.
func Cover(p *wsfsm.Protocol, cases []*Case) (Coverage, error) {
	all := Coverage{}
	var wrong error
	for _, c := range cases {
		if slices.ContainsFunc(c.Options, func(o Option) bool { return o.Name == "versions" }) {
			continue
		}
		cells, err := c.cells(p)
		if err != nil {
			if wrong == nil {
				wrong = err
			}
			continue
		}
		for at := range cells {
			all[at] = append(all[at], c)
		}
	}
	return all, wrong
}

// cells returns the cells that the case goes through; the error is that of the
// run.
func (c *Case) cells(p *wsfsm.Protocol) (map[Cell]bool, error) {
	through := map[Cell]bool{}
	err := Run(c, Config{Protocol: p, Observer: func(t wsfsm.Transition) {
		through[Cell{c.Role, t.Machine, t.From, t.Event}] = true
	}})
	if err != nil {
		return nil, err
	}
	for i := range c.Steps {
		if at, ok := c.refusal(i, p); ok {
			through[at] = true
		}
	}
	return through, nil
}

// refusal returns the cell in which step i is refused; false if it is no
// command, or one that is not expected to be refused by a machine.
func (c *Case) refusal(i int, p *wsfsm.Protocol) (Cell, bool) {
	s := &c.Steps[i]
	m, ev := commandEvent(s.Verb)
	if s.Kind != Command || ev == 0 || s.Fails == nil {
		return Cell{}, false
	}
	switch s.Fails[0] {
	case "refused":
		return Cell{Role: c.Role, Machine: m, State: stateNumber(m, s.Fails[2]), Event: ev}, s.Fails[1] == m.String()
	case "unsupported":
		at := Cell{Role: c.Role, Machine: m, State: c.standsBefore(i, m, p), Event: ev}
		return at, refuses(p, at)
	}
	return Cell{}, false
}

// standsBefore returns the state of a machine before a step.
func (c *Case) standsBefore(i int, m states.Machine, p *wsfsm.Protocol) uint8 {
	before := *c
	before.Steps = c.Steps[:i]
	s, err := newStage(&before, Config{Protocol: p, Observer: func(wsfsm.Transition) {}})
	if err != nil {
		return 0
	}
	_ = s.run(Config{}) // what the steps left out would expect is still there
	return s.stood[m].To
}

// commandEvent returns the machine and the event that a command is for; zero
// for what is no command to a machine.
func commandEvent(verb string) (states.Machine, uint8) {
	switch verb {
	case "text", "binary", "begin", "append", "end", "lend":
		return states.MachineConnection, uint8(states.ConnectionOnSendData)
	case "ping":
		return states.MachineConnection, uint8(states.ConnectionOnSendPing)
	case "pong":
		return states.MachineConnection, uint8(states.ConnectionOnSendPong)
	case "close":
		return states.MachineConnection, uint8(states.ConnectionOnClose)
	case "start":
		return states.MachineHandshake, uint8(states.HandshakeOnStart)
	case "reject":
		return states.MachineHandshake, uint8(states.HandshakeOnReject)
	case "detach":
		return states.MachineHandshake, uint8(states.HandshakeOnDetach)
	case "tunnel":
		return states.MachineHandshake, uint8(states.HandshakeOnTunnel)
	}
	return 0, 0
}

// refuses reports whether a machine that takes commands refuses one.
func refuses(p *wsfsm.Protocol, at Cell) bool {
	if at.Machine == states.MachineHandshake {
		return p.Handshake.Table.At(states.HandshakeState(at.State), states.HandshakeEvent(at.Event)).To == 0
	}
	return p.Connection.Table.At(states.ConnectionState(at.State), states.ConnectionEvent(at.Event)).To == 0
}

// stateNumber returns the number of a state; 0 if the machine has none of that
// name.
func stateNumber(m states.Machine, name string) uint8 {
	for s := range uint8(255) {
		if stateName(m, s) == name {
			return s
		}
	}
	return 0
}
