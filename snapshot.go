package wsfsm

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/wsfsm/wsfsm/states"
)

// Sentinels of Snapshot and Restore.
var (
	// ErrHandedOver: Snapshot has taken the connection out of this driver.
	ErrHandedOver = errors.New("wsfsm: the connection was handed over by Snapshot")
	// ErrNotMovable: Snapshot cannot take all that the connection depends on.
	ErrNotMovable = errors.New("wsfsm: the connection cannot be handed over")
	// ErrBadSnapshot: what Restore was given is no snapshot, is damaged, or cannot
	// come from a driver.
	ErrBadSnapshot = errors.New("wsfsm: not a snapshot that can be restored")
	// ErrForeignSnapshot: the snapshot is of a format or a protocol that the
	// endpoint does not have.
	ErrForeignSnapshot = errors.New("wsfsm: the snapshot is a foreign one")
)

// A snapshot is the marker, the number of the format, the body, and the first
// octets of the SHA-256 of all before them, which finds damage, not forgery.
const (
	snapshotMarker  = "wsfsm\x00snapshot\x00"
	snapshotVersion = 1
	snapshotSum     = 8
)

// Snapshot takes the connection out of the driver and returns all of it as octets,
// from which Endpoint.Restore makes a driver that goes on as this one would have,
// in this process or another one, also in the middle of a frame.
//
// With it go input that is pending, events that were not taken, and output that is
// not Sent; lent payloads are copied and their done functions called. Random octets
// drawn ahead stay behind, as do the options, which are the endpoint's. Errors of
// others, the cause of ReceiveEOF for one, arrive as their text.
//
// From then on the driver refuses everything with ErrHandedOver, and its output is
// empty; what Output and the last event returned stays as it is. After an error, an
// ErrNotMovable, it goes on as if nothing had happened: extensions that were agreed
// on have a state that cannot be read out of them, such as a compression window, and
// a step that is under way (Observer) cannot be divided.
//
// The octets hold payloads and, before the connection is open, credentials. Nothing
// in them proves who wrote them: restore only what came over a trusted way.
func (d *Driver) Snapshot() ([]byte, error) {
	if err := d.mayMove(); err != nil {
		return nil, err
	}
	d.Request() // with all its fields
	t := &transfer{octets: append([]byte(snapshotMarker), snapshotVersion)}
	t.protocol(d.prog)
	var output []byte
	for _, run := range d.AppendOutput(nil) {
		output = append(output, run...)
	}
	t.driver(d, &output)
	sum := sha256.Sum256(t.octets)
	d.handOver()
	return append(t.octets, sum[:snapshotSum]...), nil
}

// Endpoint returns the endpoint that has made the driver.
func (d *Driver) Endpoint() *Endpoint { return d.ep }

// mayMove says why the connection cannot be handed over; nil if it can.
func (d *Driver) mayMove() error {
	switch {
	case d.handedOver():
		return ErrHandedOver
	case d.working != nil:
		return fmt.Errorf("%w: a step is under way", ErrNotMovable)
	case d.chain != nil || d.opening != nil && len(d.opening.agreed) > 0:
		return fmt.Errorf("%w: extensions are agreed on", ErrNotMovable)
	case d.outcome != nil && d.outcome.err != nil:
		if _, ok := d.outcome.err.(*Error); !ok {
			return fmt.Errorf("%w: the tables refuse what they read", ErrNotMovable)
		}
	}
	return nil
}

func (d *Driver) handedOver() bool { return d.due&dueHandedOver != 0 }

// handOver leaves a driver that refuses everything, and gives back what was lent.
func (d *Driver) handOver() {
	lent := d.out.lent()
	var queue []command
	if d.opening != nil {
		queue = d.opening.queue
	}
	*d = Driver{
		ep: d.ep, prog: d.prog, connection: d.prog.closed(), offset: d.offset,
		borrowed: true, due: dueHandedOver, outcome: &outcome{err: ErrHandedOver},
	}
	for _, l := range lent {
		l.done()
	}
	for _, c := range queue {
		if c.done != nil {
			c.done()
		}
	}
}

