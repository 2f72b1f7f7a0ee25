package conformance

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/wsfsm/wsfsm/states"
)

// maxFile is the greatest size of a case file in octets.
const maxFile = 1 << 20

// ParseError says what is wrong with a case file, and where.
type ParseError struct {
	File string
	Line int
	Err  error
}

// Error implements error: "file:line: what is wrong".
func (e *ParseError) Error() string { return fmt.Sprintf("%s:%d: %v", e.File, e.Line, e.Err) }

// Unwrap returns what is wrong.
func (e *ParseError) Unwrap() error { return e.Err }

// Parse reads one case. file is the path of the case below cases/, from which
// its ID comes; text is not kept. The error is a *ParseError.
func Parse(file string, text []byte) (*Case, error) {
	p := parser{c: &Case{ID: strings.TrimSuffix(path.Clean(file), ".case"), File: file}}
	if err := p.parse(text); err != nil {
		return nil, &ParseError{File: file, Line: max(p.line, 1), Err: err}
	}
	return p.c, nil
}

// parser reads a case line by line.
type parser struct {
	c    *Case
	line int
	seen map[string]bool // header names
}

func (p *parser) parse(text []byte) error {
	if len(text) > maxFile {
		return fmt.Errorf("the file is longer than %d octets", maxFile)
	}
	if !utf8.Valid(text) {
		return errors.New("the file is not UTF-8")
	}
	p.seen = map[string]bool{}
	header := true
	for line := range strings.Lines(string(text)) {
		p.line++
		line = strings.TrimRight(line, "\r\n")
		if header && strings.TrimSpace(line) == "" {
			header = false
			if err := p.endHeader(); err != nil {
				return err
			}
			continue
		}
		if err := p.parseLine(header, line); err != nil {
			return err
		}
	}
	if header {
		return errors.New("a blank line and steps are missing")
	}
	return p.end()
}

func (p *parser) parseLine(header bool, line string) error {
	if header {
		return p.parseHeader(line)
	}
	trimmed := strings.TrimSpace(line)
	if strings.HasPrefix(trimmed, "#") && len(p.c.Steps) == 0 {
		p.c.Remarks = append(p.c.Remarks, strings.TrimSpace(trimmed[1:]))
		return nil
	}
	words, remark, err := splitWords(line)
	if err != nil {
		return err
	}
	if len(words) == 0 {
		if remark != "" {
			return errors.New("a remark stands above the first step or behind a step")
		}
		return nil
	}
	s, err := parseStep(words)
	if err != nil {
		return err
	}
	for _, item := range s.Octets {
		if role := namedRole[item.Name].role; item.Name != "" && role != p.c.Role.String() {
			return fmt.Errorf("%s stands in cases of a %s only", item.Name, role)
		}
	}
	s.Line, s.Remark = p.line, remark
	p.c.Steps = append(p.c.Steps, s)
	return nil
}

// parseHeader reads one header line.
func (p *parser) parseHeader(line string) error {
	name, value, ok := strings.Cut(line, ":")
	value = strings.TrimSpace(value)
	if !ok || value == "" {
		return errors.New("a header line is a name, a colon and a value")
	}
	if p.line == 1 && name != "case" {
		return errors.New(`the first line is "case: 1"`)
	}
	if p.seen[name] {
		return fmt.Errorf("%s is given twice", name)
	}
	p.seen[name] = true
	return p.setHeader(name, value)
}

func (p *parser) setHeader(name, value string) (err error) {
	c := p.c
	switch name {
	case "case":
		if value != fmt.Sprint(FormatVersion) {
			return fmt.Errorf("this is format %s; only format %d can be read", value, FormatVersion)
		}
	case "title":
		c.Title = value
	case "role":
		c.Role, err = parseRole(value)
	case "version":
		c.Version = value
	case "also":
		c.Also, err = parseVersions(value)
	case "section":
		c.Section = value
	case "requirement":
		c.Requirements, err = parseRequirements(value)
	case "options":
		c.Options, err = parseOptions(value)
	case "rand":
		c.Rand, err = parseRand(value)
	case "handshake":
		c.HandshakeInCase = true
		if value != "in case" {
			err = errors.New(`handshake can be "in case" only; without it the standard handshake comes first`)
		}
	case "input":
		c.AsWritten = true
		if value != "as written" {
			err = errors.New(`input can be "as written" only; without it the input is also cut at other places`)
		}
	default:
		err = fmt.Errorf("unknown header line %q", name)
	}
	return err
}

func parseRole(value string) (states.Role, error) {
	for _, role := range []states.Role{states.Server, states.Client} {
		if role.String() == value {
			return role, nil
		}
	}
	return 0, fmt.Errorf("the role is server or client, not %q", value)
}

// parseVersions reads the names of further versions.
func parseVersions(value string) ([]string, error) {
	names := strings.Fields(value)
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return nil, fmt.Errorf("%s is there twice", name)
		}
	}
	return names, nil
}

func parseRequirements(value string) ([]string, error) {
	ids := strings.Fields(value)
	for _, id := range ids {
		document, rest, ok := strings.Cut(id, "-")
		if !ok || !strings.HasPrefix(document, "R") || !strings.Contains(rest, "-") {
			return nil, fmt.Errorf("%q is no requirement: it is a document, a section and a number, as in R6455-5.2-01", id)
		}
	}
	return ids, nil
}

func parseRand(value string) (Octets, error) {
	words, _, err := splitWords(value)
	if err != nil {
		return nil, err
	}
	o, err := parseOctets(words)
	if err != nil {
		return nil, err
	}
	size := 0
	for _, item := range o {
		if item.Name != "" {
			return nil, fmt.Errorf("%s depends on the random octets and cannot be one of them", item.Name)
		}
		size += len(item.Data)
	}
	if size == 0 {
		return nil, errors.New("no octets")
	}
	return o, nil
}

// endHeader checks the header as a whole.
func (p *parser) endHeader() error {
	for _, name := range []string{"case", "title", "role", "version", "section"} {
		if !p.seen[name] {
			return fmt.Errorf("the header line %s is missing", name)
		}
	}
	if slices.Contains(p.c.Also, p.c.Version) {
		return fmt.Errorf("%s is there twice", p.c.Version)
	}
	if p.c.Role == states.Client && len(p.c.Rand) == 0 {
		return errors.New("a client draws random octets: the header line rand is missing")
	}
	if p.c.HandshakeInCase {
		return nil
	}
	opening, err := openingOf(p.c.Version, p.c.Role)
	p.c.Opening = opening
	return err
}

// end checks the steps as a whole.
func (p *parser) end() error {
	for i := range p.c.Steps {
		if p.c.Steps[i].expects() {
			return nil
		}
	}
	return errors.New("the case expects nothing: no octets out, no event, no getter, no error")
}
