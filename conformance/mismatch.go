package conformance

import (
	"fmt"
	"strings"
)

// Mismatch is a difference between what a case expects and what the driver did.
type Mismatch struct {
	Case     *Case
	File     string // file of the step: the case's, or that of its standard handshake
	Line     int    // line of the step; of the last one at the end of the case
	Step     string // the step as written
	Problem  string // what kind of difference it is
	Want     string // expected; may be empty
	Got      string // what the driver did; may be empty
	Settings string // how the case was run
}

// Error implements error: several lines that a reader can act on.
func (m *Mismatch) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d: %s\n", m.File, m.Line, m.Problem)
	if m.Step != "" {
		fmt.Fprintf(&b, "\tstep:        %s\n", m.Step)
	}
	if m.Want != "" || m.Got != "" {
		fmt.Fprintf(&b, "\texpected:    %s\n\tactual:      %s\n", m.Want, m.Got)
	}
	fmt.Fprintf(&b, "\tcase:        %s: %s\n", m.Case.ID, m.Case.Title)
	if len(m.Case.Requirements) > 0 {
		fmt.Fprintf(&b, "\trequirement: %s\n", strings.Join(m.Case.Requirements, " "))
	}
	fmt.Fprintf(&b, "\trun:         %s", m.Settings)
	return b.String()
}

// describe writes octets as a case would, long ones shortened.
func describe(p []byte) string {
	const most = 96
	if len(p) == 0 {
		return "nothing"
	}
	if len(p) > most {
		return fmt.Sprintf("%s … (%d octets)", readable(p[:most]), len(p))
	}
	return readable(p).String()
}

// readable finds a way of writing octets: text where they are printable, hex
// elsewhere.
func readable(p []byte) Octets {
	const least = 4 // octets that are worth quotes
	var o Octets
	for len(p) > 0 {
		n := 0
		for n < len(p) && isPrintable(p[n]) {
			n++
		}
		if n >= least || n == len(p) {
			o, p = append(o, Item{Data: p[:n], Text: true, Repeat: 1}), p[n:]
			continue
		}
		for n < len(p) && !startsText(p[n:], least) {
			n++
		}
		o, p = append(o, Item{Data: p[:n], Repeat: 1}), p[n:]
	}
	return o
}

func startsText(p []byte, least int) bool {
	for i := range least {
		if i >= len(p) || !isPrintable(p[i]) {
			return false
		}
	}
	return true
}

func isPrintable(b byte) bool {
	return ' ' <= b && b <= '~' || b == '\r' || b == '\n' || b == '\t'
}

// differ describes how two octet strings differ.
func differ(want, got []byte) (w, g string) {
	at := 0
	for at < len(want) && at < len(got) && want[at] == got[at] {
		at++
	}
	if len(want) <= 96 && len(got) <= 96 {
		return describe(want), describe(got)
	}
	from := max(at-8, 0)
	where := fmt.Sprintf("from octet %d on: ", from)
	return fmt.Sprintf("%d octets, %s", len(want), where) + describe(want[from:]),
		fmt.Sprintf("%d octets, %s", len(got), where) + describe(got[from:])
}
