package trace

import (
	"errors"
	"slices"
	"strings"

	"github.com/wsfsm/wsfsm"
)

// redacted stands for text that is left out.
const redacted = "redacted"

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
	o.Header = fieldNames(o.Header)
	o.Origins, o.Origin = nil, ""
}

// fieldNames returns fields without the values that are not public.
func fieldNames(fields []wsfsm.Field) []wsfsm.Field {
	fields = slices.Clone(fields)
	for i := range fields {
		if !public(fields[i].Name) {
			fields[i].Value = redacted
		}
	}
	return fields
}

func (o *Octets) redact() { *o = Octets{Size: len(o.P)} }

// redact leaves out what came from or goes to somebody.
func (c *Call) redact(d *wsfsm.Driver) {
	for _, o := range []*Octets{&c.Data, &c.Unread, &c.Random, &c.Out} {
		o.redact()
	}
	if c.Text != "" {
		c.Text = redacted
	}
	c.Header = fieldNames(c.Header)
	c.Error = tellable(c.failure)
	if c.Event == nil {
		return
	}
	e := *c.Event
	e.Data.redact()
	if e.Error != "" {
		e.Error = tellable(d.Err())
	}
	if e.Kind == wsfsm.EventRequest.String() || e.Kind == wsfsm.EventOpen.String() {
		e.Head = headOf(d)
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

// headOf is what may be told of the head that was read.
func headOf(d *wsfsm.Driver) *Head {
	h := &Head{Fields: []string{}}
	var fields wsfsm.Header
	if r := d.Request(); r != nil {
		h.Method, fields = r.Method, r.Header
	}
	if r := d.Response(); r != nil {
		h.Status, fields = r.Status, r.Header
	}
	for _, f := range fields {
		text := f.Name
		if public(f.Name) {
			text += ": " + f.Value
		}
		h.Fields = append(h.Fields, text)
	}
	return h
}
