package properties

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance/model"
	"github.com/wsfsm/wsfsm/states"
)

// exploreLimit is the limit of a message, in octets: the least that needs a 16-bit
// length.
const exploreLimit = 126

// symbol is a representative of what may happen to a driver next.
type symbol struct {
	name string
	step model.Step // what the model plays; for fragments nothing
	do   func(d calls) error
	op   sendOp // fragments: what is sent
}

// played is the model's step.
func (s *symbol) played() model.Step {
	if s.op != opNone {
		return model.Step{Kind: model.StepReceive} // nothing, for the model
	}
	return s.step
}

// node is a driver that has been reached: its snapshot, and how.
type node struct {
	visible
	from   *node
	by     symbol
	octets int // received, up to here
	sender
	left   int    // representatives that follow at most
	queued int    // left when it was queued last
	probe  string // octets that end the frame, and what the model says to them
	says   model.Reaction
}

// exploration explores one end.
type exploration struct {
	name     string
	protocol *wsfsm.Protocol
	endpoint *wsfsm.Endpoint
	role     states.Role
	model    model.Params
	symbols  func(*exploration, *node) []symbol
	first    *node
	nodes    map[string]*node
	joint    map[[4]uint8]bool
	depth    int // representatives that follow each other, from each joint state of the machines
	queues   [][]*node
	keyOf    func(*visible) string // equal for drivers of which one is explored
	picked   map[*wsfsm.Read][]string
	end      string // a frame by which a message ends
	steps    int
}

// newExploration makes an exploration of a protocol from its open connection on.
func newExploration(p *wsfsm.Protocol, role states.Role, depth int, symbols func(*exploration, *node) []symbol) (*exploration, error) {
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{Protocols: []*wsfsm.Protocol{p}, AutoStart: true, MaxMessage: exploreLimit, Rand: zeros{}})
	if err != nil {
		return nil, err
	}
	client, err := ep.Client("ws://a/")
	if err != nil {
		return nil, err
	}
	server := ep.Server()
	if err := open(client, server); err != nil {
		return nil, err
	}
	x := &exploration{name: fmt.Sprint(p.Name, " ", role), protocol: p, endpoint: ep, role: role, symbols: symbols,
		model: modelOf(p.Name, role, client, server), depth: depth, queues: make([][]*node, depth+1), keyOf: func(v *visible) string { return string(v.octets) },
		nodes: map[string]*node{}, picked: map[*wsfsm.Read][]string{}, joint: map[[4]uint8]bool{}}
	x.model.Limit = exploreLimit
	d := server
	if role == states.Client {
		d = client
	}
	d.ForgetHeads()
	x.end = x.lastFrame()
	if x.first, err = x.enter(&node{}, d); err == nil {
		x.first.says = x.model.Run([]model.Step{{Kind: model.StepReceive, Data: x.first.probe}})[0]
	}
	return x, err
}

// enter puts a driver into a node and returns the node that has the same snapshot:
// the one that came first.
func (x *exploration) enter(n *node, d *wsfsm.Driver) (kept *node, err error) {
	snapshot, err := d.Snapshot()
	if err != nil {
		return nil, err
	}
	if n.visible, err = see(snapshot); err != nil {
		return nil, err
	}
	if n.from != nil {
		n.octets += int(n.offset)
	}
	joint := [4]uint8{uint8(n.connection), uint8(n.frame), uint8(n.message), uint8(n.sending)}
	if !x.joint[joint] {
		x.joint[joint], n.left = true, x.depth
	}
	key := x.keyOf(&n.visible)
	kept = x.nodes[key]
	if kept == nil {
		kept = n
		x.nodes[key] = n
		n.probe = x.probe(n)
	}
	if n.left > kept.queued {
		kept.left, kept.queued = n.left, n.left
		x.queues[n.left] = append(x.queues[n.left], kept)
	}
	return kept, nil
}

// run explores until nothing is left.
func (x *exploration) run() error {
	for left := x.depth; left > 0; {
		i := len(x.queues[left]) - 1
		if i < 0 {
			left--
			continue
		}
		n := x.queues[left][i]
		x.queues[left] = x.queues[left][:i]
		if n.left != left {
			continue // queued again with more
		}
		for _, s := range x.symbols(x, n) {
			if err := x.step(n, s); err != nil {
				return fmt.Errorf("%s: %s, then %s: %w", x.name, n.path(), s.name, err)
			}
		}
		if len(x.queues[x.depth]) > 0 {
			left = x.depth
		}
	}
	return nil
}

