package conformance

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// drawn is what a client of hixie-76 to hybi-03 has drawn for its request. The
// draft leaves open how, so that a case cannot tell it from the random octets:
// it is read off the request, and checked.
type drawn struct {
	keys      [2]string
	challenge []byte
}

// readDrawn takes the keys and the challenge out of a request that waits to be
// sent. The error says which rule of the draft they break.
func readDrawn(request []byte) (*drawn, error) {
	head, behind, ok := bytes.Cut(request, []byte("\r\n\r\n"))
	if !ok || len(behind) < 8 {
		return nil, fmt.Errorf("eight octets behind the request are missing")
	}
	d := &drawn{challenge: bytes.Clone(behind[:8])}
	for i := range d.keys {
		name := "Sec-WebSocket-Key" + strconv.Itoa(i+1)
		d.keys[i] = fieldIn("\r\n"+string(head)+"\r\n", name)
		if _, err := keyNumber(d.keys[i]); err != nil {
			return nil, fmt.Errorf("%s %q %w", name, d.keys[i], err)
		}
	}
	return d, nil
}

// digest is the proof that a server has read the challenge (hixie-76 §5.2).
func (d *drawn) digest() []byte {
	var text []byte
	for _, key := range d.keys {
		number, _ := keyNumber(key) // readDrawn has seen to it
		text = binary.BigEndian.AppendUint32(text, number)
	}
	sum := md5.Sum(append(text, d.challenge...))
	return sum[:]
}

// keyNumber returns the number that a client has hidden in a key, if it has made
// the key as hixie-76 §4.1 wants it: 1 to 12 spaces, not at the ends, and 1 to 12
// other characters that are no digits.
func keyNumber(key string) (uint32, error) {
	digits, spaces, others := "", uint64(0), 0
	for _, b := range []byte(key) {
		switch {
		case b == ' ':
			spaces++
		case '0' <= b && b <= '9':
			digits += string(rune(b))
		case b > ' ' && b <= '~':
			others++
		default:
			return 0, fmt.Errorf("holds the octet %02x", b)
		}
	}
	switch {
	case spaces < 1 || spaces > 12:
		return 0, fmt.Errorf("has %d spaces", spaces)
	case strings.TrimSpace(key) != key:
		return 0, fmt.Errorf("has a space at an end")
	case others < 1 || others > 12:
		return 0, fmt.Errorf("has %d characters beside digits and spaces", others)
	}
	product, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || product%spaces != 0 || product/spaces > 1<<32-1 {
		return 0, fmt.Errorf("hides no number of 32 bits: %s divided by %d", digits, spaces)
	}
	return uint32(product / spaces), nil
}

// fieldIn returns the value of the first field with that name in the text of a
// head; "" if there is none.
func fieldIn(head, name string) string {
	_, rest, _ := strings.Cut(head, "\r\n"+name+": ")
	value, _, _ := strings.Cut(rest, "\r\n")
	return value
}
