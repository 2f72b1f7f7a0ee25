package wsfsm

import (
	"fmt"
	"strings"

	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/states"
)

// Extensions returns the extensions agreed on with their parameters, as in the
// server's response and in its order, from EventOpen on; nil if there are none.
func (d *Driver) Extensions() []string {
	if d.chain == nil {
		return nil
	}
	names := make([]string, 0, len(d.chain.agreed))
	for _, a := range d.chain.agreed {
		names = append(names, a.String())
	}
	return names
}

// elements writes elements as a header field holds them.
func elements(list []extension.Element) string {
	words := make([]string, 0, len(list))
	for _, e := range list {
		words = append(words, e.String())
	}
	return strings.Join(words, ", ")
}

// valueOffers lists the extensions offered.
func (d *Driver) valueOffers() string {
	if !d.prog.HasExtensions() {
		return ""
	}
	return d.ep.offers
}

// valueExtensions lists the extensions agreed on.
func (d *Driver) valueExtensions() string {
	list := make([]extension.Element, 0, len(d.opening.agreed))
	for _, a := range d.opening.agreed {
		list = append(list, a.Element)
	}
	return elements(list)
}

func (d *Driver) formExtensionList(v string) bool {
	_, err := extension.Parse(v)
	d.opening.because = err
	return err == nil
}

// formOfferedExtensions wants extensions that were offered, with parameters that
// can be agreed to.
func (d *Driver) formOfferedExtensions(v string) bool {
	list, err := extension.Parse(v)
	if err == nil {
		var own []extension.Extension
		if d.prog.HasExtensions() {
			own = d.ep.options.Extensions
		}
		d.opening.agreed, err = extension.Accept(own, list)
	}
	d.opening.because = err
	return err == nil
}

// answerExtensions chooses among the client's offers.
func (d *Driver) answerExtensions() {
	if d.prog.HasExtensions() && len(d.ep.options.Extensions) > 0 {
		d.opening.agreed = extension.Answer(d.ep.options.Extensions, d.opened.request.Extensions)
	}
	d.adoptExtensions()
}

// adoptExtensions puts the extensions agreed on to work.
func (d *Driver) adoptExtensions() {
	if len(d.opening.agreed) > 0 {
		d.chain = newChain(d.opening.agreed)
		d.ownership = d.chain.ownership()
	}
}

// demandExtensions ends the connection because the server has not agreed to
// extensions that this client insists on (RFC 6455 §7.4.1). They are listed in
// the close frame's reason, as far as there is room.
func (d *Driver) demandExtensions(names []string, state string) {
	err := d.violationIn(states.WrongExtensions, states.MachineHandshake, state, d.offset-1)
	err.because(fmt.Errorf("%w: %s", extension.ErrRequired, strings.Join(names, ", ")))
	err.Status = d.opened.response.Status
	err.Code = CloseMandatoryExtension
	if !allowed(d.prog.Protocol.Close.Sent, err.Code) {
		err.Code = CloseProtocolError
	}
	for _, name := range names {
		if len(err.reason)+2+len(name) <= maxLength7-2 {
			err.reason = strings.TrimPrefix(err.reason+", "+name, ", ")
		}
	}
	d.noteOutcome().err = err
	d.fireConnection(states.ConnectionOnViolation)
}
