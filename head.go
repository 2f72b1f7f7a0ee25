package wsfsm

import (
	"slices"

	"github.com/wsfsm/wsfsm/states"
)

// Parts of the first line, as head lines name them.
const (
	partMethod   = ":method"
	partTarget   = ":target"
	partProtocol = ":protocol" // "HTTP/1.1"
	partVersion  = ":version"  // "1.1"
	partStatus   = ":status"
)

// head returns the rules of the head with that name.
func (p *Protocol) head(name string) *Head {
	for i := range p.Handshake.Heads {
		if p.Handshake.Heads[i].Name == name {
			return &p.Handshake.Heads[i]
		}
	}
	return &Head{}
}

// list reports whether the value of the line is a list, whose parts may come in
// several fields (RFC 9110 §5.3).
func (l *HeadLine) list() bool {
	switch l.Form {
	case states.FormTokenList, states.FormExtensionList, states.FormOfferedExtensions:
		return true
	}
	return l.Has != ""
}

// holds checks the value of one line.
func (d *Driver) holds(l *HeadLine, value string) bool {
	switch {
	case len(l.OneOf) > 0 && !slices.Contains(l.OneOf, value),
		l.Is != "" && value != l.Is && !(l.Fold && equalFold(value, l.Is)),
		l.Has != "" && !hasToken(value, l.Has),
		l.AtLeast != "" && !atLeast(value, l.AtLeast),
		l.Equals != 0 && value != d.value(l.Equals),
		l.Form != 0 && !d.checkForm(l.Form, value):
		return false
	}
	return true
}

// atLeast compares versions of the form digit.digit with the same first digit.
func atLeast(version, least string) bool {
	return len(version) == 3 && len(least) == 3 && version[0] == least[0] && version[2] >= least[2]
}
