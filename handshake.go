package wsfsm

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/wsfsm/wsfsm/states"
)

// readHeadMessage takes the split head for the message that the handshake
// waits for, and hands the handshake its finding.
func (d *Driver) readHeadMessage(words []string, header Header) {
	for len(words) < 3 { // a status line may lack its reason phrase
		words = append(words, "")
	}
	if d.awaitedHead().Name == "response" {
		d.fireHandshake(d.readResponse(words, header))
		return
	}
	d.fireHandshake(d.readRequest(&Request{Method: words[0], Target: words[1], Proto: words[2], Header: header}))
}

// awaitedHead returns the rules of the head that the handshake waits for.
func (d *Driver) awaitedHead() *Head {
	r := &d.prog.Handshake.Reads[d.handshake]
	return &d.prog.Handshake.Heads[r.Args[d.prog.side]]
}

// readRequest picks the version that the request asks for and checks the
// request by its rules.
func (d *Driver) readRequest(r *Request) states.HandshakeEvent {
	d.request = r
	d.prog = d.ep.recognise(r)
	d.opening.key = r.Header.Get("Sec-WebSocket-Key")
	if n, list := r.Header.combined("Sec-WebSocket-Protocol"); n > 0 {
		tokens(list, func(name string) bool {
			r.Subprotocols = append(r.Subprotocols, name)
			return true
		})
	}
	finding := d.checkHead(d.awaitedHead(), func(part string) string {
		switch part {
		case partMethod:
			return r.Method
		case partTarget:
			return r.Target
		}
		return versionPart(part, r.Proto)
	}, r.Header)
	r.WebSocket = finding == states.HandshakeOnAcceptable
	return finding
}

// readResponse checks the server's response.
func (d *Driver) readResponse(words []string, header Header) states.HandshakeEvent {
	r := &Response{Proto: words[0], Reason: words[2], Header: header}
	r.Status, _ = strconv.Atoi(words[1]) // the check below wants it exact
	d.response = r
	return d.checkHead(d.awaitedHead(), func(part string) string {
		if part == partStatus {
			return words[1]
		}
		return versionPart(part, r.Proto)
	}, header)
}

// versionPart returns the part of the first line that comes from "HTTP/1.1".
func versionPart(part, proto string) string {
	if part == partVersion {
		return strings.TrimPrefix(proto, "HTTP/")
	}
	return proto
}

func (d *Driver) handshakeReportRequest() {
	if d.ep.options.AutoStart {
		d.fireHandshake(states.HandshakeOnStart)
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
	*buf = d.appendHead(*buf, d.prog.head("request"), []string{partMethod, partTarget, partProtocol}, authorization, d.ep.options.Header, d.opening.header)
}

func (d *Driver) handshakeSendReply() {
	d.subprotocol = d.chosenSubprotocol()
	buf := d.out.open(d.ep)
	*buf = d.appendHead(*buf, d.prog.head("response"), []string{partProtocol, partStatus}, d.ep.options.Header, d.opening.header)
	d.fireConnection(states.ConnectionOnAccepted)
}

func (d *Driver) handshakeSendRejection() {
	buf := d.out.open(d.ep)
	*buf = append(*buf, d.opening.rejection...)
	d.fireConnection(states.ConnectionOnRejected)
}

func (d *Driver) handshakeRefuseHead() { d.refuse(d.opening.failure) }

func (d *Driver) handshakeFailHead() {
	d.opening.failure.Status = 0 // no request is refused
	d.err = d.opening.failure
	d.fireConnection(states.ConnectionOnRefused)
}

func (d *Driver) handshakeFail(v states.Violation) {
	err := d.violation(v, states.MachineHandshake, d.offset-1)
	if err.Status != 0 {
		d.refuse(err)
		return
	}
	err.Status = d.response.Status
	d.err = err
	d.fireConnection(states.ConnectionOnRefused)
}

// refuse answers a request that broke a rule with its HTTP status.
func (d *Driver) refuse(err *Error) {
	buf := d.out.open(d.ep)
	*buf = d.ep.appendRefusal(*buf, err)
	d.err = err
	d.fireConnection(states.ConnectionOnRefused)
}

func (d *Driver) handshakeAcceptReply() {
	d.subprotocol = d.response.Header.Get("Sec-WebSocket-Protocol")
	d.fireConnection(states.ConnectionOnAccepted)
}

func (d *Driver) handshakeHandOver() { d.fireConnection(states.ConnectionOnDetached) }

// chosenSubprotocol returns the application's choice, else the first of the
// client's subprotocols that the endpoint speaks.
func (d *Driver) chosenSubprotocol() string {
	if d.opening.choice != "" {
		return d.opening.choice
	}
	for _, name := range d.request.Subprotocols {
		for _, own := range d.ep.options.Subprotocols {
			if name == own {
				return name
			}
		}
	}
	return ""
}

// drawKey makes a fresh Sec-WebSocket-Key (RFC 6455 §4.1).
func (d *Driver) drawKey() error {
	var nonce [16]byte
	if err := d.draw(nonce[:]); err != nil {
		return err
	}
	d.opening.key = base64.StdEncoding.EncodeToString(nonce[:])
	return nil
}
