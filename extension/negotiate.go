package extension

import (
	"errors"
	"fmt"
	"strings"
)

// Sentinels of errors.
var (
	// ErrConfiguration: the extensions of this end, or the options of one, are
	// at fault.
	ErrConfiguration = errors.New("extension: bad configuration")
	// ErrAnswer: the server's answer cannot be agreed to.
	ErrAnswer = errors.New("extension: unacceptable answer")
	// ErrRequired: the server has not agreed to an extension that the client
	// insists on.
	ErrRequired = errors.New("extension: required extension not agreed to")
	// ErrTooLong: decoding would exceed a limit. A decoder's error that wraps it
	// has close code 1009.
	ErrTooLong = errors.New("extension: limit exceeded while decoding")
)

// Check checks extensions that are to be used together: each has a name, which
// is a token, and none is there twice. The error wraps ErrConfiguration.
func Check(list []Extension) error {
	names := map[string]int{}
	for i, x := range list {
		if x == nil {
			return fmt.Errorf("%w: extension %d is nil", ErrConfiguration, i)
		}
		name := x.Name()
		if !isToken(name) {
			return fmt.Errorf("%w: %q is no token", ErrConfiguration, name)
		}
		if _, twice := names[name]; twice {
			return fmt.Errorf("%w: %s is registered twice", ErrConfiguration, name)
		}
		names[name] = i
		for _, parameters := range x.Offers() {
			if err := checkParameters(name, parameters); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkParameters(name string, parameters []Parameter) error {
	for _, p := range parameters {
		if !isToken(p.Name) || p.Bare != (p.Value == "") || !p.Bare && !isToken(p.Value) {
			return fmt.Errorf("%w: %s: parameter %q with value %q is not made of tokens", ErrConfiguration, name, p.Name, p.Value)
		}
	}
	return nil
}

// Offers returns what a client offers, in order of preference.
func Offers(list []Extension) (offers []Element) {
	for _, x := range list {
		for _, parameters := range x.Offers() {
			offers = append(offers, Element{x.Name(), parameters})
		}
	}
	return offers
}

// Agreed is an extension that a connection has agreed on.
type Agreed struct {
	Element          // as in the server's answer
	Session *Session // of this connection
}

// Answer chooses for the server among a client's offers, in the order of list.
// What the client did not offer, what does not want its offers and what conflicts
// with an earlier choice is left out (RFC 6455 §9.1).
func Answer(list []Extension, offers []Element) (agreed []Agreed) {
	for _, x := range list {
		mine := alternatives(offers, x.Name())
		if len(mine) == 0 {
			continue
		}
		parameters, session := x.Answer(mine)
		switch {
		case session == nil:
		case conflict(agreed, session) != "" || checkParameters(x.Name(), parameters) != nil:
			session.Release()
		default:
			agreed = append(agreed, Agreed{Element{x.Name(), parameters}, session})
		}
	}
	return agreed
}

// alternatives returns the parameters of the offers with a name.
func alternatives(offers []Element, name string) (found [][]Parameter) {
	for _, e := range offers {
		if e.Name == name {
			found = append(found, e.Parameters)
		}
	}
	return found
}

// Accept checks a server's answer for the client that offered list. The error
// wraps ErrAnswer.
func Accept(list []Extension, answer []Element) (agreed []Agreed, err error) {
	for _, e := range answer {
		x := named(list, e.Name)
		if x == nil {
			return nil, fmt.Errorf("%w: %q was not offered", ErrAnswer, e.Name)
		}
		for _, a := range agreed {
			if a.Name == e.Name {
				return nil, fmt.Errorf("%w: %s is there twice", ErrAnswer, e.Name)
			}
		}
		session, err := x.Accept(e.Parameters)
		switch {
		case err != nil:
			return nil, fmt.Errorf("%w: %s: %w", ErrAnswer, e.Name, err)
		case session == nil:
			return nil, fmt.Errorf("%w: %s: there is no session", ErrAnswer, e.Name)
		}
		if why := conflict(agreed, session); why != "" {
			session.Release()
			return nil, fmt.Errorf("%w: %s: %s", ErrAnswer, e.Name, why)
		}
		agreed = append(agreed, Agreed{e, session})
	}
	return agreed, nil
}

// named returns the extension with a name, nil if it was not offered.
func named(list []Extension, name string) Extension {
	for _, x := range list {
		if x.Name() == name && len(x.Offers()) > 0 {
			return x
		}
	}
	return nil
}

// conflict says why a session cannot follow the others; "" if it can.
func conflict(agreed []Agreed, s *Session) string {
	for _, a := range agreed {
		switch {
		case a.Session.Bits&s.Bits != 0:
			return "a reserved bit belongs to " + a.Name
		case a.Session.Scope == PerFrame && s.Scope == PerMessage:
			return "it works on messages, but follows " + a.Name + ", which works on frames"
		}
	}
	return ""
}

// Missing returns the names of the extensions that a client insists on and that
// were not agreed to.
func Missing(list []Extension, agreed []Agreed) (names []string) {
	for _, x := range list {
		if r, ok := x.(Required); !ok || !r.Required() || contains(agreed, x.Name()) {
			continue
		}
		names = append(names, x.Name())
	}
	return names
}

func contains(agreed []Agreed, name string) bool {
	for _, a := range agreed {
		if a.Name == name {
			return true
		}
	}
	return false
}

// String returns the element as a header field holds it.
func (e Element) String() string {
	var b strings.Builder
	b.WriteString(e.Name)
	for _, p := range e.Parameters {
		b.WriteString("; ")
		b.WriteString(p.Name)
		if !p.Bare {
			b.WriteByte('=')
			b.WriteString(p.Value)
		}
	}
	return b.String()
}

func isToken(s string) bool {
	for i := range len(s) {
		if !isTokenOctet(s[i]) {
			return false
		}
	}
	return s != ""
}
