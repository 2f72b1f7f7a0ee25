package emit

import (
	"fmt"
	"strings"

	"github.com/wsfsm/wsfsm/gen/lower"
)

// goNaming writes numbers of a machine as Go constants.
type goNaming struct {
	input   Input
	machine string
	pkg     string // with a dot, where the constants are another package's
	prefix  string // of the machine's constants
}

// state is the Go name of a state.
func (n goNaming) state(number int) string {
	return n.pkg + n.prefix + goName(wordOf(n.input.words(n.machine).States, plainWord, uint8(number)))
}

// event is the Go name of an event.
func (n goNaming) event(number int) string {
	return n.pkg + n.prefix + "On" + goName(wordOf(n.input.words(n.machine).Events, eventWord, uint8(number)))
}

// action is the Go name of an action, or the sum that makes one of a violation.
func (n goNaming) action(number uint8) string {
	if number > lower.FailBase {
		violation := goName(wordOf(n.input.Vocabulary.Failures, failureWord, number-lower.FailBase))
		return fmt.Sprintf("%[1]sFailBase + %[1]s%[2]sAction(%[1]s%[3]s)", n.pkg, n.prefix, violation)
	}
	return n.pkg + n.prefix + "Do" + goName(wordOf(n.input.words(n.machine).Actions, actionWord, number))
}

// rows writes a table: what refuses is left out.
func (n goNaming) rows(rows [][]lower.Cell) string {
	b := new(strings.Builder)
	for s, row := range rows {
		if cells := n.cells(row); cells != "" {
			fmt.Fprintf(b, "%s: {\n%s},\n", n.state(s), cells)
		}
	}
	return b.String()
}

func (n goNaming) cells(row []lower.Cell) string {
	b := new(strings.Builder)
	for e, c := range row {
		switch {
		case c.To == 0:
		case c.Do == 0:
			fmt.Fprintf(b, "%s: {To: %s},\n", n.event(e), n.state(int(c.To)))
		default:
			fmt.Fprintf(b, "%s: {To: %s, Do: %s},\n", n.event(e), n.state(int(c.To)), n.action(c.Do))
		}
	}
	return b.String()
}
