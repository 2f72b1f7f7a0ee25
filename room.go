package wsfsm

// maxRoom is how many octets Room lends at most: so many are unmasked and checked
// while they still lie in a cache.
const maxRoom = 256 << 10

// Room lends memory for the next read of the transport, behind what the driver has
// of a message, so that what goes on of it need not be copied there: at most 256 KiB,
// and no more than the frame has left. It returns nil
// where a buffer of the caller's serves as well: between messages, when the frame at
// hand goes on for less than least octets or has brought less than that, with
// DeliverPieces, behind extensions, and as long as input is pending.
//
// What was read there is handed over with Receive as usual, from the first octet of
// the memory on, all at once; it may be less than has room. Until Receive or Room is
// called next the memory is the caller's, whatever other methods are called, also if
// the connection ends in between; read elsewhere, it is given up. It takes no more than
// what the driver would have taken for the octets.
func (d *Driver) Room(least int) []byte {
	least = max(least, 1)
	if !d.passesPart() || d.borrowed || d.ep.options.Deliver == DeliverPieces ||
		d.length < uint64(least) || len(d.body) < least {
		return nil
	}
	d.own(least)
	room := (*d.owned)[len(d.body):cap(*d.owned)]
	n := int(min(uint64(len(room)), d.length, maxRoom))
	return room[:n:n]
}

// passesPart reports whether the input may go on with payload whose rows do nothing
// but deliver it.
func (d *Driver) passesPart() bool {
	f := &d.prog.fused
	return f.passes>>d.frame&1 != 0 && f.delivers>>d.message&1 != 0 && f.reads>>d.connection&1 != 0 &&
		d.chain == nil && !d.ended
}
