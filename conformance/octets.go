package conformance

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxOctets is the greatest size of one octet string of a case, in octets.
const MaxOctets = 1 << 24

// Octets is an octet string as a case writes it: items, one after the other.
type Octets []Item

// Item is one item of an octet string: hex digits, quoted text, or a name for
// what depends on the random octets of the case.
type Item struct {
	Data   []byte
	Text   bool   // written as quoted text
	Name   string // one of namedRole, as "key"; Data is empty
	Repeat int    // how often Data stands here, at least 1
	// Masked: the item is XORed with the four octets before the first of
	// consecutive masked items, as a payload is with its masking key, or with
	// what the handshake of hybi-04 makes of them.
	Masked bool
}

// Bytes returns the octets, masked as a payload is with its masking key. names
// gives the octets of named items; nil if there are none.
func (o Octets) Bytes(names func(string) []byte) []byte { return o.masked(names, plainMask) }

// masked returns the octets. mask makes the octets to mask with, which repeat,
// of the four in front of masked items.
func (o Octets) masked(names func(string) []byte, mask func([]byte) []byte) []byte {
	var out []byte
	var key []byte // of the masked items
	at := 0        // octets masked with key
	for _, item := range o {
		data := item.Data
		if item.Name != "" {
			data = names(item.Name)
		}
		if !item.Masked {
			key = nil
			out = append(out, bytes.Repeat(data, item.Repeat)...)
			continue
		}
		if key == nil {
			key, at = mask(bytes.Clone(out[len(out)-4:])), 0
		}
		for range item.Repeat {
			for _, b := range data {
				out = append(out, b^key[at%len(key)])
				at++
			}
		}
	}
	return out
}

// String returns the octets as a case writes them.
func (o Octets) String() string {
	words := make([]string, len(o))
	for i, item := range o {
		words[i] = item.String()
	}
	return strings.Join(words, " ")
}

// String returns the item as a case writes it.
func (i Item) String() string {
	var s strings.Builder
	if i.Masked {
		s.WriteByte('^')
	}
	switch {
	case i.Name != "":
		s.WriteString(i.Name)
	case i.Text:
		s.WriteString(quote(i.Data))
	default:
		s.WriteString(hex.EncodeToString(i.Data))
	}
	if i.Repeat != 1 {
		fmt.Fprintf(&s, "*%d", i.Repeat)
	}
	return s.String()
}

// parseOctets reads the words of an octet string.
func parseOctets(words []string) (Octets, error) {
	var o Octets
	size, keyed := 0, 0 // octets so far; of them, those that a key may be taken from
	for _, word := range words {
		item, err := parseItem(word)
		if err != nil {
			return nil, err
		}
		if item.Masked && keyed < 4 {
			return nil, fmt.Errorf("%s is masked without four octets of a masking key before it", word)
		}
		n := len(item.Data) * item.Repeat
		if item.Name != "" {
			n = namedRole[item.Name].most
		}
		if size += n; size > MaxOctets {
			return nil, fmt.Errorf("more than %d octets", MaxOctets)
		}
		keyed += n
		o = append(o, item)
	}
	return o, nil
}

func parseItem(word string) (Item, error) {
	item := Item{Repeat: 1}
	rest := word
	rest, item.Masked = strings.CutPrefix(rest, "^")
	if i := strings.LastIndexByte(rest, '*'); i >= 0 && !strings.HasSuffix(rest, `"`) {
		n, err := strconv.Atoi(rest[i+1:])
		if err != nil || n < 1 || n > MaxOctets || rest[i+1] == '+' {
			return item, fmt.Errorf("%s: a repetition is a number from 1 to %d", word, MaxOctets)
		}
		rest, item.Repeat = rest[:i], n
	}
	var err error
	_, isName := namedRole[rest]
	switch {
	case isName:
		item.Name = rest
	case strings.HasPrefix(rest, `"`):
		item.Text = true
		item.Data, err = unquote(rest)
	default:
		item.Data, err = hex.DecodeString(rest)
		if err != nil || len(item.Data) == 0 {
			err = fmt.Errorf("%s is neither hex octets nor quoted text", word)
		}
	}
	if err == nil && len(item.Data) > MaxOctets/item.Repeat {
		err = fmt.Errorf("more than %d octets", MaxOctets)
	}
	return item, err
}

// quote writes text with the escapes of the format. Printable characters stay
// as they are; all other octets are escaped.
func quote(p []byte) string {
	var s strings.Builder
	s.WriteByte('"')
	for len(p) > 0 {
		r, n := utf8.DecodeRune(p)
		switch {
		case r == '\r':
			s.WriteString(`\r`)
		case r == '\n':
			s.WriteString(`\n`)
		case r == '\t':
			s.WriteString(`\t`)
		case r == '"' || r == '\\':
			s.WriteByte('\\')
			s.WriteRune(r)
		case r == utf8.RuneError || !unicode.IsPrint(r):
			for _, b := range p[:n] {
				fmt.Fprintf(&s, `\x%02x`, b)
			}
		default:
			s.WriteRune(r)
		}
		p = p[n:]
	}
	s.WriteByte('"')
	return s.String()
}

// unquote reads quoted text. Characters outside of ASCII stand for their UTF-8.
func unquote(word string) ([]byte, error) {
	if len(word) < 2 || !strings.HasSuffix(word, `"`) {
		return nil, errors.New("the quoted text has no end")
	}
	var out []byte
	for rest := word[1 : len(word)-1]; rest != ""; {
		if rest[0] != '\\' {
			out, rest = append(out, rest[0]), rest[1:]
			continue
		}
		b, n, err := unescape(rest)
		if err != nil {
			return nil, err
		}
		out, rest = append(out, b), rest[n:]
	}
	return out, nil
}

// unescape reads the escape at the beginning of s and returns its length.
func unescape(s string) (b byte, n int, err error) {
	if len(s) < 2 {
		return 0, 0, errors.New("a backslash without its escape")
	}
	switch s[1] {
	case 'r':
		return '\r', 2, nil
	case 'n':
		return '\n', 2, nil
	case 't':
		return '\t', 2, nil
	case '"', '\\':
		return s[1], 2, nil
	case 'x':
		if len(s) >= 4 {
			if p, err := hex.DecodeString(s[2:4]); err == nil {
				return p[0], 4, nil
			}
		}
		return 0, 0, errors.New(`\x wants two hex digits`)
	}
	return 0, 0, fmt.Errorf(`unknown escape \%c`, s[1])
}
