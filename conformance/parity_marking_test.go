package conformance_test

import (
	"bytes"
	"errors"

	"github.com/wsfsm/wsfsm/extension"
)

// marking is an extension that appends its mark to each message, and that offers
// the parameter p=1 or nothing.
type marking struct {
	name     string
	mark     byte
	bits     extension.Bits
	log      *[]string // releases
	repeated int       // how often each octet that comes stands for itself, 1 if 0
	produced *int      // octets decoded
}

func (m marking) Name() string { return m.name }

func (m marking) Offers() [][]extension.Parameter {
	return [][]extension.Parameter{{{Name: "p", Value: "1"}}, nil}
}

func (m marking) Answer(offers [][]extension.Parameter) ([]extension.Parameter, *extension.Session) {
	return offers[0], m.session()
}

func (m marking) Accept(answer []extension.Parameter) (*extension.Session, error) {
	if len(answer) > 0 && answer[0] != (extension.Parameter{Name: "p", Value: "1"}) {
		return nil, errors.New("a parameter that was not offered")
	}
	return m.session(), nil
}

func (m marking) session() *extension.Session {
	return &extension.Session{Bits: m.bits, Encoder: markingEncoder{m}, Decoder: &markingDecoder{marking: m}}
}

func (m marking) release(what string) {
	if m.log != nil {
		*m.log = append(*m.log, m.name+" "+what)
	}
}

type markingEncoder struct{ marking }

func (e markingEncoder) Encode(dst, p []byte, at extension.Position) ([]byte, extension.Bits, bool) {
	dst = append(dst, p...)
	if at == extension.Whole || at == extension.Last {
		dst = append(dst, e.mark)
	}
	return dst, e.bits, true
}

func (e markingEncoder) Release() { e.release("encoder") }

// markingDecoder holds the last octet back until it knows whether it is the mark.
type markingDecoder struct {
	marking
	held []byte
}

func (d *markingDecoder) Begin(extension.Bits) { d.held = nil }

func (d *markingDecoder) Decode(dst, src []byte, room int) ([]byte, int, error) {
	times := max(d.repeated, 1)
	n := min(len(src), max(room/times, 1))
	start := len(dst)
	for _, octet := range src[:n] {
		dst = append(dst, bytes.Repeat(d.held, times)...)
		d.held = []byte{octet}
	}
	if d.produced != nil {
		*d.produced += len(dst) - start
	}
	return dst, n, nil
}

func (d *markingDecoder) End(dst []byte, _ int) ([]byte, bool, error) {
	if !bytes.Equal(d.held, []byte{d.mark}) {
		return dst, false, errors.New("the mark is missing")
	}
	return dst, true, nil
}

func (d *markingDecoder) Release() { d.release("decoder") }

var (
	markA = marking{name: "x-a", mark: 'a', bits: extension.RSV1}
	markB = marking{name: "x-b", mark: 'b', bits: extension.RSV2}
	markC = marking{name: "x-c", mark: 'c', bits: extension.RSV1}
)
