package modelcheck

import (
	"bufio"
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

// Row is a transition of the connection machine, in the words of the spec.
type Row struct {
	From, Event, To string
	Do              string // "-" if the row has no action
}

// Step is one step of a run: what happens, and what comes of it.
type Step struct {
	End    int    // index of the end that it happens to: its role's number - 1
	What   string // start, command, decide, take, lost, expire, hang-up, stall, lose
	Detail string // the frame, the decision
	Rows   []Row
	Puts   [2][]string // frames that go out, by end
	Closed string      // "1" if the end is reported as clean, "0" if as unclean, "" if it is not
	Broken string      // the property that breaks here
}

// String returns the step as in "0 take f_close".
func (s Step) String() string {
	return strings.TrimSpace(fmt.Sprintf("%d %s %s", s.End, s.What, s.Detail))
}

// Steps that belong to no end are printed without one.
var (
	happens = regexp.MustCompile(`^(?:([01]) )?(start|command|decide|take|lost|expire|hang-up|stall|lose)(?: (\S+))?$`)
	comes   = regexp.MustCompile(`^([01]) (row|put|closed) (.+)$`)
	breaks  = regexp.MustCompile(`^violates (\S+)$`)
)

// cycleMark is what SPIN prints where a run begins to go round.
const cycleMark = "<<<<<START OF CYCLE>>>>>"

// steps reads what a run has printed. What SPIN says itself is left out. cycle is
// the step at which the run begins to go round, -1 if it does not.
func steps(said []byte) (run []Step, cycle int, err error) {
	cycle = -1
	for lines := bufio.NewScanner(bytes.NewReader(said)); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if line == cycleMark {
			cycle = len(run)
		}
		if found := happens.FindStringSubmatch(line); found != nil {
			run = append(run, Step{End: endOf(found[1]), What: found[2], Detail: found[3]})
			continue
		}
		consequence, broken := comes.FindStringSubmatch(line), breaks.FindStringSubmatch(line)
		if consequence == nil && broken == nil {
			continue
		}
		if len(run) == 0 {
			return nil, cycle, fmt.Errorf("a run begins with %q", line)
		}
		if last := &run[len(run)-1]; broken != nil {
			last.Broken = broken[1]
		} else if err := last.add(consequence[2], endOf(consequence[1]), consequence[3]); err != nil {
			return nil, cycle, err
		}
	}
	if len(run) == 0 {
		err = fmt.Errorf("an empty run:\n%s", said)
	}
	return run, cycle, err
}

func endOf(digit string) int {
	if digit == "1" {
		return 1
	}
	return 0
}

// add notes what comes of a step.
func (s *Step) add(what string, end int, text string) error {
	switch what {
	case "put":
		s.Puts[end] = append(s.Puts[end], text)
	case "closed":
		s.Closed = text
	case "row":
		var r Row
		if _, err := fmt.Sscan(text, &r.From, &r.Event, &r.To, &r.Do); err != nil || end != s.End {
			return fmt.Errorf("step %v: row %q of end %d: %w", s, text, end, err)
		}
		s.Rows = append(s.Rows, r)
	}
	return nil
}
