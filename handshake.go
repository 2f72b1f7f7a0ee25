package wsfsm

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/states"
)

// readHeadMessage takes the split head for the message that the handshake
// waits for, and hands the handshake its finding.
func (d *Driver) readHeadMessage(words [3]string, header Header) {
	if d.awaitsRequest() {
		o := &openedServer{head: Request{Method: words[0], Target: words[1], Proto: words[2], Header: header}}
		o.request = &o.head
		d.fireHandshake(d.readRequestOf(&o.opened))
		return
	}
	d.fireHandshake(d.readAnswer(words, header))
}

func (d *Driver) awaitsRequest() bool {
	return d.prog.Handshake.Heads[d.awaitedHead()].Name == "request"
}

// awaitedHead returns the number of the head that the handshake waits for.
func (d *Driver) awaitedHead() uint8 {
	return d.prog.Handshake.Reads[d.handshake].Args[d.prog.side]
}

// openedServer is opened with the request beside it.
type openedServer struct {
	opened
	head Request
}

// readRequestOf is readRequest for a request with all its fields.
func (d *Driver) readRequestOf(o *opened) states.HandshakeEvent {
	r := o.request
	line := newFirstLine(r.Proto)
	line[methodPart], line[targetPart] = r.Method, r.Target
	var fields headFields
	fields.find(&d.ep.names, r.Header)
	return d.checkRequest(d.noteRequest(o, r.Target, &fields), &line, &fields)
}

// noteRequest picks the version that the request asks for, notes the values with which
// the handshake goes on, and returns the rules of requests.
func (d *Driver) noteRequest(o *opened, target string, fields *headFields) *headRules {
	d.opened = o
	d.adopt(d.ep.recognise(fields))
	d.opening.target = pathOf(target)
	d.opening.host = fields.first(d.ep.host)
	rules := &d.prog.rules[d.awaitedHead()]
	for i := range rules.notes {
		n := &rules.notes[i]
		if found := fields.at(n.field); found.count > 0 {
			value := fields.value(found.first)
			if found.count > 1 {
				value = fields.header.combined(n.Name)
			}
			d.opening.note(n.from, n.form, value)
			o.request.note(n.form, value)
		}
	}
	return rules
}

// checkRequest checks a request by its rules.
func (d *Driver) checkRequest(rules *headRules, line *firstLine, fields *headFields) states.HandshakeEvent {
	finding := d.checkHead(rules, line, fields)
	d.opened.request.WebSocket = finding == states.HandshakeOnAcceptable
	return finding
}

// adopt makes the driver speak the version that a request asks for. Nothing but
// its head has been read, and what was queued every version can send.
func (d *Driver) adopt(prog *program) {
	if d.prog == prog {
		return
	}
	d.prog = prog
	d.frame, d.message = prog.first.frame, prog.first.message
}

// noted reports whether the value of a line is more than checked: note and
// Request.note do something with it.
func (l *HeadLine) noted() bool {
	switch l.From {
	case states.ValueAuthority, states.ValueKey, states.ValueKey1, states.ValueKey2:
		return true
	}
	switch l.Form {
	case states.FormAllowedOrigin, states.FormTokenList, states.FormExtensionList, states.FormSpacedProtocols, states.FormOpaqueProtocol:
		return true
	}
	return false
}

// note keeps a value with which the handshake goes on.
func (o *opening) note(from states.Value, form states.Form, value string) {
	switch from {
	case states.ValueAuthority:
		o.authority = value
	case states.ValueKey:
		o.key = value
	case states.ValueKey1:
		o.challenge = &challenge{}
		o.challenge.keys[0] = value
	case states.ValueKey2:
		if o.challenge != nil {
			o.challenge.keys[1] = value
		}
	}
	if form == states.FormAllowedOrigin {
		o.origin = value
	}
}

// note keeps a list that the client offers.
func (r *Request) note(form states.Form, value string) {
	switch form {
	case states.FormTokenList:
		tokens(value, func(name string) bool {
			r.Subprotocols = append(r.Subprotocols, name)
			return true
		})
	case states.FormExtensionList:
		r.Extensions, _ = extension.Parse(value) // formExtensionList judges
	case states.FormSpacedProtocols:
		r.Subprotocols = strings.Fields(value)
	case states.FormOpaqueProtocol:
		r.Subprotocols = []string{value}
	}
}

// readAnswer checks the server's response, or the answer of a proxy.
func (d *Driver) readAnswer(words [3]string, header Header) states.HandshakeEvent {
	r := &Response{Proto: words[0], Reason: words[2], Header: header}
	r.Status, _ = strconv.Atoi(words[1]) // the check below wants it exact
	d.opened = &opened{response: r}
	line := newFirstLine(r.Proto)
	line[statusPart] = words[1]
	var fields headFields
	fields.find(&d.ep.names, header)
	return d.checkHead(&d.prog.rules[d.awaitedHead()], &line, &fields)
}

