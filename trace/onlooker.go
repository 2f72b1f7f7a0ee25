package trace

import (
	"bytes"
	"strings"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// onlooker reads one direction of a connection with a driver that looks on, and
// knows by its transitions which octets are structure: the heads of frames, the words
// and names of HTTP heads. All others are secret, as are those that it does not
// understand.
type onlooker struct {
	driver  *wsfsm.Driver // nil: it understands nothing
	begin   int64         // offset of the octets at hand
	in, out []byte        // the octets at hand: as they came, and what becomes of them
	last    int64         // offset up to which the machines have read
	name    []byte        // of the field being read
	key     []byte        // of the frame being read
}

// newOnlooker makes one for the end that reads the direction. Endpoints that cannot be
// made were refused before; a driver that cannot start understands nothing.
func newOnlooker(role states.Role, o wsfsm.Options) *onlooker {
	l := &onlooker{}
	o.Rand, o.Observer, o.Header, o.Subprotocols = nil, l.see, nil, nil
	h, o, err := lookingOn(role, o)
	if err != nil {
		return l
	}
	m, err := newMachine(&h, o, o.Rand)
	if err != nil {
		return l
	}
	if l.driver = m.driver; role == states.Client && l.driver.Start() != nil {
		l.driver = nil
	}
	return l
}

// redact returns octets with filler in place of those that are secret.
func (l *onlooker) redact(p []byte) []byte {
	l.in, l.out = p, fill(p)
	if l.driver != nil && l.driver.Receive(bytes.Clone(p)) == nil {
		for range l.driver.Events() {
		}
		l.driver.Sent(l.driver.Unsent())
	}
	l.begin += int64(len(p))
	return l.out
}

// see looks at a transition: it tells what the octets were that the machines have read
// since the last one.
func (l *onlooker) see(t wsfsm.Transition) {
	if t.Machine != states.MachineHTTP && t.Machine != states.MachineFrame && t.Machine != states.MachineHandshake || l.driver == nil {
		return
	}
	from, to := max(l.last-l.begin, 0), t.Offset-l.begin
	l.last = t.Offset
	if from >= to || to > int64(len(l.in)) {
		return
	}
	in, out := l.in[from:to], l.out[from:to]
	switch t.Machine {
	case states.MachineHTTP:
		l.seeHead(states.HTTPState(t.From), states.HTTPEvent(t.Event), in, out)
	case states.MachineFrame:
		l.seeFrame(states.FrameState(t.From), states.FrameEvent(t.Event), in, out)
	}
}

// seeHead keeps what a head consists of, but for its target, its reason and the values
// of fields that are not public.
func (l *onlooker) seeHead(state states.HTTPState, event states.HTTPEvent, in, out []byte) {
	switch state {
	case states.HTTPFieldStart:
		l.name = append(l.name[:0], in...)
	case states.HTTPName:
		l.name = append(l.name, in...)
	}
	secret := false
	switch state {
	case states.HTTPTarget, states.HTTPReason:
		secret = true
	case states.HTTPValueStart, states.HTTPValue:
		name, _, _ := strings.Cut(string(l.name), ":")
		secret = !public(name)
	}
	ends := event == states.HTTPOnSpace || event == states.HTTPOnCr || event == states.HTTPOnBlank && state == states.HTTPValueStart
	if !secret || ends {
		copy(out, in)
	}
}

// seeFrame keeps the heads of frames, end marks, and the codes of close frames.
func (l *onlooker) seeFrame(state states.FrameState, event states.FrameEvent, in, out []byte) {
	r := &l.driver.Protocol().Frame.Reads[state]
	switch {
	case r.Field == states.FieldKey || r.Field == states.FieldFrameNonce:
		l.key = bytes.Clone(in)
		clear(out)
	case r.Kind == states.ReadBody && event == states.FrameOnClose && len(l.driver.Protocol().Close.Received) > 0 && len(in) >= 2:
		copy(out, in[:2])
		if r.Through == states.FieldKey && len(l.key) == 4 {
			out[0], out[1] = out[0]^l.key[0], out[1]^l.key[1]
		}
	case r.Through != 0: // masked
	case r.Kind == states.ReadOctet && r.Field == 0: // text, which an octet ends
		if event == states.FrameOnEndMark {
			out[len(out)-1] = in[len(in)-1]
		}
	case r.Kind == states.ReadOctet || r.Kind == states.ReadOctets:
		copy(out, in)
	}
}
