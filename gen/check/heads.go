package check

import (
	"slices"
	"strings"

	"github.com/wsfsm/wsfsm/gen/spec"
)

// Parts of the first line of a head, named like fields with a leading colon.
const (
	partMethod   = ":method"
	partTarget   = ":target"
	partProtocol = ":protocol"
	partVersion  = ":version"
	partStatus   = ":status"
)

// parts are those that make the first line of a head, and those that are only
// looked at.
func parts(head string) (sent, all []string) {
	switch head {
	case "request":
		sent = []string{partMethod, partTarget, partProtocol}
	case "response":
		sent = []string{partProtocol, partStatus}
	}
	return sent, []string{partMethod, partTarget, partProtocol, partVersion, partStatus}
}

// heads checks the lines of each head.
func (m *machine) heads() {
	for _, h := range m.Heads {
		if !m.reads(spec.TakesHead, h.Name) {
			m.Add(UnusedHead, h.Pos, "", "no state of the machine %s reads the head %q", m.Name, h.Name)
		}
		sent, all := parts(h.Name)
		for _, part := range sent {
			i := slices.IndexFunc(h.Lines, func(l *spec.HeadLine) bool { return l.Name == part })
			switch {
			case i < 0:
				m.Add(MissingLine, h.Pos, "", "the head %q does not say %q", h.Name, part)
			case !sends(h.Lines[i]):
				m.Add(NotSent, h.Lines[i].Pos, "", "%q is part of the first line, but nothing is sent for it", part)
			}
		}
		seen := make(map[string]bool)
		for _, l := range h.Lines {
			if fold := strings.ToLower(l.Name); seen[fold] {
				m.Add(HeadLine, l.Pos, "the names of fields have no case", "the field %q is there twice", l.Name)
			} else {
				seen[fold] = true
			}
			m.line(l, all)
		}
	}
}

func sends(l *spec.HeadLine) bool { return l.Send != "" || l.From != "" }

// demands reports whether a line can fail.
func demands(l *spec.HeadLine) bool {
	return l.Count >= 0 || l.Is != "" || len(l.OneOf) > 0 || l.Has != "" || l.AtLeast != "" || l.Form != "" || l.Equals != ""
}

func (m *machine) line(l *spec.HeadLine, parts []string) {
	m.lineName(l, parts)
	m.contradictions(l)
	switch {
	case !demands(l) && !sends(l):
		m.Add(IdleLine, l.Pos, "", "the line %q neither demands nor sends anything", l.Name)
	case demands(l) && l.Else == "":
		m.Add(MissingElse, l.Pos, "", "the line %q does not say what comes of it if it does not hold", l.Name)
	case !demands(l) && l.Else != "":
		m.Add(HeadLine, l.At["else"], "", "the line %q demands nothing that could fail", l.Name)
	case demands(l) && !l.Optional && l.Count != 0 && !sends(l) && !strings.HasPrefix(l.Name, ":"):
		m.Add(NotSent, l.Pos, "", "the line %q is demanded of the peer, but nothing is sent for it", l.Name)
	}
}

// lineName checks that a line is named after a part of the first line or has
// the name of a field, a token (RFC 9110 §5.1).
func (m *machine) lineName(l *spec.HeadLine, parts []string) {
	if strings.HasPrefix(l.Name, ":") {
		if !slices.Contains(parts, l.Name) {
			m.Add(UnknownName, l.Pos, spec.Suggest(l.Name, parts), "unknown part of the first line %q", l.Name)
		}
		if l.Count >= 0 || l.Optional {
			m.Add(HeadLine, l.Pos, "", "the first line is there once: %q can neither be counted nor optional", l.Name)
		}
		return
	}
	if strings.ContainsFunc(l.Name, func(c rune) bool { return !isToken(c) }) {
		m.Add(HeadLine, l.Pos, "", "%q is no name of a field", l.Name)
	}
}

func isToken(c rune) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.ContainsRune("!#$%&'*+-.^_`|~", c)
}

// contradictions refuses attributes that exclude one another.
func (m *machine) contradictions(l *spec.HeadLine) {
	var set []string
	for _, a := range []struct {
		name  string
		value string
	}{{"is", l.Is}, {"one-of", strings.Join(l.OneOf, " ")}, {"has", l.Has}, {"at-least", l.AtLeast}, {"equals", l.Equals}} {
		if a.value != "" {
			set = append(set, a.name)
		}
	}
	if len(set) > 1 {
		m.Add(HeadLine, l.At.Of(set[1], l.Pos), "", "the line %q has both %s and %s", l.Name, set[0], set[1])
	}
	if l.Send != "" && l.From != "" {
		m.Add(HeadLine, l.At.Of("from", l.Pos), "", "the line %q has both send and from", l.Name)
	}
	if l.Fold && l.Is == "" {
		m.Add(HeadLine, l.At.Of("fold", l.Pos), "", "the line %q has fold, but no literal to compare", l.Name)
	}
	if l.Count == 0 && (l.Optional || l.Form != "" || len(set) > 0 || sends(l)) {
		m.Add(HeadLine, l.At.Of("count", l.Pos), "", "the line %q must not be there: nothing else can be said of it", l.Name)
	}
	if l.Equals != "" && l.Count < 0 {
		m.Add(HeadLine, l.At.Of("equals", l.Pos), "say count: 1", "the line %q equals one value, but may be there several times", l.Name)
	}
	if l.From != "" && l.Form == "" && len(set) == 0 {
		m.Add(NotChecked, l.At.Of("from", l.Pos), "", "the line %q is sent, but not looked at when it comes", l.Name)
	}
	if l.Optional && !demands(l) {
		m.Add(HeadLine, l.At.Of("optional", l.Pos), "", "the line %q is optional, but demands nothing", l.Name)
	}
	if !holds(l) {
		m.Add(HeadLine, l.At.Of("send", l.Pos), "", "what the line %q sends does not hold by its own rule", l.Name)
	}
}

// holds reports whether the literal that a line sends holds by its own rule.
func holds(l *spec.HeadLine) bool {
	switch {
	case l.Send == "":
		return true
	case l.Has != "":
		return slices.ContainsFunc(strings.Split(l.Send, ","), func(token string) bool {
			return strings.EqualFold(strings.TrimSpace(token), l.Has)
		})
	case l.Is != "" && l.Name == partStatus:
		return l.Send == l.Is || strings.HasPrefix(l.Send, l.Is+" ")
	case l.Is != "":
		return l.Send == l.Is || l.Fold && strings.EqualFold(l.Send, l.Is)
	}
	return true
}
