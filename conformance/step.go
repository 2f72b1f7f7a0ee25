package conformance

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// grammar says which words may follow a verb. A choice among words is written
// with bars; number stands for a decimal number, name for a word.
type grammar struct {
	args     []string
	optional int       // how many of the last args may be left out, together
	fields   bool      // quoted header fields
	body     bool      // behind them the word body and octets
	octets   presence  // payload
	fails    []failure // Command: how it may fail
}

type presence uint8

const (
	absent presence = iota
	maybe
	present
)

// failure is an error that a command may be expected to return, with the words
// that follow its name.
type failure struct {
	name string
	args []string
}

const (
	kinds    = "text|binary"
	number   = "number"
	name     = "name"
	yesOrNo  = "yes|no"
	position = "first|middle|last"
)

// commandGrammar returns what may follow a command; false for no command.
func commandGrammar(verb string) (grammar, bool) {
	refused := failure{"refused", []string{name, name}}
	other := failure{name: "error"}
	full := failure{name: "output-full"}
	text := failure{name: "invalid-text"}
	long := failure{name: "control-too-long"}
	unsupported := failure{name: "unsupported"}
	switch verb {
	case "text", "append", "end":
		return grammar{octets: maybe, fails: []failure{refused, unsupported, full, text, other}}, true
	case "binary":
		return grammar{octets: maybe, fails: []failure{refused, unsupported, full, other}}, true
	case "begin":
		return grammar{args: []string{kinds}, octets: maybe, fails: []failure{refused, unsupported, full, text, other}}, true
	case "lend":
		return grammar{args: []string{kinds}, octets: maybe, fails: []failure{refused, unsupported, full, text, {name: "masked"}}}, true
	case "ping":
		return grammar{octets: maybe, fails: []failure{refused, unsupported, full, long, {name: "too-many-pings"}, other}}, true
	case "pong":
		return grammar{octets: maybe, fails: []failure{refused, unsupported, full, long, other}}, true
	case "close":
		return grammar{args: []string{number}, optional: 1, octets: maybe, fails: []failure{refused, unsupported, long, text, {name: "close-code"}, other}}, true
	case "start", "tunnel":
		return grammar{fields: true, fails: []failure{refused, other}}, true
	case "reject":
		return grammar{args: []string{number}, fields: true, body: true, fails: []failure{refused, other}}, true
	case "choose":
		return grammar{octets: present, fails: []failure{refused, other}}, true
	case "detach":
		return grammar{octets: maybe, fails: []failure{refused}}, true
	case "dial":
		return grammar{octets: present, fails: []failure{other}}, true
	case "eof":
		return grammar{args: []string{"reset"}, optional: 1}, true
	case "limit":
		return grammar{args: []string{"number|none"}}, true
	case "expire", "drop":
		return grammar{}, true
	}
	return grammar{}, false
}

// eventGrammar returns what may follow an event; false for no event.
func eventGrammar(verb string) (grammar, bool) {
	switch verb {
	case "request", "tunnel", "open":
		return grammar{}, true
	case "text", "binary", "ping":
		return grammar{octets: maybe}, true
	case "piece":
		return grammar{args: []string{kinds, position}, octets: maybe}, true
	case "pong":
		return grammar{args: []string{"unsolicited|number"}, octets: maybe}, true
	case "error":
		return grammar{args: []string{name, number, "at", number, "in", name, name}}, true
	case "closed":
		return grammar{args: []string{number, "clean|unclean", "because", name}, optional: 2, octets: maybe}, true
	}
	return grammar{}, false
}

// getterGrammar returns what may follow a getter; false for no getter.
func getterGrammar(verb string) (grammar, bool) {
	switch verb {
	case "state", "version":
		return grammar{args: []string{name}}, true
	case "machine":
		return grammar{args: []string{"connection|http|handshake|frame|message", name, "after", name, name}, optional: 3}, true
	case "waits":
		return grammar{args: []string{"nothing|peer|end-of-stream|hang-up"}}, true
	case "subprotocol", "extensions", "offers", "method", "target", "protocol", "reason":
		return grammar{octets: maybe}, true
	case "field":
		return grammar{args: []string{name}, octets: maybe}, true
	case "unsent", "pending", "offset", "status":
		return grammar{args: []string{number}}, true
	case "wire-version":
		return grammar{args: []string{"number|none"}}, true
	case "blocked", "websocket":
		return grammar{args: []string{yesOrNo}}, true
	}
	return grammar{}, false
}

