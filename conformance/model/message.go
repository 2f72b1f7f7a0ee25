package model

// message is what has been read of a message.
type message struct {
	kind    Kind
	replace bool   // what is not text becomes U+FFFD
	data    []byte // what the message has become
	open    []byte // the octets of an unfinished character
}

// size returns the bytes that count against the limit.
func (m *message) size() uint64 {
	return uint64(len(m.data) + len(m.open))
}

// add takes one more octet. It returns false if the octet cannot be text, and
// takes it nevertheless where such octets are replaced.
func (m *message) add(b byte) bool {
	if m.kind == KindBinary {
		m.data = append(m.data, b)
		return true
	}
	m.open = append(m.open, b)
	for len(m.open) > 0 {
		whole, bad := ScanUTF8(m.open)
		m.move(whole)
		if bad == -1 {
			return true
		}
		if !m.replace {
			return false
		}
		m.data = append(m.data, replacementCharacter...)
		m.drop(badLength(whole, bad))
	}
	return true
}

// end ends the message. It returns false if that leaves a character unfinished
// which cannot be replaced.
func (m *message) end() bool {
	if len(m.open) == 0 {
		return true
	}
	if m.replace {
		m.data = append(m.data, replacementCharacter...)
		m.open = nil
	}
	return m.replace
}

// move moves n octets of open, whole characters, to data.
func (m *message) move(n int) {
	m.data = append(m.data, m.open[:n]...)
	m.drop(n)
}

// drop removes n octets of open.
func (m *message) drop(n int) {
	m.open = m.open[:copy(m.open, m.open[n:])]
}
