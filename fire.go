package wsfsm

import "github.com/wsfsm/wsfsm/states"

// Each fire function moves one machine by its table and carries out the action.

func (d *Driver) fireConnection(ev states.ConnectionEvent) {
	from := d.connection
	do, ok := d.prog.Connection.Table.Fire(&d.connection, ev)
	if !d.fired(states.MachineConnection, uint8(from), uint8(ev), uint8(d.connection), uint8(do), ok) {
		return
	}
	d.doConnection(do)
}

func (d *Driver) fireHTTP(ev states.HTTPEvent) {
	from := d.http
	do, ok := d.prog.HTTP.Table.Fire(&d.http, ev)
	if !d.fired(states.MachineHTTP, uint8(from), uint8(ev), uint8(d.http), uint8(do), ok) {
		return
	}
	d.doHTTP(do)
}

func (d *Driver) fireHandshake(ev states.HandshakeEvent) {
	if d.attach() {
		defer d.detach()
	}
	from := d.handshake
	do, ok := d.prog.Handshake.Table.Fire(&d.handshake, ev)
	if !d.fired(states.MachineHandshake, uint8(from), uint8(ev), uint8(d.handshake), uint8(do), ok) {
		return
	}
	d.doHandshake(do)
}

func (d *Driver) fireFrame(ev states.FrameEvent) {
	from := d.frame
	do, ok := d.prog.Frame.Table.Fire(&d.frame, ev)
	if !d.fired(states.MachineFrame, uint8(from), uint8(ev), uint8(d.frame), uint8(do), ok) {
		return
	}
	d.doFrame(do)
}

func (d *Driver) fireMessage(ev states.MessageEvent) {
	from := d.message
	do, ok := d.prog.Message.Table.Fire(&d.message, ev)
	if !d.fired(states.MachineMessage, uint8(from), uint8(ev), uint8(d.message), uint8(do), ok) {
		return
	}
	d.doMessage(do)
}

// fired notes a transition. It returns false if the table refused the event,
// which gen excludes for all but commands: a table that refuses what its reads
// yield was not made by it.
func (d *Driver) fired(m states.Machine, from, ev, to, do uint8, ok bool) bool {
	d.from = from
	if !ok {
		d.noteOutcome().err = &RefusedError{Command: eventName(m, ev), Machine: m, State: stateName(m, from)}
		d.due |= dueError
		d.in = nil
		return false
	}
	if d.ep.options.Observer != nil {
		d.ep.options.Observer(Transition{Machine: m, From: from, Event: ev, To: to, Action: do, Offset: d.offset})
	}
	return true
}

// stateName returns the name of the state that machine m has just left.
func (d *Driver) stateName(m states.Machine) string { return stateName(m, d.from) }
