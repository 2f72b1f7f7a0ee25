package emit

import (
	"fmt"
	"strings"
)

// failMark stands for a failure of any state.
const failMark = "✗"

// loopMark stands for transitions that lead back to their own state.
const loopMark = "↻"

// namedFails is the number of failures that a state names; of more, it says
// how many there are.
const namedFails = 5

// labelLines is the text at an edge: events, a slash and the action, broken at
// about so many characters.
func labelLines(labels []Label, width int) []string {
	var lines []string
	for _, l := range labels {
		text := wrap(l.Events, width)
		switch last := len(text) - 1; {
		case l.Action == "":
		case len(text[last])+len(l.Action)+3 > width:
			text[last] += " /"
			text = append(text, l.Action)
		default:
			text[last] += " / " + l.Action
		}
		lines = append(lines, text...)
	}
	return lines
}

// loopLines is the text of the transitions that lead from a state back to it.
// They are part of the state's text: drawn as edges, their labels would lie on
// those of others.
func (p Picture) loopLines(n Node, width int) []string {
	for _, e := range p.Edges {
		if e.From == n.Name && e.To == n.Name {
			lines := labelLines(e.Labels, width)
			lines[0] = loopMark + " " + lines[0]
			return lines
		}
	}
	return nil
}

// failLines names the failures of a state, or says how many there are.
func failLines(n Node, width int) []string {
	switch {
	case len(n.Fails) == 0:
		return nil
	case len(n.Fails) > namedFails:
		return []string{fmt.Sprintf("%s %d failures", failMark, len(n.Fails))}
	}
	lines := wrap(n.Fails, width)
	lines[0] = failMark + " " + lines[0]
	return lines
}

// wrap joins words with commas to lines of about so many characters.
func wrap(words []string, width int) []string {
	return breakLine(strings.Join(words, ", "), width)
}

// breakLine breaks a text at its blanks into lines of about so many characters.
func breakLine(text string, width int) []string {
	lines := []string{""}
	for w := range strings.FieldsSeq(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = w
		case len(*last)+1+len(w) > width:
			lines = append(lines, w)
		default:
			*last += " " + w
		}
	}
	return lines
}
