package lower

import (
	"fmt"
	"strconv"

	"github.com/wsfsm/wsfsm/gen/spec"
)

// Bounds of a machine in numbers: a table is at most widest wide and high, and
// action numbers below FailBase.
const (
	narrowest   = 8
	widest      = 256
	mostActions = FailBase - 1
)

// numbers are the numbers of the words of a vocabulary, by list.
type numbers struct {
	roles                                                                   []string
	reads                                                                   map[string]spec.ReadKind
	fields, limits, codings, closes, inputs, waits, forms, values, failures map[string]uint8
}

// Lower turns a flattened version into numbers. It expects what package check
// accepts; on anything else it returns an error or what can be made of it, and
// never panics.
func Lower(v *spec.Vocabulary, ver *spec.Version) (*Protocol, error) {
	n, err := numbersOf(v)
	if err != nil {
		return nil, err
	}
	p := &Protocol{Name: ver.Name, Title: ver.Title, WireVersion: -1, TooBig: uint16(ver.TooBig)}
	if ver.WireVersion != "" {
		if p.WireVersion, err = strconv.Atoi(ver.WireVersion); err != nil {
			return nil, fmt.Errorf("%s: the wire version %q is no number", ver.Name, ver.WireVersion)
		}
	}
	if r := ver.Recognise; r != nil {
		p.RecogniseHeader, p.RecogniseValues = r.Header, r.Values
	}
	if c := ver.Close; c != nil {
		if p.CloseBody, err = number(n.closes, c.Body, "close body"); err != nil {
			return nil, fmt.Errorf("%s: %w", ver.Name, err)
		}
		p.CloseReceived, p.CloseSent = ranges(c.Received), ranges(c.Sent)
		for _, role := range n.roles {
			if c.Own != nil {
				p.CloseOwn = append(p.CloseOwn, c.Own[role])
			}
		}
	}
	for _, words := range v.Machines {
		m := ver.Machine(words.Name)
		if m == nil {
			continue
		}
		lowered, err := lowerMachine(n, v, ver, m)
		if err != nil {
			return nil, fmt.Errorf("%s: machine %s: %w", ver.Name, m.Name, err)
		}
		p.Machines = append(p.Machines, *lowered)
	}
	return p, nil
}

func ranges(list []spec.Range) [][2]uint16 {
	pairs := make([][2]uint16, len(list))
	for i, r := range list {
		pairs[i] = [2]uint16{uint16(r.First), uint16(r.Last)}
	}
	return pairs
}

func numbersOf(v *spec.Vocabulary) (*numbers, error) {
	n := &numbers{reads: make(map[string]spec.ReadKind)}
	for _, r := range v.Roles {
		n.roles = append(n.roles, r.Name)
	}
	if len(n.roles) == 0 {
		n.roles = []string{""}
	}
	for _, r := range v.Reads {
		n.reads[r.Name] = r
	}
	var err error
	list := func(what string, words []string) map[string]uint8 {
		if len(words) >= widest {
			err = fmt.Errorf("%d %s do not fit into an octet", len(words), what)
			return nil
		}
		m := make(map[string]uint8, len(words))
		for i, w := range words {
			m[w] = uint8(i + 1)
		}
		return m
	}
	n.fields = list("fields", names(v.Fields, yielder))
	n.limits = list("limits", names(v.Limits, yielder))
	n.codings = list("codings", names(v.Codings, yielder))
	n.closes = list("close bodies", names(v.Closes, yielder))
	n.inputs = list("inputs", names(v.Inputs, plain))
	n.waits = list("waits", names(v.Waits, plain))
	n.forms = list("forms", names(v.Forms, plain))
	n.values = list("values", names(v.Values, plain))
	n.failures = list("failures", names(v.Failures, func(f spec.Failure) string { return f.Name }))
	if err == nil && len(v.Failures) > mostActions {
		err = fmt.Errorf("%d failures: at most %d have a number", len(v.Failures), mostActions)
	}
	return n, err
}

func plain(w spec.Word) string      { return w.Name }
func yielder(y spec.Yielder) string { return y.Name }

func names[W any](list []W, name func(W) string) []string {
	texts := make([]string, len(list))
	for i, w := range list {
		texts[i] = name(w)
	}
	return texts
}

// number looks a word up; "" has the number 0.
func number(words map[string]uint8, name, what string) (uint8, error) {
	if name == "" {
		return 0, nil
	}
	n, ok := words[name]
	if !ok {
		return 0, fmt.Errorf("unknown %s %q", what, name)
	}
	return n, nil
}

// width is the smallest power of two above a number, at least narrowest.
func width(number int) (int, error) {
	for w := narrowest; w <= widest; w *= 2 {
		if w > number {
			return w, nil
		}
	}
	return 0, fmt.Errorf("%d words do not fit into a table %d wide", number, widest)
}
