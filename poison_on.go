//go:build wsdebug

package wsfsm

import (
	"fmt"
	"reflect"
)

// mustBeEmpty sees that what goes back to a pool holds nothing that somebody else
// could find there.
func mustBeEmpty[T any](p *T) {
	if !reflect.ValueOf(p).Elem().IsZero() {
		panic(fmt.Sprintf("wsfsm: not empty: %#v", *p))
	}
}

// poisoned holds the data of the last event, to be overwritten once it expires,
// so that a caller who keeps it too long is found out.
type poisoned struct{ data []byte }

func (p *poisoned) note(data []byte) { p.data = data }

func (p *poisoned) poison() {
	poison(p.data)
	p.data = nil
}

func poison(p []byte) {
	for i := range p {
		p[i] = 0xDB
	}
}
