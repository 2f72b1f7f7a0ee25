package wsfsm

// loans are payloads in the output that belong to somebody else, in order.
type loans struct {
	list []lent
	back int // how many, from the first on, have been given back
	owed int // octets not sent yet
}

// lent is a payload that belongs to somebody else.
type lent struct {
	at   int // place in the output's buffer before which it goes
	p    []byte
	done func()
}

// next returns the payload that is sent next.
func (l *loans) next() *lent { return &l.list[l.back] }

// lent returns the payloads that are lent.
func (o *output) lent() []lent {
	if o.loans == nil {
		return nil
	}
	return o.loans.list[o.loans.back:]
}

func (o *output) lend(ep *Endpoint, p []byte, done func()) {
	if o.loans == nil {
		o.loans = ep.loans.Get().(*loans)
	}
	l := o.loans
	if len(l.list) == cap(l.list) && l.back > len(l.list)/2 { // a list that never runs empty shall not grow for ever
		n := copy(l.list, l.list[l.back:])
		clear(l.list[n:])
		l.list, l.back = l.list[:n], 0
	}
	l.list = append(l.list, lent{at: len(*o.buf), p: p, done: done})
	l.owed += len(p)
}

// giveBack strikes off the payload that has been sent.
func (o *output) giveBack(ep *Endpoint) {
	l := o.loans
	*l.next() = lent{}
	if l.back++; l.back == len(l.list) {
		l.list, l.back, l.owed = l.list[:0], 0, 0
		o.loans = nil
		ep.loans.Put(l)
	}
}
