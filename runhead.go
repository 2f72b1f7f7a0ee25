package wsfsm

import "github.com/wsfsm/wsfsm/states"

// runHead takes the steps of the http machine that only split the head, one after
// the other without what comes between single steps. It stops before any other
// step, at the end of the input, and where a limit may be met. An observer wants
// to see each step: with one nothing is done.
func (d *Driver) runHead() {
	o, m, side := d.opening, &d.prog.HTTP, d.prog.side
	if d.ep.options.Observer != nil {
		return
	}
	in, from := d.in, d.offset
	if o.line+len(in) > d.ep.maxLine || o.total+len(in) > d.ep.maxHead {
		return
	}
	for len(in) > 0 {
		r := &m.Reads[d.http]
		ev, n := states.HTTPOnFits, 0
		switch {
		case r.Kind == states.ReadOctet:
			class := m.Classes[r.Args[side]].Tables[side][0]
			ev, n = class[in[0]], 1
			if c := m.Table.At(d.http, ev); c.To == d.http && c.Do.Spans() {
				for n < len(in) && class[in[n]] == ev {
					n++
				}
			}
		case r.Kind != states.ReadCheck || d.fields() >= d.ep.maxFields:
			n = -1
		}
		if n < 0 {
			break
		}
		if c := m.Table.At(d.http, ev); c.To == 0 || !splits(c.Do) {
			break
		}
		do, _ := m.Table.Fire(&d.http, ev)
		o.line += n
		d.piece, in = in[:n], in[n:]
		if do != 0 {
			d.doHTTP(do)
		}
	}
	d.take(len(d.in) - len(in))
	o.total += int(d.offset - from)
}

// splits reports whether an action does no more than to keep and to part octets of
// the head.
func splits(do states.HTTPAction) bool {
	switch do {
	case 0, states.HTTPDoAdd, states.HTTPDoEndWord, states.HTTPDoEndName, states.HTTPDoEndValue, states.HTTPDoEndLine:
		return true
	}
	return false
}
