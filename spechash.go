package wsfsm

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"

	"github.com/wsfsm/wsfsm/fsm"
)

// Hash returns the SHA-256 of all that decides how the protocol behaves: its name,
// its machines with what their states read, and the constants beside them. Traces
// and snapshots carry it, so that nobody takes them for those of other tables.
func (p *Protocol) Hash() [sha256.Size]byte {
	h := &specHash{sum: sha256.New()}
	h.text(p.Name)
	h.number(p.WireVersion, int(p.TooBig))
	h.text(p.Recognise.Header)
	h.texts(p.Recognise.Values)
	h.number(int(p.Close.Body))
	h.texts(p.Close.Own[:])
	h.ranges(p.Close.Received)
	h.ranges(p.Close.Sent)
	hashMachine(h, &p.Connection.Machine, p.Connection.Table.At)
	hashNumbers(h, p.Connection.Inputs)
	for _, w := range p.Connection.Waits {
		hashNumbers(h, w[:])
	}
	hashMachine(h, &p.HTTP.Machine, p.HTTP.Table.At)
	hashNumbers(h, p.HTTP.Limits)
	hashMachine(h, &p.Handshake.Machine, p.Handshake.Table.At)
	h.heads(p.Handshake.Heads)
	hashMachine(h, &p.Frame.Machine, p.Frame.Table.At)
	hashMachine(h, &p.Message.Machine, p.Message.Table.At)
	return [sha256.Size]byte(h.sum.Sum(nil))
}

// specHash writes values so that different ones are different octets: lengths go
// before what they count.
type specHash struct {
	sum hash.Hash
	buf []byte
}

func (h *specHash) number(values ...int) {
	h.buf = h.buf[:0]
	for _, v := range values {
		h.buf = binary.AppendVarint(h.buf, int64(v))
	}
	h.sum.Write(h.buf)
}

func (h *specHash) flag(set bool) {
	if set {
		h.number(1)
		return
	}
	h.number(0)
}

func (h *specHash) text(s string) {
	h.number(len(s))
	h.buf = append(h.buf[:0], s...)
	h.sum.Write(h.buf)
}

func (h *specHash) texts(list []string) {
	h.number(len(list))
	for _, s := range list {
		h.text(s)
	}
}

func (h *specHash) ranges(list []CodeRange) {
	h.number(len(list))
	for _, r := range list {
		h.number(int(r.First), int(r.Last))
	}
}

func (h *specHash) heads(list []Head) {
	h.number(len(list))
	for i := range list {
		h.text(list[i].Name)
		h.number(len(list[i].Lines))
		for j := range list[i].Lines {
			h.line(&list[i].Lines[j])
		}
	}
}

func (h *specHash) line(l *HeadLine) {
	for _, s := range []string{l.Name, l.Is, l.Has, l.AtLeast, l.Send} {
		h.text(s)
	}
	h.texts(l.OneOf)
	h.flag(l.Optional)
	h.flag(l.Fold)
	h.number(l.Count, int(l.Form), int(l.Equals), int(l.From), int(l.Else))
}

func hashNumbers[T ~uint8](h *specHash, list []T) {
	h.number(len(list))
	for _, v := range list {
		h.number(int(v))
	}
}

// hashMachine writes the rows that there are, and what the states read.
func hashMachine[S, E, A ~uint8, T any](h *specHash, m *Machine[S, E, T], at func(S, E) fsm.Cell[S, A]) {
	hashNumbers(h, m.Initial[:])
	h.number(len(m.Final))
	for s, final := range m.Final {
		h.flag(final)
		r := &m.Reads[s]
		h.number(int(r.Kind), int(r.Field), int(r.Through))
		hashNumbers(h, r.Args[:])
		for e := range 256 {
			if c := at(S(s), E(e)); c.To != 0 {
				h.number(e, int(c.To), int(c.Do))
			}
		}
		h.number(-1) // no event
	}
	h.number(len(m.Classes))
	for _, c := range m.Classes {
		h.text(c.Name)
		for _, tables := range c.Tables {
			h.number(len(tables))
			for _, t := range tables {
				hashNumbers(h, t[:])
			}
		}
	}
}
