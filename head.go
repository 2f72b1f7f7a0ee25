package wsfsm

import (
	"slices"
	"strings"

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

// checkHead returns the finding of the first line that does not hold.
func (d *Driver) checkHead(h *Head, parts func(string) string, header Header) states.HandshakeEvent {
	for i := range h.Lines {
		l := &h.Lines[i]
		if strings.HasPrefix(l.Name, ":") {
			if !d.holds(l, parts(l.Name)) {
				return l.Else
			}
			continue
		}
		n, value := header.combined(l.Name)
		if n > 1 && !l.list() {
			value = header.Get(l.Name)
		}
		switch {
		case n == 0 && (l.Optional || l.Count == 0), l.Equals != 0 && d.value(l.Equals) == "":
		case n == 0, l.Count >= 0 && n > l.Count, !d.holds(l, value):
			return l.Else
		}
	}
	return states.HandshakeOnAcceptable
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

// appendHead writes a head: the first line from its parts, the fields of the
// spec in their order, then the extra ones.
func (d *Driver) appendHead(dst []byte, h *Head, first []string, extra ...[]Field) []byte {
	for i, part := range first {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = append(dst, d.sends(h, part)...)
	}
	dst = append(dst, "\r\n"...)
	for i := range h.Lines {
		l := &h.Lines[i]
		if strings.HasPrefix(l.Name, ":") {
			continue
		}
		if value := d.lineValue(l); value != "" {
			dst = appendField(dst, Field{l.Name, value})
		}
	}
	for _, fields := range extra {
		for _, f := range fields {
			dst = appendField(dst, f)
		}
	}
	return append(dst, "\r\n"...)
}

// sends returns what is sent for one part of the first line.
func (d *Driver) sends(h *Head, part string) string {
	for i := range h.Lines {
		if h.Lines[i].Name == part {
			return d.lineValue(&h.Lines[i])
		}
	}
	return ""
}

// lineValue returns what is sent for a line; "" if nothing is.
func (d *Driver) lineValue(l *HeadLine) string {
	if l.From != 0 {
		return d.value(l.From)
	}
	return l.Send
}

func appendField(dst []byte, f Field) []byte {
	dst = append(dst, f.Name...)
	dst = append(dst, ": "...)
	dst = append(dst, f.Value...)
	return append(dst, "\r\n"...)
}
