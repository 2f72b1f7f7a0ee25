package fuzz

import (
	"errors"
	"fmt"
	"slices"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance/model"
	"github.com/wsfsm/wsfsm/states"
)

// checkReactions compares each step with what the model does in it.
func checkReactions(s side, p Program, r *record) error {
	if p.Options.Handshake || p.Options.Lazy || r.blocked {
		return nil
	}
	params, _ := s.of(r)
	params.Limit = p.Options.limit()
	o := &oracle{side: s, params: params, echo: p.Options.Echo, steps: r.steps}
	// Commands do not change what the peer does, so a first run without those
	// that send messages tells in which state each step begins.
	o.states = o.run(params, func(i int) model.Step { return o.quietStep(&r.steps[i]) })
	for i := range r.steps {
		o.plan(i)
	}
	for i, reaction := range params.Run(o.script) {
		if err := o.compare(i, reaction); err != nil {
			return fmt.Errorf("step %d, %v: %w", i, r.steps[i].op, err)
		}
	}
	return o.compareSent(r)
}

// oracle says what each step must come to. The model knows neither fragments
// that are sent nor answers of the application: those are added here.
type oracle struct {
	side
	params  model.Params
	echo    bool
	steps   []step
	states  []model.State // after each step
	script  []model.Step
	planned []planned
	begun   bool   // a message is being sent in fragments
	text    bool   // it is text
	pending string // of that text: the beginning of a character
	sent    []model.Frame
}

// planned is what a step comes to, beside what the model says.
type planned struct {
	refused bool
	frames  []model.Frame
	echoes  bool // messages that come in this step are answered
}

var nothing = model.Step{Kind: model.StepReceive}

func (o *oracle) run(p model.Params, stepOf func(int) model.Step) (after []model.State) {
	var script []model.Step
	for i := range o.steps {
		script = append(script, stepOf(i))
	}
	// A timeout on an open connection ends it, which the model calls a broken
	// transport. The first timeout ends every connection.
	isTimeout := func(s model.Step) bool { return s.Kind == model.StepTimeout }
	if i := slices.IndexFunc(script, isTimeout); i >= 0 && p.Run(script[:i+1])[i].State == model.StateOpen {
		script[i].Kind = model.StepBroken
	}
	for _, reaction := range p.Run(script) {
		after = append(after, reaction.State)
	}
	return after
}

// quietStep is the model's step for one, if it sends no message.
func (o *oracle) quietStep(s *step) model.Step {
	switch s.op.Kind {
	case OpLiteral:
		return model.Step{Kind: model.StepReceive, Data: string(s.input)}
	case OpClose:
		return model.Step{Kind: model.StepClose, Code: uint16(s.op.N), Data: string(s.op.Octet.Bytes())}
	case OpEOF:
		if s.op.Reset {
			return model.Step{Kind: model.StepBroken}
		}
		return model.Step{Kind: model.StepEndOfStream}
	case OpExpire:
		return model.Step{Kind: model.StepTimeout}
	}
	return nothing
}

// before returns the state in which step i begins.
func (o *oracle) before(i int) model.State {
	if i == 0 {
		return model.StateOpen
	}
	return o.states[i-1]
}

// plan decides what step i comes to.
func (o *oracle) plan(i int) {
	s := &o.steps[i]
	open := o.before(i) == model.StateOpen
	data := string(s.op.Octet.Bytes())
	ms, pl := o.quietStep(s), planned{echoes: o.echo && !o.begun}
	switch s.op.Kind {
	case OpText, OpBinary, OpLend:
		pl.refused = !open || o.begun || s.op.Kind == OpLend && o.role == states.Client && o.masks()
		if !pl.refused {
			ms = model.Step{Kind: model.StepText, Data: data}
			if s.op.message() == wsfsm.Binary {
				ms.Kind = model.StepBinary
			}
		}
	case OpBegin, OpAppend, OpEnd:
		pl.frames = o.fragment(s.op, open, data)
		pl.refused = pl.frames == nil
	case OpPing:
		ms = model.Step{Kind: model.StepPing, Data: data}
		if errors.Is(s.err, wsfsm.ErrTooManyPings) { // the player counts them
			ms, pl.refused = nothing, true
		}
	case OpPong:
		ms = model.Step{Kind: model.StepPong, Data: data}
	case OpStart, OpReject, OpDetach, OpChoose:
		pl.refused = true
	case OpExpire:
		if open {
			ms.Kind = model.StepBroken
		}
	}
	o.script = append(o.script, ms)
	o.planned = append(o.planned, pl)
}

