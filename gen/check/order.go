package check

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wsfsm/wsfsm/gen/spec"
)

// order is the order in which a machine calls actions: one that begins, any
// number inside, one that ends.
type order struct {
	begin  []string
	inside string // "" if there is none
	end    string
}

// orderOf is the order of the machines whose actions hand a field, a frame or a
// message over in parts.
func (m *machine) orderOf() (order, bool) {
	switch {
	case len(m.v.Reads) == 0:
	case m.Name == spec.MachineHTTP:
		return order{begin: []string{"end-name"}, end: "end-value"}, true
	case m.Name == spec.MachineFrame:
		return order{begin: []string{spec.ActionBegin}, inside: "pass", end: "end"}, true
	case m.Name == spec.MachineMessage:
		return order{begin: []string{"begin-text", "begin-binary"}, inside: "deliver", end: "deliver-end"}, true
	}
	return order{}, false
}

// stage is where a machine may be in its order: each is true if some way to a
// state leads there.
type stage struct{ idle, begun bool }

// ordered checks that no way through the machine calls actions out of order,
// nor loses octets of what was begun.
func (m *machine) ordered() {
	o, is := m.orderOf()
	if !is {
		return
	}
	stages := make(map[string]stage)
	for _, role := range m.roles {
		stages[m.Initial[role]] = stage{idle: true}
	}
	for changed := true; changed; {
		changed = false
		for _, s := range m.States {
			for _, r := range m.allArrows(s) {
				before := stages[r.To]
				after := o.after(stages[s.Name], r.Do)
				stages[r.To] = stage{idle: before.idle || after.idle, begun: before.begun || after.begun}
				changed = changed || stages[r.To] != before
			}
		}
	}
	for _, s := range m.States {
		for _, r := range m.allArrows(s) {
			m.inOrder(o, stages[s.Name], s, r)
		}
	}
}

// after is the stage behind an action.
func (o order) after(before stage, action string) stage {
	switch {
	case before == (stage{}):
	case slices.Contains(o.begin, action):
		return stage{begun: true}
	case action == o.end:
		return stage{idle: true}
	}
	return before
}

func (m *machine) inOrder(o order, at stage, s *spec.State, r *spec.Rule) {
	pos := r.At.Of("do", r.Pos)
	switch {
	case slices.Contains(o.begin, r.Do) && at.begun:
		m.Add(OutOfOrder, pos, "", "%q in %q can come before %q has ended what was begun", r.Do, s.Name, o.end)
	case (r.Do == o.end || r.Do != "" && r.Do == o.inside) && at.idle:
		m.Add(OutOfOrder, pos, fmt.Sprintf("a row before it must do %s", quoted(o.begin)), "%q in %q can come where nothing was begun", r.Do, s.Name)
	case r.Event != spec.EventPart && r.Event != spec.EventText || !silent(r):
	case at.begun:
		m.Add(Silent, r.Pos, "", "%q loses octets of what was begun", s.Name)
	case len(m.saying(r.Event)) > 0:
		m.Add(Silent, r.Pos, "", "%q throws octets away without %s", s.Name, quoted(m.saying(r.Event)))
	}
}

// saying are the actions that say what becomes of the octets of an event.
func (m *machine) saying(event string) (all []string) {
	for _, a := range m.words.Actions {
		if slices.Contains(a.When, event) {
			all = append(all, a.Name)
		}
	}
	return all
}

// silent reports whether a row has no action.
func silent(r *spec.Rule) bool { return r.Do == "" && r.Fail == "" }

// allArrows are the rows of a state that can happen in any role.
func (m *machine) allArrows(s *spec.State) []*spec.Rule {
	var list []*spec.Rule
	for _, role := range m.roles {
		for _, r := range m.arrows(s, role) {
			if !slices.Contains(list, r) {
				list = append(list, r)
			}
		}
	}
	return list
}

// silence finds rows without an action where the peer or the application must
// be told: a machine of octets that fails, a control frame, a fact about the
// connection, a command that is neither carried out nor refused.
func (m *machine) silence() {
	failed := make(map[string]bool)
	for _, r := range m.allRows() {
		failed[r.To] = failed[r.To] || r.Fail != "" && len(m.v.Reads) > 0
	}
	for _, r := range m.allRows() {
		if silent(r) && failed[r.To] {
			m.Add(Silent, r.Pos, "", "%q is reached by failures; this row does not say what failed", r.To)
		}
	}
	for _, s := range m.States {
		for _, r := range s.When {
			switch kind := m.kindOf(r.Event); {
			case !silent(r):
			case kind == spec.KindCheck && m.State(r.To) != nil && m.State(r.To).Read == nil && !m.State(r.To).Final:
				m.Add(Silent, r.Pos, "", "%q is left only by the application; nobody tells it", r.To)
			case kind == spec.KindCommand && r.To == s.Name:
				m.Add(Silent, r.Pos, "", "%q neither carries %q out nor refuses it", s.Name, r.Event)
			case s.Read != nil && s.Read.Kind == spec.ReadBody:
				m.Add(Silent, r.Pos, "", "%q tells nobody of the control frame", s.Name)
			case m.v.Coupled(m.Name) && kind != spec.KindCommand && !slices.Contains(byApplication[:], r.Event):
				m.Add(Silent, r.Pos, "", "%q tells nobody of %q", s.Name, r.Event)
			}
		}
	}
}

// byApplication are facts that the application has brought about itself.
var byApplication = [...]string{"rejected", "detached"}

func (m *machine) allRows() []*spec.Rule {
	list := slices.Clone(m.When)
	for _, s := range m.States {
		list = append(list, s.When...)
	}
	return list
}

// quoted lists words as alternatives.
func quoted(words []string) string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = strconv.Quote(w)
	}
	return strings.Join(list, " or ")
}