// closed returns the state in which the connection has ended; 0 if there is none.
func (prog *program) closed() states.ConnectionState {
	for s, final := range prog.Connection.Final {
		if final {
			return states.ConnectionState(s)
		}
	}
	return 0
}

// protocol passes which protocol is spoken, and in which role.
func (t *transfer) protocol(prog *program) {
	name, hash, side := prog.Name, prog.hash(), prog.side
	t.text(&name)
	t.fixed(hash[:])
	transferNumber(t, &side)
}

// Restore makes a driver of a snapshot. The endpoint must speak the protocol of the
// snapshot, with the same tables, and should have the options of the one that the
// driver came from: limits and choices are those of this endpoint from here on, but
// for the limit of received messages, which is the driver's. Restore does not keep
// p. The errors are ErrBadSnapshot and ErrForeignSnapshot.
//
// As Receive would, the driver may hold input already: call Next before Receive.
func (ep *Endpoint) Restore(p []byte) (*Driver, error) {
	octets, err := openSnapshot(p)
	if err != nil {
		return nil, err
	}
	t := &transfer{way: reading, octets: octets}
	prog, err := ep.programOf(t)
	if err != nil {
		return nil, err
	}
	d := &Driver{ep: ep, prog: prog}
	var output []byte
	t.driver(d, &output)
	if len(t.octets) > 0 {
		t.fail("%d octets follow", len(t.octets))
	}
	if t.err != nil {
		return nil, t.err
	}
	if err := d.plausible(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadSnapshot, err)
	}
	d.resume(output)
	return d, nil
}

// openSnapshot returns the body of a snapshot.
func openSnapshot(p []byte) ([]byte, error) {
	rest, ok := bytes.CutPrefix(p, []byte(snapshotMarker))
	switch {
	case !ok || len(rest) < 1+snapshotSum:
		return nil, fmt.Errorf("%w: it does not begin, or end, like one", ErrBadSnapshot)
	case rest[0] != snapshotVersion:
		return nil, fmt.Errorf("%w: format %d; this is %d", ErrForeignSnapshot, rest[0], snapshotVersion)
	}
	end := len(p) - snapshotSum
	if sum := sha256.Sum256(p[:end]); !bytes.Equal(p[end:], sum[:snapshotSum]) {
		return nil, fmt.Errorf("%w: it is damaged", ErrBadSnapshot)
	}
	return rest[1 : len(rest)-snapshotSum], nil
}

// programOf reads which protocol is spoken and finds it among those of the endpoint.
func (ep *Endpoint) programOf(t *transfer) (*program, error) {
	var name string
	var hash [sha256.Size]byte
	var side uint8
	t.text(&name)
	t.fixed(hash[:])
	transferBelow(t, &side, states.RoleCount, "a role")
	if t.err != nil {
		return nil, t.err
	}
	named := false
	for _, prog := range [][]*program{ep.servers, ep.clients}[side] {
		if prog.Name == name {
			if named = true; prog.hash() == hash {
				return prog, nil
			}
		}
	}
	if named {
		return nil, fmt.Errorf("%w: it was made with other tables of %q", ErrForeignSnapshot, name)
	}
	return nil, fmt.Errorf("%w: the endpoint does not speak %q", ErrForeignSnapshot, name)
}

// resume gives the parts of a driver that was read the form that its methods want.
func (d *Driver) resume(output []byte) {
	d.borrowed = len(d.in) > 0
	if len(d.body) > 0 {
		d.own(0)
	}
	if len(output) > 0 {
		buf := d.out.open(d.ep)
		*buf = append(*buf, output...)
	}
	o := d.opening
	if o == nil {
		return
	}
	// Limits may have become lower.
	o.line, o.total = min(o.line, d.ep.maxLine), min(o.total, d.ep.maxHead)
	for _, c := range o.queue {
		o.queued += len(c.payload) + maxHeader
	}
	if o.challenge == nil {
		o.challenge = &challenge{} // as good as none, and there for tables that want one
	}
}