// step compares driver and model in one step from a node. Where the driver then
// looks as another one did, the model must not tell them apart.
func (x *exploration) step(from *node, s symbol) error {
	x.steps++
	d, err := restored(x.endpoint, from.snapshot())
	if err != nil {
		return err
	}
	refused := s.do(d)
	n := &node{from: from, by: s, octets: from.octets, sender: from.sender, left: from.left - 1}
	got, err := reactionOf(d, d, x.model, refused)
	if err != nil {
		return err
	}
	failure := d.Err()
	kept, err := x.enter(n, d)
	if err != nil {
		return err
	}
	reactions := x.model.Run(append(n.script(), model.Step{Kind: model.StepReceive, Data: kept.probe}))
	if want := expect(x.model, s, &n.sender, reactions[:len(reactions)-1]); !got.equals(want) {
		return fmt.Errorf("\ndriver %v\nmodel  %v", got, want)
	}
	says := &reactions[len(reactions)-1]
	if kept == n {
		n.says = *says
	} else if !reflect.DeepEqual(*says, kept.says) {
		return fmt.Errorf("the driver looks as after %s, and the model tells them apart by %x: %+v and %+v", kept.path(), kept.probe, *says, kept.says)
	}
	return x.sameOffset(from, n, got.state, failure)
}

// sameOffset compares at which octet a rule was broken.
func (x *exploration) sameOffset(from, n *node, state model.State, failure error) error {
	var broken *wsfsm.Error
	if state != model.StateFailed || from.connection == states.ConnectionHangingUp || !errors.As(failure, &broken) {
		return nil
	}
	stream := ""
	for _, s := range n.script() {
		if s.Kind == model.StepReceive {
			stream += s.Data
		}
	}
	if got, want := from.octets+int(broken.Offset)+1, x.model.Decode([]byte(stream)).Consumed; got != want {
		return fmt.Errorf("%v after %d octets, the model after %d", broken.Violation, got, want)
	}
	return nil
}

// script returns the model's steps up to a node.
func (n *node) script() (script []model.Step) {
	for ; n.from != nil; n = n.from {
		script = append(script, n.by.played())
	}
	slices.Reverse(script)
	return script
}

// path writes how a node was reached.
func (n *node) path() string {
	var words []string
	for ; n.from != nil; n = n.from {
		words = append(words, n.by.name)
	}
	slices.Reverse(words)
	return fmt.Sprint(words)
}

// expect returns what the model did in the last step, which a symbol stands for, and
// what the model does not know: fragments that are sent.
func expect(p model.Params, by symbol, s *sender, reactions []model.Reaction) (want reaction) {
	last := reactions[len(reactions)-1]
	before := model.StateOpen
	if len(reactions) > 1 {
		before = reactions[len(reactions)-2].State
	}
	want = reaction{events: last.Events, sent: last.Sent, refused: last.Refused, state: last.State}
	want.events = slices.DeleteFunc(want.events, func(e model.Event) bool { return e.Kind == model.KindClose })
	if before == model.StateEnding && by.step.Kind == model.StepBroken {
		for i := range want.events {
			want.events[i].Code, want.events[i].Clean = 1006, false // hixie-75 leaves open whether that is clean
		}
	}
	if by.op != opNone {
		frames, ok := s.send(p, by, before == model.StateOpen)
		want.sent, want.refused = append(want.sent, frames...), !ok
	} else if isMessage := by.step.Kind == model.StepText || by.step.Kind == model.StepBinary; isMessage && s.begun {
		want.sent, want.refused = nil, true
	}
	return want
}

// probe returns octets by which the frame at hand comes to its end, and the message
// at hand.
func (x *exploration) probe(n *node) string {
	read := &x.protocol.Frame.Reads[n.frame]
	octets := ""
	if read.Kind == states.ReadPayload || read.Kind == states.ReadBody {
		octets = n.masked(x.through(read), strings.Repeat("a", int(n.length)))
	}
	return octets + x.end
}
