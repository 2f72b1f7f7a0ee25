package fuzz_test

import (
	"strconv"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance"
	"github.com/wsfsm/wsfsm/fuzz"
)

// programOf makes a program of a conformance case: the same input and commands.
// Settings that a program does not have are left out, so that it may mean
// something else. It returns false for a case with more octets than a program
// can have.
func programOf(c *conformance.Case) (p fuzz.Program, ok bool) {
	p.Options = optionsOf(c)
	p.Options.Handshake = c.HandshakeInCase
	if c.Version != "rfc6455" {
		p.Options.Version = c.Version
	}
	total := 0
	for i := range c.Steps {
		s := &c.Steps[i]
		octets := s.Octets.Bytes(named)
		total += len(octets)
		switch s.Kind {
		case conformance.Input:
			if i > 0 && c.Steps[i-1].Kind == conformance.Input {
				p.Ops = append(p.Ops, fuzz.Op{Kind: fuzz.OpCut})
			}
			p.Ops = append(p.Ops, literals(octets)...)
		case conformance.Output:
			if p.Options.Hold {
				p.Ops = append(p.Ops, fuzz.Op{Kind: fuzz.OpSent, N: len(octets)})
			}
		case conformance.Answer:
			if p.Options.Hold {
				p.Ops = append(p.Ops, fuzz.Op{Kind: fuzz.OpSent})
			}
		case conformance.Command:
			if op, ok := opOf(s, octets); ok {
				p.Ops = append(p.Ops, op)
			}
		}
	}
	return p, total <= fuzz.MaxOctets && len(p.Ops) <= fuzz.MaxOps
}

// named gives the octets that a name in a case of a client stands for.
func named(name string) []byte {
	if name == "key" {
		return []byte(fuzz.ClientKey)
	}
	return []byte(fuzz.ClientAccept)
}

func optionsOf(c *conformance.Case) (o fuzz.Options) {
	limit := func(value string) int {
		if n, err := strconv.Atoi(value); err == nil {
			return n
		}
		return wsfsm.NoLimit
	}
	for _, option := range c.Options {
		switch option.Name {
		case "max-message":
			o.MaxMessage = limit(option.Value)
		case "max-head":
			o.MaxHead = limit(option.Value)
		case "max-line":
			o.MaxLine = limit(option.Value)
		case "max-fields":
			o.MaxFields = limit(option.Value)
		case "max-output":
			o.MaxOutput, o.Hold = limit(option.Value), true
		case "keep-reading":
			o.KeepReading = true
		case "autostart":
			o.AutoStart = true
		case "deliver":
			o.Pieces = true
		case "subprotocols":
			o.Subprotocols = true
		}
	}
	return o
}

// opOf makes an operation of a command.
func opOf(s *conformance.Step, octets []byte) (fuzz.Op, bool) {
	kinds := map[string]fuzz.OpKind{"text": fuzz.OpText, "binary": fuzz.OpBinary, "begin": fuzz.OpBegin, "append": fuzz.OpAppend,
		"end": fuzz.OpEnd, "ping": fuzz.OpPing, "pong": fuzz.OpPong, "close": fuzz.OpClose, "lend": fuzz.OpLend, "drop": fuzz.OpDrop,
		"eof": fuzz.OpEOF, "expire": fuzz.OpExpire, "start": fuzz.OpStart, "reject": fuzz.OpReject, "detach": fuzz.OpDetach, "choose": fuzz.OpChoose}
	kind, ok := kinds[s.Verb]
	op := fuzz.Op{Kind: kind, Octet: fuzz.Plain(octets)}
	var arg string
	if len(s.Args) > 0 {
		arg = s.Args[0]
	}
	switch kind {
	case fuzz.OpClose, fuzz.OpReject:
		op.N, _ = strconv.Atoi(arg)
	case fuzz.OpBegin, fuzz.OpLend:
		op.IsBinary = arg == wsfsm.Binary.String()
	case fuzz.OpEOF:
		op.Reset = arg != ""
	case fuzz.OpDrop, fuzz.OpDetach, fuzz.OpExpire, fuzz.OpStart:
		op.Octet = fuzz.Octets{}
	}
	if kind == fuzz.OpEOF {
		op.Octet = fuzz.Octets{}
	}
	return op, ok
}
