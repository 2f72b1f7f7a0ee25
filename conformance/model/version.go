package model

// draft is the place of a version in the order in which they were made:
// hybi-01 … hybi-17 have their own number, so that "from draft 10 on" is >= 10.
type draft int

const (
	hixie75 draft = -1
	hixie76 draft = 0 // the same protocol as hybi-00
	rfc6455 draft = 18
)

// Versions returns the names of all versions, oldest first.
func Versions() []string {
	return []string{
		"hixie-75", "hixie-76",
		"hybi-01", "hybi-02", "hybi-03", "hybi-04", "hybi-05", "hybi-06", "hybi-07", "hybi-08", "hybi-09",
		"hybi-10", "hybi-11", "hybi-12", "hybi-13", "hybi-14", "hybi-15", "hybi-16", "hybi-17",
		"rfc6455",
	}
}

// draft returns the place of p's version; it panics if there is no such version.
func (p Params) draft() draft {
	if p.Version == "" {
		return rfc6455
	}
	return draftOf(p.Version)
}

func draftOf(version string) draft {
	for i, name := range Versions() {
		if name == version {
			return hixie75 + draft(i)
		}
	}
	panic("model: undefined version: " + version)
}

// WireVersion returns the value of Sec-WebSocket-Version (from hybi-04 on) or
// of Sec-WebSocket-Draft (hybi-02 and -03) that a client sends; empty where
// there is no such header.
func (p Params) WireVersion() string {
	d := p.draft()
	if d >= 13 {
		return "13"
	}
	if d >= 8 {
		return "8"
	}
	if d >= 4 {
		return string(rune('0' + d))
	}
	if d >= 2 {
		return "2"
	}
	return ""
}

// replacesText tells whether text that is not UTF-8 becomes U+FFFD rather than
// a violation (draft 10 made it one).
func (d draft) replacesText() bool {
	return d <= 9
}

// hasOpcodes tells whether frames have opcodes: only then there are pings, pongs,
// binary messages and fragments.
func (d draft) hasOpcodes() bool {
	return d >= 1
}

// hasCodes tells whether close frames carry a code and a reason.
func (d draft) hasCodes() bool {
	return d >= 6
}

// prefixMask tells whether a client masks whole frames, with a mask that
// follows from four octets in front of each.
func (d draft) prefixMask() bool {
	return d >= 4 && d <= 6
}

// maskBit tells whether a bit in the second octet says that a payload is masked.
func (d draft) maskBit() bool {
	return d >= 7
}