func (d *Driver) handshakeReportRequest() {
	if d.ep.options.AutoStart && d.Start() == nil {
		return
	}
	d.due |= dueRequest
}

func (d *Driver) handshakeSendRequest() {
	buf := d.out.open(d.ep)
	const name = "Authorization"
	var authorization []Field
	if d.opening.authorization != "" && Header(d.opening.header).Get(name) == "" && Header(d.ep.options.Header).Get(name) == "" {
		authorization = []Field{{name, d.opening.authorization}}
	}
	*buf = d.appendHead(*buf, authorization, d.ep.options.Header, d.opening.header)
}

func (d *Driver) handshakeSendReply() {
	d.handshakeSendHead()
	d.fireConnection(states.ConnectionOnAccepted)
}

func (d *Driver) handshakeSendHead() {
	d.opened.subprotocol = d.chosenSubprotocol()
	if len(d.ep.options.Extensions) > 0 {
		d.answerExtensions()
	}
	buf := d.out.open(d.ep)
	*buf = d.appendHead(*buf, d.ep.options.Header, d.opening.header)
}

func (d *Driver) handshakeSendRejection() {
	buf := d.out.open(d.ep)
	*buf = append(*buf, d.opening.rejection...)
	d.fireConnection(states.ConnectionOnRejected)
}

func (d *Driver) handshakeRefuseHead() { d.refuse(d.opening.failure) }

func (d *Driver) handshakeFailHead() {
	d.opening.failure.Status = 0 // no request is refused
	d.noteOutcome().err = d.opening.failure
	d.fireConnection(states.ConnectionOnRefused)
}

func (d *Driver) handshakeFail(v states.Violation) {
	err := d.violation(v, states.MachineHandshake, d.offset-1)
	err.because(d.opening.because)
	if err.Status != 0 {
		d.refuse(err)
		return
	}
	err.Status = d.opened.response.Status
	d.noteOutcome().err = err
	d.fireConnection(states.ConnectionOnRefused)
}

// refuse answers a request that broke a rule with its HTTP status.
func (d *Driver) refuse(err *Error) {
	buf := d.out.open(d.ep)
	*buf = d.ep.appendRefusal(*buf, err)
	d.noteOutcome().err = err
	d.fireConnection(states.ConnectionOnRefused)
}

func (d *Driver) handshakeAcceptReply() {
	lines := d.prog.head("response").Lines
	for i := range lines {
		l := &lines[i]
		switch l.From {
		case states.ValueProtocol:
			if l.Equals == 0 || d.value(l.Equals) != "" { // one that was not asked for means nothing
				d.opened.subprotocol = d.opened.response.Header.Get(l.Name)
			}
		case states.ValueNonce:
			d.opening.nonce = d.opened.response.Header.Get(l.Name)
		}
	}
	d.adoptExtensions()
	missing := extension.Missing(d.ep.options.Extensions, d.opening.agreed)
	if len(missing) > 0 {
		d.opening.dropQueue()
	}
	from := d.stateName(states.MachineHandshake)
	d.fireConnection(states.ConnectionOnAccepted)
	if len(missing) > 0 {
		d.demandExtensions(missing, from)
	}
}

func (d *Driver) handshakeHandOver() { d.fireConnection(states.ConnectionOnDetached) }

// chosenSubprotocol returns the application's choice, else the first of the
// client's subprotocols that the endpoint speaks.
func (d *Driver) chosenSubprotocol() string {
	if d.opening.choice != "" {
		return d.opening.choice
	}
	for _, name := range d.opened.request.Subprotocols {
		for _, own := range d.ep.options.Subprotocols {
			if name == own {
				return own
			}
		}
	}
	return ""
}

// drawValues draws the random values of the head that is about to be sent.
func (d *Driver) drawValues() (err error) {
	for _, v := range d.prog.text.drawn {
		switch v {
		case states.ValueKey:
			d.opening.key, err = d.drawNonce()
		case states.ValueNonce:
			d.opening.nonce, err = d.drawNonce()
		case states.ValueKey1:
			d.opening.challenge, err = drawChallenge(d.ep.options.Rand)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// drawNonce makes a fresh value of 16 octets in base64 (RFC 6455 §4.1).
func (d *Driver) drawNonce() (string, error) {
	var nonce [16]byte
	if err := d.draw(nonce[:]); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(nonce[:]), nil
}

// readBehindHead gathers the octets that follow a head without a length.
func (d *Driver) readBehindHead(r *Read) (states.HandshakeEvent, bool) {
	o, n := d.opening, int(r.Args[d.prog.side])
	o.body = append(o.body, d.take(min(n-len(o.body), len(d.in)))...)
	if len(o.body) < n {
		return 0, false
	}
	body := o.body
	o.body = nil
	switch r.Field {
	case states.FieldChallenge:
		copy(o.challenge.body[:], body)
	case states.FieldDigest:
		if sum, _ := o.challenge.digest(); string(body) != string(sum[:]) {
			return states.HandshakeOnMismatch, true
		}
	}
	return states.HandshakeOnDone, true
}
