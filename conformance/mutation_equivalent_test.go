package conformance

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/wsfsm/wsfsm/fsm"
	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/states"
)

// equivalent reports whether a mutant of a machine is proven to behave like it, in
// the role of its cell: from the initial states on, both refuse the same events
// and do the same actions in states of the same kind (fsm.Equivalent), whatever
// order events come in.
//
// That two machines which do the same actions do the same is what it rests on.
// What an action does follows from its word, the octets at hand and the actions
// before it, not from the state (TestHandsDoNotDecide in internal/floors); what the
// driver sees of a state beside its rows (what it reads, what is fed, what is
// waited for, whether it is final, and its name where an error tells it) belongs
// to its kind. The machine is compared together with the connection machine,
// which says whether it is fed (TestTold): where it leads does not matter if it
// is never asked again.
//
// What a role sends follows from the frames that the other one reads
// (layout.go), so that a mutant of those must also send as before; that is not
// proven, but seen in cases.
func (v *suite) equivalent(t testing.TB, at Cell, to lower.Cell) bool {
	same := &composition{suite: v, role: at.Role, caused: map[uint8]bool{}, labels: map[string]uint8{}}
	if m := machineNamed(v.spec.Name); m == states.MachineHandshake || m == states.MachineFrame {
		same.connection = &v.Lowered.Machines[machineIndex(v.Lowered, states.MachineConnection)]
		for _, fact := range v.told[m] {
			same.caused[fact] = fact != uint8(states.ConnectionOnViolation) // which messages bring about, too
		}
	}
	a, b := same.graph(t, at, nil), same.graph(t, at, &to)
	_, equal := fsm.Equivalent(a, same.initial(), b, same.initial())
	return equal && v.sendsAlike(at, to)
}

// sendsAlike reports whether a role sends messages with a mutant as it did.
func (v *suite) sendsAlike(at Cell, to lower.Cell) bool {
	if at.Machine != states.MachineFrame {
		return true
	}
	p := mutated(v.protocol, at, to)
	sending := v.covered[Cell{at.Role, states.MachineConnection, uint8(states.ConnectionOpen), uint8(states.ConnectionOnSendData)}]
	return !slices.ContainsFunc(sending[:min(few, len(sending))], func(c *Case) bool { return notices(c, p) })
}

// composition is a machine of a role and, for one that the connection has fed,
// the connection machine.
type composition struct {
	*suite
	role       states.Role
	connection *lower.Machine   // nil for a machine by itself
	caused     map[uint8]bool   // events of the connection that the machine brings about
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

// stage are the machine's transitions from a pair of states, for each event that
// its own state can meet. What the driver sees of that state beside the rows is one
// more event.
func (c *composition) stage(own, connection uint8, at Cell, to *lower.Cell) (list []fsm.Transition) {
	m := c.lowered(c.spec)
	from := c.place(own, connection)
	name := stateName(at.Machine, own)
	for _, met := range c.met {
		cell := m.Rows[met.State][met.Event]
		if to != nil && met == at {
			cell = *to
		}
		if met.Role != c.role || met.State != own {
			continue
		}
		if cell.To == 0 { // the error names the state
			list = append(list, fsm.Transition{From: from, Event: met.Event, To: from, Action: c.label("refused in", name)})
			continue
		}
		next, then := connection, lower.Cell{}
		if e := c.told[at.Machine][cell.Do]; e != 0 && c.connection != nil {
			if then = c.connection.Rows[connection][e]; then.To != 0 {
				next = then.To
			}
		}
		what := []any{cell.Do, then.Do, cell.To == own && int(cell.Do) < len(m.Spans) && m.Spans[cell.Do]}
		if cell.Do >= lower.FailBase {
			what = append(what, name)
		}
		list = append(list, fsm.Transition{From: from, Event: met.Event, To: c.place(c.rests(cell.To), next), Action: c.label(what...)})
	}
	kind := []any{m.Reads[own], m.Final[own]}
	if m.Inputs != nil {
		kind = append(kind, m.Inputs[own], m.Waits[own][c.role-1], name)
	}
	return append(list, fsm.Transition{From: from, Event: uint8(m.EventWidth + c.width()), To: from, Action: c.label(kind...)})
}

// rests returns the state in which the machine comes to rest: one that reads no
// octets in this role (drafts 04 to 06: the masking key, which only the client's
// frames have), and then does nothing, is left at once. The field that it stores
// them in is never stored from any octets in this role, so that it stays as it was.
func (c *composition) rests(state uint8) uint8 {
	m := c.lowered(c.spec)
	if c.spec.Name != states.MachineFrame.String() || !c.readsNone(&m.Reads[state]) {
		return state
	}
	for i := range m.Reads {
		if m.Reads[i].Field == m.Reads[state].Field && !c.readsNone(&m.Reads[i]) {
			return state
		}
	}
	if done := m.Rows[state][states.FrameOnDone]; done.Do == 0 {
		return done.To
	}
	return state
}

// readsNone reports whether a read takes no octets in the role.
func (c *composition) readsNone(r *lower.Read) bool {
	return states.ReadKind(r.Kind) == states.ReadOctets && r.Args[c.role-1] == 0
}

// around are the transitions of the connection that the machine has no part in.
func (c *composition) around(own, connection uint8) (list []fsm.Transition) {
	m := c.lowered(c.spec)
	for e, cell := range c.connection.Rows[connection] {
		if cell.To != 0 && !c.caused[uint8(e)] {
			list = append(list, fsm.Transition{From: c.place(own, connection), Event: uint8(m.EventWidth + e), To: c.place(own, cell.To), Action: c.label(cell.Do)})
		}
	}
	return list
}

// label numbers what is done.
func (c *composition) label(what ...any) uint8 {
	key := fmt.Sprint(what...)
	if c.labels[key] == 0 {
		c.labels[key] = uint8(len(c.labels) + 1)
	}
	if len(c.labels) > math.MaxUint8 {
		panic("more is done than there are numbers")
	}
	return c.labels[key]
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

// TestRests: a role that reads no prefix is at rest behind it, unless octets are
// stored in the same field elsewhere; the other one is not.
func TestRests(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, table := range specifiedOf(t).tables() {
		v := *table.versions[0]
		if v.spec.Name != states.MachineFrame.String() || v.spec.State("prefix") == nil {
			continue
		}
		seen++
		prefix, head := uint8(states.FramePrefix), uint8(states.FrameHead)
		server, client := &composition{suite: &v, role: states.Server}, &composition{suite: &v, role: states.Client}
		if server.rests(prefix) != prefix || client.rests(prefix) != head || client.rests(head) != head {
			t.Errorf("%s: a server rests in %d, a client in %d", v.protocol.Name, server.rests(prefix), client.rests(prefix))
		}
		lowered := *v.Lowered
		lowered.Machines = slices.Clone(lowered.Machines)
		m := &lowered.Machines[machineIndex(&lowered, states.MachineFrame)]
		m.Reads = slices.Clone(m.Reads)
		m.Reads[head].Field = m.Reads[prefix].Field
		if v.Lowered = &lowered; client.rests(prefix) != prefix {
			t.Errorf("%s: a client whose key is stored elsewhere rests in %d", v.protocol.Name, client.rests(prefix))
		}
	}
	if seen == 0 {
		t.Error("no version has a prefix")
	}
}
