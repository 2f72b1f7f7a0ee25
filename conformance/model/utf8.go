package model

// ScanUTF8 reads p as UTF-8 by the grammar of RFC 3629 §4. It returns the
// number of bytes of the whole characters at the front and the index of the
// first octet that cannot continue any valid sequence, -1 if there is none.
// With bad = -1, the bytes from whole on are the beginning of a character.
func ScanUTF8(p []byte) (whole, bad int) {
	for whole < len(p) {
		need := sequenceLength(p[whole])
		if need == 0 {
			return whole, whole
		}
		for i := 1; i < need; i++ {
			if whole+i == len(p) {
				return whole, -1
			}
			if !mayFollow(p[whole], i, p[whole+i]) {
				return whole, whole + i
			}
		}
		whole += need
	}
	return whole, -1
}

// ValidUTF8 tells whether s consists of whole characters only.
func ValidUTF8(s string) bool {
	whole, bad := ScanUTF8([]byte(s))
	return bad == -1 && whole == len(s)
}

// sequenceLength returns the number of octets in the character that lead
// begins, 0 if no character begins so. C0 and C1 could only begin an overlong
// form, F5 and above only a value beyond U+10FFFF.
func sequenceLength(lead byte) int {
	if lead <= 0x7F {
		return 1
	}
	if lead >= 0xC2 && lead <= 0xDF {
		return 2
	}
	if lead >= 0xE0 && lead <= 0xEF {
		return 3
	}
	if lead >= 0xF0 && lead <= 0xF4 {
		return 4
	}
	return 0
}

// mayFollow tells whether b may be octet i (from 1 on) of a character that lead
// begins. Only the second octet depends on the lead.
func mayFollow(lead byte, i int, b byte) bool {
	if i == 1 {
		if lead == 0xE0 {
			return b >= 0xA0 && b <= 0xBF // below: overlong
		}
		if lead == 0xED {
			return b >= 0x80 && b <= 0x9F // above: surrogates
		}
		if lead == 0xF0 {
			return b >= 0x90 && b <= 0xBF // below: overlong
		}
		if lead == 0xF4 {
			return b >= 0x80 && b <= 0x8F // above: beyond U+10FFFF
		}
	}
	return b >= 0x80 && b <= 0xBF
}

// replacementCharacter is U+FFFD in UTF-8.
const replacementCharacter = "\xef\xbf\xbd"

// ReplaceUTF8 returns s with one U+FFFD for each maximal subpart of an
// ill-formed sequence: for the octets that begin a valid character as far as
// they do, or else for one octet (Unicode 6.0 and later, §3.9, "U+FFFD
// substitution of maximal subparts").
func ReplaceUTF8(s string) string {
	m := message{kind: KindText, replace: true}
	for i := range len(s) {
		m.add(s[i])
	}
	m.end()
	return string(m.data)
}

// badLength returns the length of the ill-formed sequence that [ScanUTF8] found
// behind whole characters with its first impossible octet at bad. That octet
// begins something new, unless nothing can begin with it.
func badLength(whole, bad int) int {
	return max(bad-whole, 1)
}
