package emit

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/wsfsm/wsfsm/gen/spec"
)

// Matrix says in which ways versions differ: a row of titles, then a row for
// each version. All is read off their machines and constants; what a version
// has not is "-".
func Matrix(in Input) [][]string {
	titles := []string{"Version"}
	for _, f := range features {
		titles = append(titles, f.title)
	}
	rows := [][]string{titles}
	for _, v := range in.Versions {
		row := []string{v.Spec.Name}
		for _, f := range features {
			value := f.of(v.Spec)
			if value == "" {
				value = "-"
			}
			row = append(row, value)
		}
		rows = append(rows, row)
	}
	return rows
}

// features are the columns of the matrix.
var features = []struct {
	title string
	of    func(*spec.Version) string
}{
	{"Number", func(v *spec.Version) string { return v.WireVersion }},
	{"Recognised by", recognition},
	{"Key", keys},
	{"Proof", proof},
	{"Origin", origin},
	{"Subprotocols", subprotocols},
	{"Text", firstOctet("text-whole")},
	{"Binary", firstOctet("binary-whole")},
	{"Cont.", firstOctet("final-continuation")},
	{"Close", firstOctet("close", "close-type")},
	{"Ping", firstOctet("ping")},
	{"Pong", firstOctet("pong")},
	{"Length", length},
	{"Mask", masking},
	{"Bad UTF-8", badText},
	{"Close body", func(v *spec.Version) string { return closeBody(v.Close) }},
	{"Close codes", closeCodes},
	{"Too big", func(v *spec.Version) string { return number(v.TooBig) }},
	{"Failure tells", failureTells},
}

func recognition(v *spec.Version) string {
	switch r := v.Recognise; {
	case r == nil || r.Header == "":
		return ""
	case len(r.Values) == 0:
		return r.Header
	default:
		return r.Header + ": " + strings.Join(r.Values, ", ")
	}
}

// lines are those of a head that satisfy a condition, by name.
func lines(v *spec.Version, head string, is func(*spec.HeadLine) bool) string {
	m := v.Machine(spec.MachineHandshake)
	if m == nil || m.Head(head) == nil {
		return ""
	}
	var names []string
	for _, l := range m.Head(head).Lines {
		if is(l) {
			names = append(names, l.Name)
		}
	}
	return strings.Join(names, ", ")
}

func keys(v *spec.Version) string {
	names := lines(v, "request", func(l *spec.HeadLine) bool { return strings.HasPrefix(l.From, "key") })
	return joined(names, behind(v, "challenge"))
}

func proof(v *spec.Version) string {
	names := lines(v, "response", func(l *spec.HeadLine) bool { return l.Equals == "accept" || l.From == "nonce" })
	return joined(names, behind(v, "digest"))
}

// joined puts two parts together, of which each may be missing.
func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ", " + b
}

// behind are the octets behind a head that are kept as a field.
func behind(v *spec.Version, field string) string {
	m := v.Machine(spec.MachineHandshake)
	if m == nil {
		return ""
	}
	for _, s := range m.States {
		if s.Read != nil && s.Read.As == field {
			for _, n := range s.Read.Argument {
				return n + " octets"
			}
		}
	}
	return ""
}

func origin(v *spec.Version) string {
	return lines(v, "request", func(l *spec.HeadLine) bool { return l.Form == "allowed-origin" && l.From != "" })
}

func subprotocols(v *spec.Version) string {
	return lines(v, "request", func(l *spec.HeadLine) bool {
		return slices.Contains([]string{"protocols", "one-protocol", "spaced"}, l.From)
	}) + map[bool]string{true: " (one)"}[lines(v, "request", func(l *spec.HeadLine) bool { return l.From == "one-protocol" }) != ""]
}

