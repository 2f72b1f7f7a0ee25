package emit

import (
	"fmt"
	"go/format"
	"strings"
)

// goSource collects the text of a Go file.
type goSource struct {
	strings.Builder
	goNames
}

// linef writes one line.
func (s *goSource) linef(form string, args ...any) {
	fmt.Fprintf(&s.Builder, form, args...)
	s.WriteByte('\n')
}

// comment writes a comment in lines of about 80 characters.
func (s *goSource) comment(form string, args ...any) {
	s.WriteString("\n" + goComment(fmt.Sprintf(form, args...)))
}

// goComment breaks a text into the lines of a comment.
func goComment(text string) string {
	b := new(strings.Builder)
	column := 0
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
			b.WriteString("// ")
		case column+len(word) > 76:
			b.WriteString("\n// ")
			column = 0
		default:
			b.WriteString(" ")
		}
		b.WriteString(word)
		column += len(word) + 1
	}
	return b.String() + "\n"
}

// text writes lines as they are.
func (s *goSource) text(lines string) {
	s.WriteString(strings.Trim(lines, "\n"))
	s.WriteByte('\n')
}

// bytes returns the file as gofmt writes it.
func (s *goSource) bytes() ([]byte, error) {
	if err := s.err(); err != nil {
		return nil, err
	}
	src, err := format.Source([]byte(s.String()))
	if err != nil {
		return nil, fmt.Errorf("generated Go does not parse: %w", err)
	}
	return src, nil
}
