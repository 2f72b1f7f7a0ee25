package conformance

import (
	"fmt"
	"slices"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/fsm"
	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/states"
)

// equivalent reports whether a mutant of a machine cannot be told from it, in
// the role of its cell: from the initial states on, both refuse the same events
// and do the same actions, in states of the same kind (fsm.Equivalent). The
// machine is compared together with the connection machine, which says whether
// it is fed: where it leads does not matter if it is never asked again.
func (v *suite) equivalent(t testing.TB, at Cell, to lower.Cell) bool {
	same := &composition{suite: v, role: at.Role, labels: map[string]uint8{}}
	if m := machineNamed(v.spec.Name); m == states.MachineHandshake || m == states.MachineFrame {
		same.connection = &v.Lowered.Machines[machineIndex(v.Lowered, states.MachineConnection)]
	}
	a, b := same.graph(t, at, nil), same.graph(t, at, &to)
	_, equal := fsm.Equivalent(a, same.initial(), b, same.initial())
	return equal
}

// composition is a machine of a role and, for one that the connection has fed,
// the connection machine.
type composition struct {
	*suite
	role       states.Role
	connection *lower.Machine   // nil for a machine by itself
	labels     map[string]uint8 // numbers of what transitions do
}

// place numbers a pair of states.
func (c *composition) place(own, connection uint8) uint8 {
	return 1 + (own-1)*(states.ConnectionStateCount+1) + connection
}

func (c *composition) initial() uint8 {
	own := c.lowered(c.spec).Initial[c.role-1]
	if c.connection == nil {
		return c.place(own, 0)
	}
	return c.place(own, c.connection.Initial[c.role-1])
}

