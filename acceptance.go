package wsfsm

import "github.com/wsfsm/wsfsm/states"

// readWholeHead takes a head that was taken in one step for the message that the
// handshake waits for. Where nobody is asked about a request it is held as it came,
// and answered at once if it keeps all rules; extensions would keep what they are
// offered.
func (d *Driver) readWholeHead(fields *headFields, octets []byte) {
	head := &fields.split
	if !d.ep.opensAtOnce || d.handshake != d.prog.awaits || fields.twice {
		r := head.request(string(octets))
		d.readHeadMessage([3]string{r.Method, r.Target, r.Proto}, r.Header)
		return
	}
	held := d.ep.heads.hold(octets, d.prog)
	text := held.string()
	fields.text = text
	rules := d.noteRequest(&held.opened, head.words[1].of(text), fields)
	if !d.holdsQuickly(&rules.quick, fields) {
		line := newFirstLine(head.words[2].of(text))
		line[methodPart], line[targetPart] = head.words[0].of(text), head.words[1].of(text)
		d.fireHandshake(d.checkRequest(rules, &line, fields))
		return
	}
	held.head.WebSocket = true
	if !d.prog.acceptsAtOnce || d.handshake != d.prog.awaits { // of the version that was asked for
		d.fireHandshake(states.HandshakeOnAcceptable)
		return
	}
	table := d.prog.Handshake.Table
	table.Fire(&d.handshake, states.HandshakeOnAcceptable)
	table.Fire(&d.handshake, states.HandshakeOnStart)
	d.handshakeSendReply()
}

// composeAwaits returns the initial state if it reads a request, else 0.
func (prog *program) composeAwaits() states.HandshakeState {
	initial := prog.first.handshake
	if r := &prog.Handshake.Reads[initial]; r.Kind != states.ReadHead || prog.Handshake.Heads[r.Args[prog.side]].Name != "request" {
		return 0
	}
	return initial
}

// composeAcceptance follows the rows of a request that is acceptable, and accepted as
// soon as it is reported: whether nothing comes of them but the reply, for which
// nothing need be drawn.
func (prog *program) composeAcceptance() bool {
	table := prog.Handshake.Table
	reported := table.At(prog.first.handshake, states.HandshakeOnAcceptable)
	started := table.At(reported.To, states.HandshakeOnStart)
	return reported.To != 0 && reported.Do == states.HandshakeDoReportRequest &&
		started.To != 0 && started.Do == states.HandshakeDoSendReply && len(prog.text.drawn) == 0
}
