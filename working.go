package wsfsm

// attach provides what a step works with. It returns false if a step is being
// taken already, as when a request is answered from within Next.
func (d *Driver) attach() bool {
	if d.working != nil {
		return false
	}
	o := d.opening
	if o == nil {
		d.working = d.ep.working.Get().(*working)
		return true
	}
	if o.working.within == nil {
		o.working.within = o
	}
	d.working = &o.working
	return true
}

func (d *Driver) detach() {
	w := d.working
	d.working = nil
	w.clear()
	switch w.within {
	case nil:
		d.ep.working.Put(w)
	case d.opening:
	default: // the opening handshake has ended in this step
		d.ep.openings.put(w.within)
	}
}

// clear forgets what a step has worked with. What is empty already is not written
// to: while the garbage collector runs, that is dear.
func (w *working) clear() {
	if w.event.Kind != 0 || w.event.Data != nil {
		w.event = Event{}
	}
	if w.command.message != 0 || w.command.control != 0 {
		w.command = command{}
	}
	if w.piece != nil {
		w.piece = nil
	}
	mustBeEmpty(&w.event)
	mustBeEmpty(&w.command)
	mustBeEmpty(&w.piece)
}
