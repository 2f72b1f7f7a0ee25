package emit

import (
	"fmt"
)

// failMark stands for a failure of any state.
const failMark = "✗"

// Widths in characters at which text in pictures is broken, and the number of
// failures that a state names.
const (
	edgeWidth  = 30
	failWidth  = 34
	namedFails = 5
)

// labelLines is the text at an edge: events, a slash and the action.
func labelLines(labels []Label) []string {
	var lines []string
	for _, l := range labels {
		text := wrap(l.Events, edgeWidth)
		if l.Action != "" {
			text[len(text)-1] += " / " + l.Action
		}
		lines = append(lines, text...)
	}
	return lines
}

// detailLines is what stands below a state's name.
func detailLines(n Node) []string {
	return append(n.Lines[:len(n.Lines):len(n.Lines)], failLines(n)...)
}

// failLines names the failures of a state, or says how many there are.
func failLines(n Node) []string {
	switch {
	case len(n.Fails) == 0:
		return nil
	case len(n.Fails) > namedFails:
		return []string{fmt.Sprintf("%s %d failures", failMark, len(n.Fails))}
	}
	lines := wrap(n.Fails, failWidth)
	lines[0] = failMark + " " + lines[0]
	return lines
}

// wrap joins words with commas to lines of about so many characters.
func wrap(words []string, width int) []string {
	lines := []string{""}
	for i, w := range words {
		last := &lines[len(lines)-1]
		if i < len(words)-1 {
			w += ","
		}
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
