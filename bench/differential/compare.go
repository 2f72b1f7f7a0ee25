package differential

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/wsfsm/wsfsm/bench/wire"
	"github.com/wsfsm/wsfsm/fuzz"
	"github.com/wsfsm/wsfsm/states"
)

// Difference is that two implementations make different things of a stream.
type Difference struct {
	Library string
	Role    wire.Role
	// What differs, for reasons that the outcomes tell: "takes RULE" and "refuses
	// WHY" say that one of them breaks off where the other goes on.
	What         string
	Ours, Theirs Outcome
}

// Stream returns the octets that the program's input makes for an end with that
// role, in RFC 6455.
func Stream(p fuzz.Program, role wire.Role) (stream []byte) {
	to := states.Server
	if role == wire.Client {
		to = states.Client
	}
	for _, op := range p.Ops {
		if op.Kind != fuzz.OpHead {
			stream = append(stream, op.Input(to, "")...)
		}
	}
	return stream
}

// Compare has this library and the others read the input of a program and returns
// the differences.
func Compare(p fuzz.Program, role wire.Role) (all []Difference) {
	stream := Stream(p, role)
	piece := 1 + p.Options.Cut
	mine := read(ours, role, slices.Clone(stream), piece)
	for _, library := range Libraries() {
		theirs := read(readerOf(library), role, slices.Clone(stream), piece)
		if what := differ(mine, theirs); what != "" {
			all = append(all, Difference{library, role, what, mine, theirs})
		}
	}
	return all
}

// differ says in what two outcomes differ; "" if in nothing.
func differ(ours, theirs Outcome) string {
	same := slices.Equal(ours.Messages, theirs.Messages) && slices.Equal(ours.Pongs, theirs.Pongs)
	switch {
	case same && ours.End == theirs.End && ours.Received == theirs.Received:
		return ours.answers(theirs)
	case same && ours.End == Failed && theirs.End == Ended:
		return "waits for more behind " + ours.Why
	case same && ours.End == Ended && theirs.End == Failed:
		return "is before this library: " + numbers.ReplaceAllString(theirs.Why, "#")
	case len(theirs.Messages) == len(ours.Messages)+1 && ours.stopsBefore(theirs) &&
		(ours.End == Ended || strings.Contains(theirs.Why, "previous message not read to completion")):
		return "delivers the beginning of a message"
	case ours.End == Failed && ours.stopsBefore(theirs):
		return "takes " + ours.Why
	case theirs.End == Failed && theirs.stopsBefore(ours):
		return "refuses: " + numbers.ReplaceAllString(theirs.Why, "#")
	case ours.End == Ended && len(theirs.Pongs) == len(ours.Pongs)+1 && ours.stopsBefore(theirs):
		return "answers the beginning of a ping"
	case same:
		return fmt.Sprintf("%s %s, not %s %s", theirs.End, theirs.Received, ours.End, ours.Received)
	}
	return "other"
}

// numbers are the same in all messages.
var numbers = regexp.MustCompile("[0-9]+")

// answers says in what the close frames differ that were sent; "" if in nothing.
func (o Outcome) answers(theirs Outcome) string {
	what := string(o.End)
	if o.End == Failed {
		what = o.Why
	}
	switch {
	case o.Close == theirs.Close:
		return ""
	case theirs.Close == "none":
		return "sends no close frame behind " + what
	}
	code := theirs.Close
	if n, err := strconv.Atoi(code); err == nil && (n < 1000 || n > 1015) {
		code = "any code"
	}
	return fmt.Sprintf("answers %s with %s in place of %s", what, code, o.Close)
}

// stopsBefore reports whether the other outcome begins with what was delivered and
// sent in this one.
func (o Outcome) stopsBefore(other Outcome) bool {
	return isPrefix(o.Messages, other.Messages) && isPrefix(o.Pongs, other.Pongs)
}

func isPrefix(a, b []string) bool { return len(a) <= len(b) && slices.Equal(a, b[:len(a)]) }

// String describes a difference.
func (d Difference) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s as %v: %s\nours   %.400v\ntheirs %.400v", d.Library, d.Role, d.What, d.Ours, d.Theirs))
}
