package conformance

import (
	"fmt"
	"strings"
)

// Format writes the case as Parse reads it.
func Format(c *Case) []byte {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	line("case", fmt.Sprint(FormatVersion))
	line("title", c.Title)
	line("role", c.Role.String())
	line("version", c.Version)
	line("also", strings.Join(c.Also, " "))
	line("section", c.Section)
	line("requirement", strings.Join(c.Requirements, " "))
	options := make([]string, len(c.Options))
	for i, o := range c.Options {
		options[i] = o.String()
	}
	line("options", strings.Join(options, " "))
	line("rand", c.Rand.String())
	if c.HandshakeInCase {
		line("handshake", "in case")
	}
	if c.AsWritten {
		line("input", "as written")
	}
	b.WriteByte('\n')
	for _, remark := range c.Remarks {
		b.WriteString(strings.TrimSpace("# "+remark) + "\n")
	}
	for i := range c.Steps {
		b.WriteString(c.Steps[i].String())
		if c.Steps[i].Remark != "" {
			b.WriteString("  # " + c.Steps[i].Remark)
		}
		b.WriteByte('\n')
	}
	return []byte(b.String())
}

// String returns the option as a case writes it.
func (o Option) String() string {
	switch {
	case o.Value == "":
		return o.Name
	case strings.ContainsFunc(o.Value, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '\\' || r == '#' }):
		return o.Name + "=" + quote([]byte(o.Value))
	}
	return o.Name + "=" + o.Value
}

// String returns the step as a case writes it, without its remark.
func (s *Step) String() string {
	var words []string
	switch s.Kind {
	case Input:
		words = []string{">"}
	case Output:
		words = []string{"<"}
	case Answer:
		words = []string{"<", s.Verb}
	case Command:
		words = []string{"do", s.Verb}
	case Event:
		words = []string{"event", s.Verb}
	case Getter:
		words = []string{s.Verb}
	}
	words = append(words, s.Args...)
	for _, f := range s.Fields {
		words = append(words, quote([]byte(f.String())))
	}
	if s.hasBody() {
		words = append(words, "body")
	}
	if len(s.Octets) > 0 {
		words = append(words, s.octetsText())
	}
	if s.Fails != nil {
		words = append(append(words, "->"), s.Fails...)
	}
	return strings.Join(words, " ")
}

// octetsText returns the octets as a case writes them. Digits in the place of an
// argument that has been left out are marked as octets by their number, 1.
func (s *Step) octetsText() string {
	first, rest, _ := strings.Cut(s.Octets.String(), " ")
	if g, _ := commandGrammar(s.Verb); s.Kind == Command && len(s.Args) < len(g.args) && fits(first, g.args[len(s.Args)]) {
		first += "*1"
	}
	return strings.TrimSuffix(first+" "+rest, " ")
}

// hasBody reports whether the octets follow the word body.
func (s *Step) hasBody() bool {
	return len(s.Octets) > 0 && (s.Kind == Answer || s.Kind == Command && s.Verb == "reject")
}

// String returns "Name: value".
func (f Field) String() string {
	if f.Value == "" {
		return f.Name + ":"
	}
	return f.Name + ": " + f.Value
}
