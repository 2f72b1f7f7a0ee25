package wsfsm

import "github.com/wsfsm/wsfsm/states"

// stepHandshake feeds the http machine while the handshake waits for a head.
// It returns false when the input is used up or somebody else has to act.
func (d *Driver) stepHandshake() bool {
	for d.due == 0 && d.inputStage() == states.InputHandshake {
		switch r := &d.prog.Handshake.Reads[d.handshake]; r.Kind {
		case states.ReadHead:
		case states.ReadOctets:
			ev, ok := d.readBehindHead(r)
			if !ok {
				return false
			}
			d.fireHandshake(ev)
			continue
		default:
			return false
		}
		if !d.ep.opensAtOnce && d.takeHead() { // otherwise next has tried
			continue
		}
		d.runHead()
		ev, ok := d.readHTTP(&d.prog.HTTP.Reads[d.http])
		if !ok {
			return false
		}
		d.fireHTTP(ev)
	}
	return true
}

// awaitsHead reports whether a head is what the input goes on with.
func (d *Driver) awaitsHead() bool {
	return d.inputStage() == states.InputHandshake && d.prog.Handshake.Reads[d.handshake].Kind == states.ReadHead
}

// readHTTP carries out one read of the http machine.
func (d *Driver) readHTTP(r *Read) (states.HTTPEvent, bool) {
	switch r.Kind {
	case states.ReadOctet:
		return d.readHTTPOctets(r)
	case states.ReadCheck:
		if d.fields() >= d.ep.maxFields {
			return states.HTTPOnTooMany, true
		}
		return states.HTTPOnFits, true
	}
	return 0, false
}

// readHTTPOctets eats one octet, or a run of octets that the state's self-loop
// takes as one slice.
func (d *Driver) readHTTPOctets(r *Read) (states.HTTPEvent, bool) {
	if len(d.in) == 0 {
		return 0, false
	}
	room, verdict := d.headRoom()
	if room == 0 {
		d.piece = d.take(1)
		return verdict, true
	}
	class := d.prog.HTTP.Classes[r.Args[d.prog.side]].Tables[d.prog.side][0]
	ev, n := class[d.in[0]], 1
	if c := d.prog.HTTP.Table.At(d.http, ev); c.To == d.http && c.Do.Spans() {
		for room = min(room, len(d.in)); n < room && class[d.in[n]] == ev; {
			n++
		}
	}
	d.piece = d.take(n)
	d.opening.line += n
	d.opening.total += n
	return ev, true
}

// headRoom returns how many octets the limits still allow, and the verdict if
// that is none.
func (d *Driver) headRoom() (room int, verdict states.HTTPEvent) {
	room = len(d.in)
	for _, limit := range d.prog.HTTP.Limits {
		switch limit {
		case states.LimitLine:
			if n := d.ep.maxLine - d.opening.line; n < room {
				room, verdict = n, states.HTTPOnLineTooLong
			}
		case states.LimitHead:
			if n := d.ep.maxHead - d.opening.total; n < room {
				room, verdict = n, states.HTTPOnHeadTooLong
			}
		}
	}
	return room, verdict
}

// fields returns how many field names the head has so far.
func (d *Driver) fields() int { return (len(d.opening.ends) - d.opening.words) / 2 }

func (d *Driver) httpAdd() { d.opening.text = append(d.opening.text, d.piece...) }

func (d *Driver) httpEndWord() {
	d.endPart()
	d.opening.words++
}

func (d *Driver) httpEndName() { d.endPart() }

// httpEndValue drops trailing white space (RFC 9112 §5.1).
func (d *Driver) httpEndValue() {
	o := d.opening
	start := o.ends[len(o.ends)-1]
	for n := len(o.text); n > start && (o.text[n-1] == ' ' || o.text[n-1] == '\t'); n-- {
		o.text = o.text[:n-1]
	}
	d.endPart()
}

func (d *Driver) endPart() { d.opening.ends = append(d.opening.ends, len(d.opening.text)) }

func (d *Driver) httpEndLine() { d.opening.line = 0 }

func (d *Driver) httpEndHead() {
	words, header := d.headParts()
	d.nextHead()
	d.readHeadMessage(words, header)
}

func (d *Driver) httpFail(v states.Violation) {
	d.opening.failure = d.violation(v, states.MachineHTTP, d.offset-1)
	d.fireHandshake(states.HandshakeOnBadHead)
}

// nextHead begins the machine anew: behind the answer of a proxy comes that of
// the server.
func (d *Driver) nextHead() {
	d.http = d.prog.HTTP.Initial[d.prog.side]
	d.opening.words, d.opening.line, d.opening.total = 0, 0, 0
}

// headParts turns the octets kept into words and fields that share one string.
func (d *Driver) headParts() (words [3]string, header Header) {
	o := d.opening
	text, start := string(o.text), 0
	header = make(Header, 0, d.fields())
	var name string
	for i, end := range o.ends {
		part := text[start:end]
		start = end
		switch {
		case i < o.words:
			words[i] = part // a status line may lack its reason phrase
		case (i-o.words)%2 == 0:
			name = part
		default:
			header = append(header, Field{name, part})
		}
	}
	o.text, o.ends = o.text[:0], o.ends[:0]
	return words, header
}
