package conformance

import (
	"errors"
	"strings"
)

// splitWords splits a line into its words: what stands between blanks, quoted
// text as a whole. A number sign at the beginning of a word begins the remark.
func splitWords(line string) (words []string, remark string, err error) {
	for rest := strings.TrimLeft(line, " \t"); rest != ""; rest = strings.TrimLeft(rest, " \t") {
		if rest[0] == '#' {
			return words, strings.TrimSpace(rest[1:]), nil
		}
		n, err := wordLength(rest)
		if err != nil {
			return nil, "", err
		}
		words, rest = append(words, rest[:n]), rest[n:]
	}
	return words, "", nil
}

// wordLength returns the length of the word at the beginning of s.
func wordLength(s string) (int, error) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch b := s[i]; {
		case quoted && b == '\\':
			i++
		case b == '"':
			quoted = !quoted
		case !quoted && (b == ' ' || b == '\t'):
			return i, nil
		}
	}
	if quoted {
		return 0, errors.New("the quoted text has no end")
	}
	return len(s), nil
}
