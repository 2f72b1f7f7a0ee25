package fuzz

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wsfsm/wsfsm/conformance/model"
	"github.com/wsfsm/wsfsm/states"
)

// playResponses plays the program on a client that has sent its request.
func playResponses(octets []byte) error {
	p, ok := Decode(octets)
	if !ok {
		return nil
	}
	p.Options.Handshake = true
	if len(p.Ops) == 0 || p.Ops[0].Kind != OpStart {
		p.Ops = slices.Insert(p.Ops, 0, Op{Kind: OpStart})
	}
	return Check(Config{Role: states.Client}, p)
}

// checkResponse compares whether a response opens the connection.
func checkResponse(s side, p Program, r *record) error {
	if r.response == nil {
		return nil
	}
	read := r.received
	if r.readTo >= 0 {
		read = read[:min(r.readTo, len(read))]
	}
	_, body, _ := strings.Cut(string(read), "\r\n\r\n")
	offer := s.offer(p, r)
	a := model.Response{Status: r.response.Status, Reason: r.response.Reason, Headers: headers(r.response.Header), Body: body}
	fault := s.own().CheckAnswer(offer, a)
	switch {
	case s.openAnswer(offer, a, r.open, fault):
		return nil
	case fault != "" && r.open:
		return fmt.Errorf("the response is accepted, the model finds its fault %q: %+v", fault, r.response)
	case fault == "" && !r.open && !r.broke(states.BadResponseLine, states.BadStatus) && !r.emptyExtensions():
		// Those are the grammar of the first line and of the status in it, which
		// the model is given as a number.
		return fmt.Errorf("the response is not accepted, the model finds no fault: %+v", r.response)
	}
	return nil
}

// offer is what the client's request offers.
func (s side) offer(p Program, r *record) model.Offer {
	o := model.Offer{Host: "example.com", Resource: "/chat", Key: r.sentKey(), Key1: r.sentField("Sec-WebSocket-Key1"), Key2: r.sentField("Sec-WebSocket-Key2")}
	if _, _, body := parts(r.allSent()); len(body) >= s.behindHead() {
		o.Key3 = body[:s.behindHead()]
	}
	if p.Options.Subprotocols {
		o.Protocols = subprotocols()
		if s.isSentinel() {
			o.Protocols = o.Protocols[:1]
		}
	}
	return o
}

// openAnswer reports whether driver and model decide differently about the
// answers of the first drafts: the driver takes what begins one without its case,
// order and reason, as later drafts do, and wants one Upgrade in hixie-75, too;
// from hybi-01 on it wants no subprotocol where none was offered, and no answer
// to those that were.
func (s side) openAnswer(offer model.Offer, a model.Response, opened bool, fault model.ResponseFault) bool {
	count := func(name string) (n int) {
		for _, h := range a.Headers {
			if strings.EqualFold(h.Name, name) {
				n++
			}
		}
		return n
	}
	v := s.name()
	if v == "hixie-75" && count("Upgrade") > 1 || v >= "hybi-01" && v <= "hybi-03" && (len(offer.Protocols) == 0) != (count("Sec-WebSocket-Protocol") == 0) {
		return true
	}
	isStart := fault == model.FaultStatus || fault == model.FaultUpgrade || fault == model.FaultConnection
	return opened && v <= "hybi-03" && a.Status == 101 && isStart
}

// emptyExtensions reports whether the response names the header of extensions
// with none in it, which the grammar of RFC 6455 §9.1 forbids and the model
// takes for none.
func (r *record) emptyExtensions() bool {
	return r.broke(states.WrongExtensions) && strings.Trim(strings.Join(r.response.Header.Values("Sec-WebSocket-Extensions"), ""), " \t,") == ""
}
