package conformance

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"slices"
)

// octets returns the octets of a step.
func (r *runner) octets(s *Step) []byte { return s.Octets.Bytes(r.c.named) }

// named returns the octets that a name in a case of a client stands for: the
// Sec-WebSocket-Key made from the first 16 random octets, and the
// Sec-WebSocket-Accept that proves it (RFC 6455 §1.3).
func (c *Case) named(name string) []byte {
	var nonce [16]byte
	_, _ = (&cycle{octets: c.Rand.Bytes(nil)}).Read(nonce[:]) // without random octets it stays zero
	key := base64.StdEncoding.AppendEncode(nil, nonce[:])
	if name == "key" {
		return key
	}
	sum := sha1.Sum(append(key, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"...))
	return base64.StdEncoding.AppendEncode(nil, sum[:])
}

// output returns all octets that wait to be sent.
func (r *runner) output() []byte {
	return slices.Concat(r.d.AppendOutput(nil)...)
}

// send expects the octets of an output step to be the next ones, and takes
// them.
func (r *runner) send(s *Step) error {
	want := r.octets(s)
	if err := r.consistent(); err != nil {
		return err
	}
	if r.cfg.Trickle {
		return r.trickle(want)
	}
	got := r.output()
	if !bytes.HasPrefix(got, want) {
		return r.wrongOutput(want, got)
	}
	r.d.Sent(len(want))
	return r.pump()
}

// trickle takes octets one by one.
func (r *runner) trickle(want []byte) error {
	got := r.d.Output()
	for i := range want {
		if len(got) == 0 {
			if got = r.d.Output(); len(got) == 0 {
				return r.wrongOutput(want, want[:i])
			}
		}
		if got[0] != want[i] {
			return r.wrongOutput(want, append(bytes.Clone(want[:i]), r.output()...))
		}
		r.d.Sent(1)
		got = nil // Sent has ended its validity
	}
	return r.pump()
}

func (r *runner) wrongOutput(want, got []byte) error {
	w, g := differ(want, got)
	return r.mismatch("the octets out differ", w, g)
}

// consistent checks that the forms of the output agree.
func (r *runner) consistent() error {
	all := r.output()
	if n := r.d.Unsent(); n != len(all) {
		return r.mismatch("Unsent and AppendOutput differ", fmt.Sprint(len(all)), fmt.Sprint(n))
	}
	if first := r.d.Output(); !bytes.HasPrefix(all, first) || (len(first) == 0) != (len(all) == 0) {
		return r.mismatch("Output is not where AppendOutput begins", describe(all), describe(first))
	}
	return nil
}
