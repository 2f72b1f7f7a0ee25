package conformance

import (
	"bytes"
	"fmt"
	"slices"
)

// octets returns the octets of a step.
func (r *runner) octets(s *Step) []byte { return s.Octets.masked(r.named, r.mask) }

// named returns the octets that a name stands for. What the client drew for its
// request is read off it when the first of these names comes.
func (r *runner) named(name string) []byte {
	switch name {
	case "key1", "key2", "challenge", "digest":
	default:
		return r.c.named(name)
	}
	if r.drawn == nil {
		d, err := readDrawn(r.output())
		if err != nil {
			r.undrawn = err
			return nil
		}
		r.drawn = d
	}
	switch name {
	case "key1":
		return []byte(r.drawn.keys[0])
	case "key2":
		return []byte(r.drawn.keys[1])
	case "challenge":
		return r.drawn.challenge
	}
	return r.drawn.digest()
}

// output returns all octets that wait to be sent.
func (r *runner) output() []byte {
	return slices.Concat(r.d.AppendOutput(nil)...)
}

// send expects the octets of an output step to be the next ones, and takes
// them.
func (r *runner) send(s *Step) error {
	want := r.octets(s)
	if r.undrawn != nil {
		return r.mismatch("the keys of the request do not hold", "", r.undrawn.Error())
	}
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
