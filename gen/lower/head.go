package lower

import "github.com/wsfsm/wsfsm/gen/spec"

func (m *machine) allHeads() {
	for i, h := range m.spec.Heads {
		if i+1 >= widest {
			return // an error already, see allClasses
		}
		m.heads[h.Name] = uint8(i + 1)
		head := Head{Name: h.Name}
		for _, l := range h.Lines {
			head.Lines = append(head.Lines, m.headLine(l))
		}
		m.Heads = append(m.Heads, head)
	}
}

func (m *machine) headLine(l *spec.HeadLine) HeadLine {
	return HeadLine{
		Name:     l.Name,
		Count:    l.Count,
		Optional: l.Optional,
		Fold:     l.Fold,
		Is:       l.Is,
		OneOf:    l.OneOf,
		Has:      l.Has,
		AtLeast:  l.AtLeast,
		Send:     l.Send,
		Form:     m.of(m.forms, l.Form, "form"),
		Equals:   m.of(m.values, l.Equals, "value"),
		From:     m.of(m.values, l.From, "value"),
		Else:     m.of(m.events, l.Else, "event"),
	}
}
