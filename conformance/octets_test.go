package conformance

import (
	"errors"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// place is a place in a head, and what may stand there.
type place struct {
	role   states.Role
	before string
	lawful func(b byte) bool
	cr, lf string // verdict on these two; "" if they are lawful
	others string // verdict on everything else
}

const tokenOctets = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" // RFC 9110 §5.6.2

func isOf(set string) func(byte) bool {
	return func(b byte) bool { return strings.IndexByte(set, b) >= 0 }
}

func isVisible(b byte) bool { return b > ' ' && b < 0x7F }

// isValue: field-vchar, obs-text, SP and HTAB (RFC 9110 §5.5).
func isValue(b byte) bool { return b >= ' ' && b != 0x7F || b == '\t' }

func places() []place {
	const bad, cr, lf = "bad-octet", "bare-cr", "bare-lf"
	none := func(byte) bool { return false }
	word := func(b byte) bool { return isVisible(b) || b == ' ' }
	all := []place{
		{states.Server, "", isOf(tokenOctets), bad, lf, bad},
		{states.Server, "GE", isOf(tokenOctets + " "), bad, lf, bad},
		{states.Server, "GET ", word, bad, lf, bad},
		{states.Server, "GET /", word, bad, lf, bad},
		{states.Server, "GET / ", isVisible, "", lf, bad},
		{states.Server, "GET / HTTP", isVisible, "", lf, bad},
		{states.Server, "GET / HTTP/1.1\r", none, cr, "", cr},
		{states.Client, "", word, bad, lf, bad},
		{states.Client, "HTTP/1.1", word, bad, lf, bad},
		{states.Client, "HTTP/1.1 ", isOf("0123456789 "), "", lf, bad},
		{states.Client, "HTTP/1.1 10", isOf("0123456789 "), "", lf, bad},
		{states.Client, "HTTP/1.1 101 ", isValue, "", lf, bad},
		{states.Client, "HTTP/1.1 101 x", isValue, "", lf, bad},
		{states.Client, "HTTP/1.1 101 x\r", none, cr, "", cr},
		{states.Client, "HTTP/1.1 101\r", none, cr, "", cr},
	}
	for role, first := range map[states.Role]string{states.Server: "GET / HTTP/1.1\r\n", states.Client: "HTTP/1.1 101 x\r\n"} {
		all = append(all,
			place{role, first, isOf(tokenOctets), "", lf, bad},
			place{role, first + "A: b\r\n", isOf(tokenOctets), "", lf, bad},
			place{role, first + "A", isOf(tokenOctets + ":"), bad, lf, bad},
			place{role, first + "A:", isValue, "", lf, bad},
			place{role, first + "A: ", isValue, "", lf, bad},
			place{role, first + "A: b", isValue, "", lf, bad},
			place{role, first + "A: b ", isValue, "", lf, bad},
			place{role, first + "A: b\r", none, cr, "", cr},
			place{role, first + "A:\r", none, cr, "", cr},
		)
	}
	return all
}

// verdict returns what must come of an octet at this place; "" if it is lawful.
func (p place) verdict(b byte) string {
	atField := strings.HasSuffix(p.before, "\n")
	switch {
	case b == '\r':
		return p.cr
	case b == '\n':
		return p.lf
	case atField && (b == ' ' || b == '\t'):
		return "obs-fold"
	case p.lawful(b):
		return ""
	}
	return p.others
}

// TestAllOctetsOfHeads puts each octet at each kind of place in a head.
func TestAllOctetsOfHeads(t *testing.T) {
	t.Parallel()
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range places() {
		for b := range 256 {
			d := ep.Server()
			if p.role == states.Client {
				if d, err = ep.Client("ws://a/"); err != nil {
					t.Fatal(err)
				}
				if err := d.Start(); err != nil {
					t.Fatal(err)
				}
			}
			if got, want := broken(t, d, p.before+string([]byte{byte(b)})), p.verdict(byte(b)); got != want {
				t.Errorf("%v: %q, then %02x: %q, want %q", p.role, p.before, b, got, want)
			}
		}
	}
}

// broken returns the violation that a driver sees in octets; "" if none.
func broken(t *testing.T, d *wsfsm.Driver, octets string) string {
	t.Helper()
	if err := d.Receive([]byte(octets)); err != nil {
		t.Fatal(err)
	}
	for range d.Events() {
		var broken *wsfsm.Error
		if !errors.As(d.Err(), &broken) || broken.Offset != int64(len(octets)-1) {
			t.Fatalf("%q: %v", octets, d.Err())
		}
		return broken.Violation.String()
	}
	return ""
}
