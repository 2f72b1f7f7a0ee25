package call

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
)

// model is what the machine must do, written without a table: the independent
// opinion that the properties compare with.
type model struct {
	called, rung, up, left, over bool
}

// fire returns whether the event is taken, the signal that is sent and what the user
// is told.
func (m *model) fire(e Event) (taken bool, out, told string) {
	switch {
	case m.over:
		return false, "", ""
	case e == OnLost || e == OnBye && (m.left || !m.called && !m.rung && !m.up):
		m.over = true
		return true, "", "the call is over"
	case e == OnBye:
		m.over = true
		return true, "bye", "the call is over"
	case m.left:
		return e == OnRing || e == OnAccept, "", ""
	}
	switch e {
	case OnHangUp:
		m.left = m.called || m.rung || m.up
		return m.left, map[bool]string{true: "bye"}[m.left], ""
	case OnDial:
		if m.called || m.rung || m.up {
			return false, "", ""
		}
		m.called = true
		return true, "ring", ""
	case OnAnswer:
		if !m.rung || m.up {
			return false, "", ""
		}
		m.up = true
		return true, "accept", ""
	}
	if m.called && !m.up { // an answer, or the other one has called, too
		m.up = true
		return true, "", "the line stands"
	}
	if e == OnRing && !m.rung && !m.up {
		m.rung = true
		return true, "", "it rings"
	}
	return true, "", ""
}

// events generates runs of events, with a shrinker that leaves some out.
func events() gopter.Gen { return gen.SliceOf(gen.UInt8Range(1, EventCount)) }

// asModelled: whatever happens, phone and model do the same, and what is refused
// changes nothing.
func asModelled(table *Table) gopter.Prop {
	return prop.ForAll(func(events []uint8) string {
		p, m := NewPhone(table), &model{}
		for i, e := range events {
			p.out, p.told = nil, nil
			before := *p
			taken, out, told := m.fire(Event(e))
			err := p.Fire(Event(e))
			if taken != (err == nil) || joined(p.out) != out || fmt.Sprint(p.told) != fmt.Sprintf("[%s]", told) {
				return fmt.Sprintf("event %d, %v: %v, sends %v, tells %q; the model: taken %v, sends %q, tells %q", i, Event(e), err, p.out, p.told, taken, out, told)
			}
			if err != nil && !reflect.DeepEqual(before, *p) {
				return fmt.Sprintf("event %d, %v, is refused and changes something", i, Event(e))
			}
		}
		return ""
	}, events())
}

func TestProperties(t *testing.T) {
	params := gopter.DefaultTestParametersWithSeed(1876)
	params.MinSuccessfulTests, params.MaxSize = 2000, 30
	if r := asModelled(&Transitions).Check(params); !r.Passed() {
		t.Errorf("%v %v\n%v", r.Labels, r.Error, r.Args)
	}
	fault := Transitions
	fault.Rows[Leaving][OnBye].Do = DoAnswerBye
	if r := asModelled(&fault).Check(params); r.Passed() {
		t.Error("a second bye is not found")
	}
}
