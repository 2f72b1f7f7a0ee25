package trace

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// redacted stands for text that is left out.
const redacted = "redacted"

// filler is what a secret octet becomes; a masking key becomes zeros, so that what
// it has masked reads as filler.
const filler = 'x'

// fill returns filler in place of octets.
func fill(p []byte) []byte { return bytes.Repeat([]byte{filler}, len(p)) }

// public are the fields whose values a redacted trace keeps: names that the protocol
// itself gives.
func public(field string) bool {
	return slices.ContainsFunc([]string{"Upgrade", "Connection", "Sec-WebSocket-Version", "Sec-WebSocket-Draft", "Sec-WebSocket-Extensions"},
		func(name string) bool { return strings.EqualFold(field, name) })
}

func (h *Header) redact() {
	h.Redacted = true
	if h.URL != "" {
		scheme, _, _ := strings.Cut(h.URL, "://")
		h.URL = scheme + "://" + redacted
	}
	o := &h.Options
	o.Header = filledFields(o.Header)
	o.Origins, o.Origin = nil, ""
}

// filledFields returns fields with filler in place of the values that are not public.
func filledFields(fields []wsfsm.Field) []wsfsm.Field {
	fields = slices.Clone(fields)
	for i := range fields {
		if !public(fields[i].Name) {
			fields[i].Value = string(fill([]byte(fields[i].Value)))
		}
	}
	return fields
}

// redactor puts filler in place of what came from or goes to somebody. Of each
// direction of the transport a driver that looks on says what is what.
type redactor struct {
	options wsfsm.Options
	role    states.Role
	in, out *onlooker // out is nil before the version is known
}

func newRedactor(role states.Role, o wsfsm.Options) *redactor {
	return &redactor{options: o, role: role, in: newOnlooker(role, o)}
}

// output puts filler in place of secrets of the output.
func (r *redactor) output(p []byte, version string) []byte {
	if r.out == nil && len(p) > 0 {
		o := r.options
		o.Protocols = slices.DeleteFunc(slices.Clone(o.Protocols), func(p *wsfsm.Protocol) bool { return p.Name != version })
		if len(o.Protocols) == 0 {
			o.Versions = []string{version}
		}
		r.out = newOnlooker(states.Server+states.Client-r.role, o)
	}
	if len(p) == 0 {
		return nil
	}
	return r.out.redact(p)
}

// redact puts filler in place of what came from or goes to somebody.
func (r *redactor) redact(c *Call, d *wsfsm.Driver) {
	if c.Call == "Receive" && c.failure == nil {
		c.Data.P = r.in.redact(c.Data.P)
	} else {
		c.Data.P = fill(c.Data.P)
	}
	c.Out.P = r.output(c.Out.P, d.Version())
	c.Unread.P, c.Random.P = fill(c.Unread.P), fill(c.Random.P)
	c.Text = string(fill([]byte(c.Text)))
	c.Header = filledFields(c.Header)
	c.Error = tellable(c.failure)
	if c.Event == nil {
		return
	}
	e := *c.Event
	e.Data.P = fill(e.Data.P)
	if e.Error != "" {
		e.Error = tellable(d.Err())
	}
	c.Event = &e
}

// tellable is the text of an error, if it is one of the driver's own, which have
// nothing secret in them but what a peer has made an extension say.
func tellable(err error) string {
	var broken *wsfsm.Error
	var refused *wsfsm.RefusedError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &broken):
		plain := *broken
		plain.Detail, plain.Cause = "", nil
		return plain.Error()
	case errors.As(err, &refused):
		return refused.Error()
	}
	for _, known := range []error{wsfsm.ErrTimeout, wsfsm.ErrEndOfStream, wsfsm.ErrInputPending, wsfsm.ErrOutputFull, wsfsm.ErrInvalidText,
		wsfsm.ErrControlTooLong, wsfsm.ErrTooManyPings, wsfsm.ErrCloseCode, wsfsm.ErrMasked} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	return redacted
}