// firstOctet finds the lowest first octet of a frame that is one of some events
// in a class of kept heads.
func firstOctet(events ...string) func(*spec.Version) string {
	return func(v *spec.Version) string {
		for _, m := range v.Machines {
			if m.Name != spec.MachineFrame && m.Name != spec.MachineMessage {
				continue
			}
			for _, c := range m.Classes {
				table := c.Roles[slices.Sorted(maps.Keys(c.Roles))[0]] // heads are alike for all roles
				for octet, entry := range table.Sort(spec.Ownership{}) {
					if slices.Contains(events, table.Event(entry)) {
						return fmt.Sprintf("%02X", octet)
					}
				}
			}
		}
		return ""
	}
}

// stored reports whether a machine keeps something as a field.
func stored(v *spec.Version, field string) bool {
	m := v.Machine(spec.MachineFrame)
	return m != nil && slices.ContainsFunc(m.States, func(s *spec.State) bool { return s.Read != nil && s.Read.As == field })
}

func length(v *spec.Version) string {
	switch {
	case stored(v, "length-16"):
		return "shortest form"
	case stored(v, "any-length-16"):
		return "any form"
	case stored(v, "length-128"):
		return "up to FF"
	}
	return ""
}

func masking(v *spec.Version) string {
	m := v.Machine(spec.MachineFrame)
	if m == nil {
		return ""
	}
	for _, s := range m.States {
		switch {
		case s.Through == "":
		case s.Read.Kind == spec.ReadOctet && s.Through == "frame-nonce":
			return "frame, SHA-1"
		case s.Read.Kind == spec.ReadOctet:
			return "frame"
		default:
			return "payload"
		}
	}
	return ""
}

// reads reports whether a machine has a read with an argument.
func reads(v *spec.Version, machine, argument string) bool {
	m := v.Machine(machine)
	return m != nil && slices.ContainsFunc(m.States, func(s *spec.State) bool {
		if s.Read == nil {
			return false
		}
		for _, a := range s.Read.Argument {
			if a == argument {
				return true
			}
		}
		return false
	})
}

func badText(v *spec.Version) string {
	switch {
	case reads(v, spec.MachineMessage, "text"):
		return "fails"
	case reads(v, spec.MachineMessage, "replaced-text"):
		return "U+FFFD"
	}
	return ""
}

func closeBody(c *spec.Close) string {
	if c == nil {
		return ""
	}
	return c.Body
}

func closeCodes(v *spec.Version) string {
	if v.Close == nil {
		return ""
	}
	var list []string
	for _, r := range v.Close.Sent {
		text := strconv.Itoa(r.First)
		if r.Last != r.First {
			text += "-" + strconv.Itoa(r.Last)
		}
		list = append(list, text)
	}
	return strings.Join(list, " ")
}

func failureTells(v *spec.Version) string {
	m := v.Machine(spec.MachineConnection)
	if m == nil {
		return ""
	}
	for _, s := range m.States {
		for _, r := range s.When {
			if r.Event == "violation" && r.Do == "send-failure" {
				return "close frame"
			}
		}
	}
	return ""
}

// Index writes the page that leads to the pages of all versions, with the matrix.
func Index(in Input) []byte {
	p := &page{in: in}
	p.linef("<!-- %s -->\n", in.mark(in.Dir+"*.yaml"))
	p.linef("# Versions\n")
	p.linef("Each has a page with its machines: what they read, which events they meet, where they lead.\n")
	for _, v := range in.Versions {
		note := ""
		if v.Spec.Confidence != "" {
			note = " (uncertain: " + v.Spec.Confidence + ")"
		}
		p.linef("- [%s](%s.md)%s", v.Spec.Title, v.Spec.Name, note)
	}
	p.linef("\n## Differences\n")
	p.linef("Read off the machines, also by `wsfsm show --matrix`. Octets are those of a whole message or control frame.\n")
	rows := Matrix(in)
	p.table(rows[0], rows[1:])
	return []byte(strings.TrimRight(p.String(), "\n") + "\n")
}
