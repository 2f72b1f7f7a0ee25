package fuzz

import (
	"bytes"
	stdflate "compress/flate"
	"errors"
	"fmt"
	"io"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/extension/deflate"
	"github.com/wsfsm/wsfsm/states"
)

// playCompression plays the program on a pair of drivers that compress, as
// CheckPair does, then hands the payloads of its frames to a server as compressed
// messages, which must become what compress/flate makes of them.
func playCompression(octets []byte) error {
	p, ok := Decode(octets)
	if !ok {
		return nil
	}
	x, err := deflate.New(compression(p.Options))
	if err != nil {
		return err
	}
	if err := CheckPair(Config{}, p, x); err != nil {
		return err
	}
	return inflate(p)
}

// compression makes options of compression of those of a program, where they mean
// nothing else: windows of MaxHead and MaxLine, the rest of flags and MaxFields.
func compression(o Options) deflate.Options {
	const windows = deflate.MaxWindow - deflate.MinWindow + 1
	window := func(n int) int { return deflate.MaxWindow - max(n, 0)%windows }
	c := deflate.Options{Window: window(o.MaxHead), PeerWindow: window(o.MaxLine), NoContextTakeover: o.Hold, PeerNoContextTakeover: o.Lazy}
	if o.MaxFields != 0 {
		c.Threshold = deflate.NoThreshold
	}
	if o.KeepReading {
		c.Level = deflate.Small
	}
	return c
}

// inflateMost is how much of a message compress/flate is asked for, in octets.
const inflateMost = 1 << 20

// inflate hands the payload of each frame to a server as a compressed message.
func inflate(p Program) error {
	x, err := deflate.New(deflate.Options{})
	if err != nil {
		return err
	}
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{AutoStart: true, MaxMessage: inflateMost, Extensions: []extension.Extension{x}})
	if err != nil {
		return err
	}
	d, window := ep.Server(), []byte(nil)
	if err := d.Receive([]byte(requests[2])); err != nil {
		return err
	}
	if e, ok := d.Next(); !ok || e.Kind != wsfsm.EventOpen || len(d.Extensions()) != 1 {
		return fmt.Errorf("the opening gives %v %v: %w", e.Kind, d.Extensions(), d.Err())
	}
	d.Next()
	for i, op := range p.Ops {
		if op.Kind != OpFrame {
			continue
		}
		data := op.Octet.Bytes()
		want, err := inflated(data, window)
		if errors.Is(err, errOver) {
			return nil
		}
		op.Kind, op.Type, op.More, op.Defect = OpBroken, FrameBinary, false, DefectRSV1
		var got []byte
		var failure error
		for _, part := range cutBy(op.Input(states.Server, ""), []int{1 + p.Options.Cut}) {
			if err := d.Receive(part); err != nil {
				return fmt.Errorf("message %d: %w", i, err)
			}
			for e, ok := d.Next(); ok; e, ok = d.Next() {
				if e.Kind == wsfsm.EventMessage {
					got = bytes.Clone(e.Data)
				}
			}
			if failure = d.Err(); failure != nil {
				break
			}
		}
		switch {
		case (err == nil) != (failure == nil):
			return fmt.Errorf("message %d, %x: the driver says %w, compress/flate %w", i, data, failure, err)
		case err != nil:
			return nil
		case !bytes.Equal(got, want):
			return fmt.Errorf("message %d, %x: %d octets, compress/flate has %d", i, data, len(got), len(want))
		}
		window = append(window, want...)
		window = window[max(len(window)-1<<deflate.MaxWindow, 0):]
	}
	return nil
}

// errOver: what compress/flate makes of a message is no measure.
var errOver = errors.New("fuzz: beyond what is compared")

// inflated is what compress/flate makes of a payload, with the octets that RFC
// 7692 §7.2.2 wants behind it. A payload with a final block of its own, of which
// something may follow, and a very long message are errOver.
func inflated(payload, window []byte) ([]byte, error) {
	const tail, final = "\x00\x00\xff\xff", "\x01\x00\x00\xff\xff"
	all := string(payload) + tail
	out, left, err := readAll(all, window)
	if err == nil || len(out) > inflateMost/2 {
		return nil, errOver
	}
	whole, rest, err2 := readAll(all+final, window)
	switch {
	case !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, err
	case left > 0 || err2 != nil || rest > 0 || len(whole) != len(out):
		return nil, fmt.Errorf("inside a block: %w", err)
	}
	return out, nil
}

// readAll decodes s and returns how many octets of it are left.
func readAll(s string, window []byte) (out []byte, left int, err error) {
	r := bytes.NewReader([]byte(s))
	out, err = io.ReadAll(io.LimitReader(stdflate.NewReaderDict(r, window), inflateMost))
	return out, r.Len(), err
}