// parseStep reads the words of one step.
func parseStep(words []string) (s Step, err error) {
	switch {
	case words[0] == ">" || words[0] == "<" && !(len(words) > 1 && words[1] == "http"):
		s.Kind = Input
		if words[0] == "<" {
			s.Kind = Output
		}
		if len(words) == 1 {
			return s, errors.New("no octets")
		}
		s.Octets, err = parseOctets(words[1:])
		return s, err
	case words[0] == "<":
		s.Kind, s.Verb = Answer, "http"
		return s, s.parseWords(words[2:], grammar{args: []string{number}, fields: true, body: true})
	case len(words) == 1 && (words[0] == "do" || words[0] == "event"):
		return s, fmt.Errorf("a word must follow %s", words[0])
	}
	var g grammar
	var known bool
	switch words[0] {
	case "do":
		s.Kind, words = Command, words[1:]
		g, known = commandGrammar(words[0])
	case "event":
		s.Kind, words = Event, words[1:]
		g, known = eventGrammar(words[0])
	default:
		s.Kind = Getter
		g, known = getterGrammar(words[0])
	}
	if s.Verb = words[0]; !known {
		return s, fmt.Errorf("unknown word %q", words[0])
	}
	words, err = s.parseFails(words[1:], g)
	if err != nil {
		return s, err
	}
	return s, s.parseWords(words, g)
}

// parseFails takes the expected error off the end of a command.
func (s *Step) parseFails(words []string, g grammar) ([]string, error) {
	arrow := slices.Index(words, "->")
	if arrow < 0 {
		return words, nil
	}
	s.Fails = words[arrow+1:]
	for _, f := range g.fails {
		if len(s.Fails) > 0 && f.name == s.Fails[0] && len(s.Fails) == 1+len(f.args) {
			return words[:arrow], nil
		}
	}
	return nil, fmt.Errorf("%s cannot be expected to fail with %q", s.Verb, strings.Join(s.Fails, " "))
}

// parseWords reads what follows the verb.
func (s *Step) parseWords(words []string, g grammar) error {
	for i, want := range g.args {
		if len(words) == 0 || !fits(words[0], want) {
			if g.optional > 0 && i == len(g.args)-g.optional {
				break
			}
			return fmt.Errorf("%s: %s is missing", s.Verb, want)
		}
		s.Args, words = append(s.Args, words[0]), words[1:]
	}
	if g.fields {
		return s.parseFields(words, g.body)
	}
	if len(words) > 0 && g.octets == absent {
		return fmt.Errorf("%s: %s is too much", s.Verb, words[0])
	}
	if len(words) == 0 && g.octets == present {
		return fmt.Errorf("%s: octets are missing", s.Verb)
	}
	var err error
	s.Octets, err = parseOctets(words)
	return err
}

// parseFields reads quoted header fields, and the body behind them.
func (s *Step) parseFields(words []string, body bool) (err error) {
	for i, word := range words {
		if body && word == "body" {
			s.Octets, err = parseOctets(words[i+1:])
			return err
		}
		if !strings.HasPrefix(word, `"`) {
			return fmt.Errorf("%s is no quoted header field", word)
		}
		text, err := unquote(word)
		if err != nil {
			return err
		}
		s.Fields = append(s.Fields, parseField(string(text)))
	}
	return nil
}

// fits reports whether a word is what the grammar wants.
func fits(word, want string) bool {
	if strings.ContainsAny(word, "\"^*") {
		return false
	}
	for _, choice := range strings.Split(want, "|") {
		switch choice {
		case name:
			return word != ""
		case number:
			if len(word) <= 19 && strings.Trim(word, "0123456789") == "" {
				return true
			}
		case word:
			return true
		}
	}
	return false
}
