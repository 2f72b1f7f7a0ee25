package work

import (
	"bytes"
	stdflate "compress/flate"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/klauspost/compress/flate"

	"github.com/wsfsm/wsfsm/bench/measure"
	"github.com/wsfsm/wsfsm/bench/wire"
	"github.com/wsfsm/wsfsm/extension"
)

// The libraries that compress, alone: without frames, masks, UTF-8.
const (
	ownCoder  = "wsfsm, coder alone"
	klauspost = "klauspost alone"
	standard  = "compress/flate alone"
)

// newCoder is the coder of this library for one connection.
func newCoder(c compression) *extension.Session {
	var offer []extension.Parameter
	if !c.takeover {
		offer = []extension.Parameter{{Name: "server_no_context_takeover", Bare: true}, {Name: "client_no_context_takeover", Bare: true}}
	}
	_, session := c.extension().Answer([][]extension.Parameter{offer})
	return session
}

// codec compresses or decompresses the messages of one connection, one by one.
type codec func(message int) error

// alone makes a contestant of codecs, each of which lasts for a number of messages.
func alone(name string, own bool, messages int, open func() (codec, error)) measure.Contestant {
	pass := func(n int) (took time.Duration, err error) {
		for left := n; left > 0; {
			c, err := open()
			if err != nil {
				return 0, err
			}
			k := min(left, messages)
			start := time.Now()
			for i := range k {
				if err := c(i); err != nil {
					return 0, fmt.Errorf("message %d: %w", i, err)
				}
			}
			took, left = took+time.Since(start), left-k
		}
		return took, nil
	}
	return measure.Contestant{
		Name: name, Own: own, Beside: true,
		Check: func() error {
			_, err := pass(messages)
			return err
		},
		Sample: measure.Timed(func(n int) (int, time.Duration, error) {
			took, err := pass(n)
			return n, took, err
		}),
	}
}

var errOther = errors.New("another message came out")

// deflaters compress.
func (c compression) deflaters(messages [][]byte) []measure.Contestant {
	session := newCoder(c)
	var out []byte
	own := func(i int) error {
		var coded bool
		if out, _, coded = session.Encoder.Encode(out[:0], messages[i], extension.Whole); !coded {
			return errOther
		}
		return nil
	}
	return []measure.Contestant{
		alone(ownCoder, true, len(messages), func() (codec, error) { return own, nil }),
		alone(klauspost, false, len(messages), deflater(c, messages, func(w io.Writer) (writer, error) { return flate.NewWriter(w, 1) })),
		alone(standard, false, len(messages), deflater(c, messages, func(w io.Writer) (writer, error) { return stdflate.NewWriter(w, 1) })),
	}
}

// writer is that of the standard library and of klauspost.
type writer interface {
	io.Writer
	Flush() error
	Reset(io.Writer)
}

func deflater(c compression, messages [][]byte, open func(io.Writer) (writer, error)) func() (codec, error) {
	var buf bytes.Buffer
	w, err := open(&buf)
	return func() (codec, error) {
		return func(i int) error {
			buf.Reset()
			if !c.takeover {
				w.Reset(&buf)
			}
			if _, err := w.Write(messages[i]); err != nil {
				return err
			}
			return w.Flush()
		}, err
	}
}

// inflaters decompress what the stream holds.
func (c compression) inflaters(s *wire.Stream) []measure.Contestant {
	coded := payloadsOf(s)
	return []measure.Contestant{
		alone(ownCoder, true, len(coded), c.ownInflater(s, coded)),
		alone(klauspost, false, len(coded), inflater(c, s, coded, func(r io.Reader) io.Reader { return flate.NewReader(r) })),
		alone(standard, false, len(coded), inflater(c, s, coded, func(r io.Reader) io.Reader { return stdflate.NewReader(r) })),
	}
}

func payloadsOf(s *wire.Stream) (list [][]byte) {
	for octets := s.Octets; len(octets) > 0; {
		f, _, rest, err := wire.Cut(octets)
		if err != nil {
			panic(err)
		}
		list, octets = append(list, f.Payload), rest
	}
	return list
}

func (c compression) ownInflater(s *wire.Stream, coded [][]byte) func() (codec, error) {
	out := make([]byte, 0, 2*c.size+64) // room behind the message, which End wants
	session := newCoder(c)
	var in []byte
	return func() (codec, error) {
		if c.takeover {
			session = newCoder(c)
		}
		return func(i int) error {
			in = append(in[:0], coded[i]...) // as out of a socket
			session.Decoder.Begin(extension.RSV1)
			got, n, err := session.Decoder.Decode(out[:0], in, c.size+1)
			if err != nil || n != len(in) {
				return errors.Join(errOther, err)
			}
			got, done, err := session.Decoder.End(got, c.size+1)
			if err != nil || !done || len(got) != len(s.Payloads[i]) {
				return errors.Join(errOther, err)
			}
			return nil
		}, nil
	}
}

func inflater(c compression, s *wire.Stream, coded [][]byte, open func(io.Reader) io.Reader) func() (codec, error) {
	out := make([]byte, c.size)
	return func() (codec, error) {
		var source bytes.Buffer
		r := open(&source)
		return func(i int) error {
			if !c.takeover { // otherwise the end of the last message may be there
				source.Reset()
			}
			source.Write(coded[i])
			source.WriteString("\x00\x00\xff\xff")
			if !c.takeover {
				if err := r.(flate.Resetter).Reset(&source, nil); err != nil {
					return err
				}
			}
			_, err := io.ReadFull(r, out[:len(s.Payloads[i])])
			return err
		}, nil
	}
}
