package extension

import (
	"fmt"
	"strings"
)

// Limits of Parse, so that a header cannot make it work without bound.
const (
	MaxExtensions = 64 // elements of one list
	MaxParameters = 64 // parameters of one element
)

// Element is one extension of a list: an offer or an answer.
type Element struct {
	Name       string
	Parameters []Parameter
}

// Parameter is one parameter of an element.
type Parameter struct {
	Name  string
	Value string // unquoted
	Bare  bool   // there was no value at all
}

// SyntaxError says where a header value leaves the grammar.
type SyntaxError struct {
	Offset int    // octets before the one in fault
	Want   string // what the grammar wants there
}

// Error implements error.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("extension: want %s at offset %d", e.Want, e.Offset)
}

// Parse reads the value of a Sec-WebSocket-Extensions field; several fields are
// joined by commas before. Quoted values must be tokens once unquoted (RFC 6455
// §4.3). The strings returned are parts of header where nothing was escaped. It
// takes linear time. The error is a *SyntaxError.
func Parse(header string) ([]Element, error) {
	p := parser{text: header}
	var list []Element
	for p.commas(); p.at < len(p.text) || len(list) == 0; p.commas() {
		if len(list) == MaxExtensions {
			return nil, p.want("no more than 64 extensions")
		}
		e, err := p.element()
		if err != nil {
			return nil, err
		}
		list = append(list, e)
		if p.blanks(); p.at < len(p.text) && p.text[p.at] != ',' {
			return nil, p.want("a comma")
		}
	}
	return list, nil
}

type parser struct {
	text string
	at   int
}

func (p *parser) want(what string) error { return &SyntaxError{Offset: p.at, Want: what} }

func (p *parser) blanks() {
	for p.at < len(p.text) && (p.text[p.at] == ' ' || p.text[p.at] == '\t') {
		p.at++
	}
}

// commas passes empty elements of the list (RFC 9110 §5.6.1.2).
func (p *parser) commas() {
	for p.blanks(); p.skip(','); p.blanks() {
	}
}

func (p *parser) skip(b byte) bool {
	if p.at < len(p.text) && p.text[p.at] == b {
		p.at++
		return true
	}
	return false
}

// token reads a token; "" if there is none.
func (p *parser) token() string {
	start := p.at
	for p.at < len(p.text) && isTokenOctet(p.text[p.at]) {
		p.at++
	}
	return p.text[start:p.at]
}

func (p *parser) element() (e Element, err error) {
	p.blanks()
	if e.Name = p.token(); e.Name == "" {
		return e, p.want("an extension name")
	}
	for p.blanks(); p.skip(';'); p.blanks() {
		if len(e.Parameters) == MaxParameters {
			return e, p.want("no more than 64 parameters")
		}
		parameter, err := p.parameter()
		if err != nil {
			return e, err
		}
		e.Parameters = append(e.Parameters, parameter)
	}
	return e, nil
}

func (p *parser) parameter() (q Parameter, err error) {
	p.blanks()
	if q.Name = p.token(); q.Name == "" {
		return q, p.want("a parameter name")
	}
	end := p.at
	if p.blanks(); !p.skip('=') {
		p.at = end
		q.Bare = true
		return q, nil
	}
	p.blanks()
	if p.skip('"') {
		q.Value, err = p.quoted()
		return q, err
	}
	if q.Value = p.token(); q.Value == "" {
		return q, p.want("a parameter value")
	}
	return q, nil
}

// quoted reads the rest of a quoted string, whose content must be a token.
func (p *parser) quoted() (string, error) {
	var b strings.Builder
	start := p.at
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == '"':
			if b.Len() == 0 {
				return "", &SyntaxError{Offset: start, Want: "a token between the quotes"}
			}
			p.at++
			return b.String(), nil
		case c == '\\' && p.at+1 < len(p.text):
			p.at++
		}
		if !isTokenOctet(p.text[p.at]) {
			return "", p.want("a token octet")
		}
		b.WriteByte(p.text[p.at])
		p.at++
	}
	return "", p.want("a closing quote")
}

// isTokenOctet is tchar of RFC 9110 §5.6.2.
func isTokenOctet(b byte) bool {
	switch {
	case 'a' <= b && b <= 'z', 'A' <= b && b <= 'Z', '0' <= b && b <= '9':
		return true
	}
	return b != 0 && strings.IndexByte("!#$%&'*+-.^_`|~", b) >= 0
}