// graph is the composition with one cell replaced, unless to is nil.
func (c *composition) graph(t testing.TB, at Cell, to *lower.Cell) *fsm.Graph {
	m := c.lowered(c.spec)
	var list []fsm.Transition
	for _, state := range c.spec.States {
		own := stateNumber(at.Machine, state.Name)
		if c.connection == nil {
			list = append(list, c.stage(own, 0, at, to)...)
			continue
		}
		for connection := uint8(1); connection <= states.ConnectionStateCount; connection++ {
			list = append(list, c.around(own, connection)...)
			if c.feeds(connection) {
				list = append(list, c.stage(own, connection, at, to)...)
			}
		}
	}
	g, err := fsm.NewGraph(256, m.EventWidth+c.width()+1, list)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// width is the number of events of the connection.
func (c *composition) width() int {
	if c.connection == nil {
		return 0
	}
	return c.connection.EventWidth
}

// feeds reports whether the connection feeds the machine.
func (c *composition) feeds(connection uint8) bool {
	if c.spec.Name == states.MachineHandshake.String() {
		return states.Input(c.connection.Inputs[connection]) == states.InputHandshake
	}
	return states.Input(c.connection.Inputs[connection]) == states.InputFrame
}

// stage are the machine's transitions from a pair of states. What the driver
// sees of its state beside the rows (what it reads, which stage it feeds, what
// it waits for, whether it is final) is one more event.
func (c *composition) stage(own, connection uint8, at Cell, to *lower.Cell) (list []fsm.Transition) {
	m := c.lowered(c.spec)
	from := c.place(own, connection)
	for _, met := range c.cells {
		cell := m.Rows[met.State][met.Event]
		if to != nil && met == at {
			cell = *to
		}
		if met.Role != c.role || met.State != own || cell.To == 0 {
			continue
		}
		next, then := connection, lower.Cell{}
		if e := coupled(at.Machine, cell.Do); e != 0 && c.connection != nil {
			if then = c.connection.Rows[connection][e]; then.To != 0 {
				next = then.To
			}
		}
		list = append(list, fsm.Transition{
			From: from, Event: met.Event, To: c.place(c.rests(cell.To), next), Action: c.label(c.effect(met, cell), then.Do),
		})
	}
	kind := fmt.Sprint(m.Reads[own], m.Final[own])
	if m.Inputs != nil {
		kind += fmt.Sprint(m.Inputs[own], m.Waits[own][c.role-1])
	}
	return append(list, fsm.Transition{From: from, Event: uint8(m.EventWidth + c.width()), To: from, Action: c.label(kind)})
}

// around are the transitions of the connection that the machine has no part in.
func (c *composition) around(own, connection uint8) (list []fsm.Transition) {
	m := c.lowered(c.spec)
	for e, cell := range c.connection.Rows[connection] {
		if cell.To != 0 && !slices.Contains(c.caused(), states.ConnectionEvent(e)) {
			list = append(list, fsm.Transition{From: c.place(own, connection), Event: uint8(m.EventWidth + e), To: c.place(own, cell.To), Action: c.label(cell.Do)})
		}
	}
	return list
}

// caused are the events of the connection that the machine brings about.
func (c *composition) caused() []states.ConnectionEvent {
	if c.spec.Name == states.MachineHandshake.String() {
		return []states.ConnectionEvent{states.ConnectionOnAccepted, states.ConnectionOnRefused, states.ConnectionOnRejected, states.ConnectionOnDetached}
	}
	return []states.ConnectionEvent{states.ConnectionOnPingReceived, states.ConnectionOnPongReceived, states.ConnectionOnCloseReceived}
}

// label numbers what is done.
func (c *composition) label(what ...any) uint8 {
	key := fmt.Sprint(what...)
	if c.labels[key] == 0 {
		c.labels[key] = uint8(len(c.labels) + 1)
	}
	return c.labels[key]
}

// coupled returns the event that an action gives the connection; 0 if none.
func coupled(m states.Machine, do uint8) states.ConnectionEvent {
	switch {
	case m == states.MachineFrame:
		return coupledFrame(states.FrameAction(do))
	case m == states.MachineHandshake:
		return coupledHandshake(states.HandshakeAction(do))
	}
	return 0
}

func coupledFrame(do states.FrameAction) states.ConnectionEvent {
	switch do {
	case states.FrameDoPassPing:
		return states.ConnectionOnPingReceived
	case states.FrameDoPassPong:
		return states.ConnectionOnPongReceived
	case states.FrameDoPassClose:
		return states.ConnectionOnCloseReceived
	}
	if do.Violation() != 0 {
		return states.ConnectionOnViolation
	}
	return 0
}

func coupledHandshake(do states.HandshakeAction) states.ConnectionEvent {
	switch do {
	case states.HandshakeDoSendReply, states.HandshakeDoSendDigest, states.HandshakeDoAcceptReply:
		return states.ConnectionOnAccepted
	case states.HandshakeDoSendRejection:
		return states.ConnectionOnRejected
	case states.HandshakeDoHandOver:
		return states.ConnectionOnDetached
	case states.HandshakeDoRefuseHead, states.HandshakeDoFailHead:
		return states.ConnectionOnRefused
	}
	if do.Violation() != 0 {
		return states.ConnectionOnRefused
	}
	return 0
}

// TestCoupling: in every case each action is followed at once by the transition of the
// connection that it is coupled with.
func TestCoupling(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range cases(t) {
		var before wsfsm.Transition
		err := Run(c, Config{Observer: func(at wsfsm.Transition) {
			e := coupled(before.Machine, before.Action)
			if e != 0 && (at.Machine != states.MachineConnection || at.Event != uint8(e)) {
				t.Errorf("%s: %v is followed by %v", c.ID, before, at)
			}
			if e != 0 {
				seen[fmt.Sprint(before.Machine, actionName(before.Machine, before.Action))] = true
			}
			before = at
		}})
		if e := coupled(before.Machine, before.Action); err != nil || e != 0 {
			t.Errorf("%s: %v, %v is followed by nothing", c.ID, err, before)
		}
	}
	if len(seen) < 40 {
		t.Errorf("only %d actions are coupled: %v", len(seen), seen)
	}
}

// TestEquivalent: a machine is equivalent to itself, not to one that does
// something else, or comes to a state of another kind; where a machine leads
// that is never fed again does not matter.
func TestEquivalent(t *testing.T) {
	t.Parallel()
	for _, table := range specifiedOf(t).tables() {
		v := table.versions[0]
		for _, at := range v.cells {
			was := v.lowered(v.spec).Rows[at.State][at.Event]
			if !v.equivalent(t, at, was) {
				t.Errorf("%s: %v: it is not equivalent to itself", v.protocol.Name, at)
			}
			if other := (lower.Cell{To: max(was.To, 1), Do: lower.FailBase - 1}); v.equivalent(t, at, other) {
				t.Errorf("%s: %v: another action is equivalent", v.protocol.Name, at)
			}
		}
		if at := (Cell{states.Server, states.MachineHandshake, uint8(states.HandshakeAwaitDecision), uint8(states.HandshakeOnDetach)}); v.spec.Name == "handshake" {
			hand := uint8(states.HandshakeDoHandOver)
			if !v.equivalent(t, at, lower.Cell{To: at.State, Do: hand}) || v.equivalent(t, at, lower.Cell{To: at.State}) {
				t.Errorf("%s: what comes behind hand-over is not fed", v.protocol.Name)
			}
		}
		if at := (Cell{states.Server, states.MachineConnection, uint8(states.ConnectionOpen), uint8(states.ConnectionOnTimeout)}); v.spec.Name == "connection" {
			do := v.lowered(v.spec).Rows[at.State][at.Event].Do
			if v.equivalent(t, at, lower.Cell{To: uint8(states.ConnectionHangingUp), Do: do}) {
				t.Errorf("%s: another state of the connection is equivalent", v.protocol.Name)
			}
		}
	}
}