// fragment returns the frame of a fragment; nil if it must be refused.
func (o *oracle) fragment(op Op, open bool, data string) []model.Frame {
	first := op.Kind == OpBegin
	if !open || first == o.begun || o.isSentinel() {
		return nil
	}
	isText, pending := o.text, o.pending
	if first {
		isText, pending = op.message() == wsfsm.Text, ""
	}
	if isText {
		whole, bad := model.ScanUTF8([]byte(pending + data))
		if bad >= 0 || op.Kind == OpEnd && whole < len(pending+data) {
			return nil
		}
		pending = (pending + data)[whole:]
	}
	o.begun, o.text, o.pending = op.Kind != OpEnd, isText, pending
	f, _ := op.sends(o.side)
	return []model.Frame{f}
}

// compare compares step i with the model's reaction, and notes what must have
// been sent.
func (o *oracle) compare(i int, want model.Reaction) error {
	s, pl := &o.steps[i], &o.planned[i]
	if refused := want.Refused || pl.refused; refused != (s.err != nil) {
		return fmt.Errorf("refused: %v, the model: %v", s.err, refused)
	}
	if got := s.stands; got != stateOf(want.State) {
		return fmt.Errorf("the state is %v, the model's is %s", got, want.State)
	}
	o.sent = append(o.sent, pl.frames...)
	open, answers := o.before(i) == model.StateOpen, want.Sent
	events := s.events
	for _, e := range want.Events {
		if open && pl.echoes && (e.Kind == model.KindText || e.Kind == model.KindBinary) {
			o.sent = append(o.sent, o.params.MessageFrames(e.Kind, e.Data)...)
		}
		if open && len(answers) > 0 && (e.Kind == model.KindPing || e.Kind == model.KindClose || e.Kind == model.KindError) {
			o.sent, answers = append(o.sent, answers[0]), answers[1:]
		}
		open = open && e.Kind != model.KindClose && e.Kind != model.KindError
		if e.Kind == model.KindClose {
			continue // the driver tells of it in closed
		}
		if e.Kind == model.KindClosed && o.before(i) == model.StateEnding && (s.op.Reset || s.op.Kind == OpExpire) {
			e.Code, e.Clean = 1006, false // hixie-75 leaves open whether that is clean
		}
		if len(events) == 0 || !matches(events[0], e) {
			return fmt.Errorf("the event is %v, the model's is %+v", events[:min(len(events), 1)], e)
		}
		events = events[1:]
	}
	o.sent = append(o.sent, answers...)
	if len(events) > 0 {
		return fmt.Errorf("the event %v is too much", events[0])
	}
	return nil
}

// matches compares what the model says of an event.
func matches(got event, want model.Event) bool {
	return got.kind == string(want.Kind) && got.data == want.Data && got.clean == want.Clean &&
		(got.kind == "pong" || got.number == int(want.Code)) && (want.Violation == "") == (got.violation == 0) &&
		(want.Violation == "" || got.violation.String() == string(want.Violation))
}

// compareSent compares all frames sent, without their keys.
func (o *oracle) compareSent(r *record) error {
	_, octets := r.sent(o.side)
	frames, rest := o.params.SplitFrames(octets)
	for i := range frames {
		frames[i] = frames[i].Unmasked()
	}
	for i := range max(len(frames), len(o.sent)) {
		got, want := frames[min(i, len(frames)):], o.sent[min(i, len(o.sent)):]
		if !slices.Equal(got[:min(len(got), 1)], want[:min(len(want), 1)]) {
			return fmt.Errorf("frame %d sent is %s, the model's is %s", i, describeFrame(got), describeFrame(want))
		}
	}
	if len(rest) > 0 {
		return fmt.Errorf("%d octets sent are no frame", len(rest))
	}
	return nil
}

// describeFrame writes the first of the frames for a reader.
func describeFrame(frames []model.Frame) string {
	if len(frames) == 0 {
		return "none"
	}
	f := frames[0]
	return fmt.Sprintf("fin %v rsv %d opcode %d %.60q (%d octets)", f.Fin, f.RSV, f.Opcode, f.Payload, len(f.Payload))
}

// stateOf returns the driver's state for one of the model's.
func stateOf(s model.State) states.ConnectionState {
	switch s {
	case model.StateOpen:
		return states.ConnectionOpen
	case model.StateCloseSent:
		return states.ConnectionClosingSent
	case model.StateCloseBoth:
		return states.ConnectionClosingBoth
	case model.StateEnding:
		return states.ConnectionEnding
	case model.StateFailed:
		return states.ConnectionHangingUp
	}
	return states.ConnectionClosed
}
