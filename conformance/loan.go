package conformance

import (
	"bytes"
	"fmt"

	"github.com/wsfsm/wsfsm"
)

// loan is a payload that was lent to the driver.
type loan struct {
	p, copy  []byte
	returned int // calls of done
}

// lend lends a payload; it must come back once, unchanged.
func (r *runner) lend(kind wsfsm.MessageKind, p []byte) (err, problem error) {
	l := &loan{p: p, copy: bytes.Clone(p)}
	if err := r.d.Lend(kind, p, func() { l.returned++ }); err != nil {
		return err, nil
	}
	r.loans = append(r.loans, l)
	return nil, nil
}

// loansReturned checks, with no output left, that each loan came back once.
func (r *runner) loansReturned() error {
	for _, l := range r.loans {
		if l.returned != 1 {
			return r.mismatch("done of a lent payload was not called once", "1", fmt.Sprint(l.returned))
		}
		if !bytes.Equal(l.p, l.copy) {
			return r.mismatch("a lent payload was changed", describe(l.copy), describe(l.p))
		}
	}
	return nil
}
