package fuzz

import (
	"math/rand"
	"slices"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
)

// options makes options, those that hide most of what happens less often.
func options(r *rand.Rand) Options {
	flag := func(n int) bool { return r.Intn(n) == 0 }
	o := Options{Handshake: flag(4), AutoStart: flag(2), Pieces: flag(2), KeepReading: flag(2), Echo: flag(3), Hold: flag(3), Lazy: flag(6),
		Subprotocols: flag(2), Cut: r.Intn(3)}
	if flag(2) {
		o.Version = versionNamed(byte(r.Intn(256)))
	}
	if flag(3) {
		o.MaxMessage = []int{1, 2, 125, 126, 5000, 65535, -1}[r.Intn(7)]
	}
	if flag(3) {
		o.MaxOutput = []int{1, 2, 10, 64, 300, 5000, -1}[r.Intn(7)]
	}
	if o.Handshake && flag(4) {
		o.MaxHead, o.MaxLine, o.MaxFields = r.Intn(400), r.Intn(100), r.Intn(8)
	}
	return o
}

// sendOp makes a command that sends something or has it written.
func sendOp(r *rand.Rand) Op {
	op := Op{Kind: OpText + OpKind(r.Intn(int(OpSent-OpText)+1)), Octet: content(r, r.Intn(8) > 0)}
	switch op.Kind {
	case OpPing, OpPong:
		op.Octet = Octets{Size: r.Intn(1 << r.Intn(8))}
	case OpClose:
		if r.Intn(4) > 0 {
			op.Kind = OpText
			return op
		}
		op.N, op.Octet = []int{0, 1000, 1001, 1005, 1011, 3000, 4999, 999, 5000}[r.Intn(9)], Octets{Size: r.Intn(1 << r.Intn(8))}
	case OpBegin, OpLend:
		op.IsBinary = r.Intn(2) == 0
	case OpSent:
		op.N, op.Octet = r.Intn(1<<r.Intn(10)), Octets{}
	}
	return op
}

// anyOp makes an operation of any other kind.
func anyOp(r *rand.Rand) Op {
	switch n := r.Intn(48); {
	case n == 0:
		return Op{Kind: OpEOF, Reset: r.Intn(2) == 0, AtOnce: r.Intn(2) == 0}
	case n == 1:
		return Op{Kind: OpExpire}
	case n == 2:
		return Op{Kind: OpStart}
	case n == 3:
		return Op{Kind: OpReject, N: r.Intn(700), Octet: content(r, true)}
	case n == 4:
		return Op{Kind: OpDetach}
	case n == 5:
		return Op{Kind: OpChoose, Octet: Plain([]string{"chat", "superchat", "other"}[r.Intn(3)])}
	case n == 6:
		return Op{Kind: OpHead, N: r.Intn(20)}
	case n == 7:
		return Op{Kind: OpLiteral, Octet: content(r, false)}
	case n == 8:
		return Op{Kind: OpDrop}
	case n < 20:
		return Op{Kind: OpNext, N: r.Intn(4)}
	}
	return Op{Kind: OpCut, N: r.Intn(1 << r.Intn(12))}
}

// shrinker makes a gopter.Shrinker of a function that returns simpler values.
func shrinker[T any](simpler func(T) []T) gopter.Shrinker {
	return func(v any) gopter.Shrink {
		rest := simpler(v.(T))
		return func() (any, bool) {
			if len(rest) == 0 {
				return nil, false
			}
			next := rest[0]
			rest = rest[1:]
			return next, true
		}
	}
}

// shrinkSlice makes a shrinker of slices from one of elements.
func shrinkSlice[T any](simpler func(T) []T) gopter.Shrinker {
	return gen.SliceShrinker(shrinker(simpler))
}

// shrinkOctets returns shorter and simpler octets.
func shrinkOctets(o Octets) (simpler []Octets) {
	for _, n := range shrinkNumber(o.Size) {
		simpler = append(simpler, Octets{o.Data[:min(n, len(o.Data))], n})
	}
	if len(o.Data) > 0 {
		simpler = append(simpler, Octets{nil, o.Size}, Octets{o.Data[:len(o.Data)-1], o.Size})
	}
	return simpler
}

// shrinkNumber returns smaller numbers, by ever smaller steps.
func shrinkNumber(n int) (simpler []int) {
	for step := n; step > 0; step /= 2 {
		simpler = append(simpler, n-step)
	}
	return simpler
}

// shrinkOp returns simpler operations of the same kind.
func shrinkOp(op Op) (simpler []Op) {
	with := func(change func(*Op)) {
		other := op
		change(&other)
		simpler = append(simpler, other)
	}
	for _, o := range shrinkOctets(op.Octet) {
		with(func(op *Op) { op.Octet = o })
	}
	for _, n := range shrinkNumber(op.N) {
		with(func(op *Op) { op.N = n })
	}
	if op.Kind == OpBroken {
		with(func(op *Op) { op.Kind, op.Defect = OpFrame, 0 })
	}
	if op.Key != 0 {
		with(func(op *Op) { op.Key = 0 })
	}
	return simpler
}

// shrinkMessage returns simpler messages.
func shrinkMessage(m Message) (simpler []Message) {
	for _, o := range shrinkOctets(m.Content) {
		simpler = append(simpler, Message{m.Binary, o, m.Sizes, m.Pings})
	}
	for _, n := range shrinkNumber(m.Pings) {
		simpler = append(simpler, Message{m.Binary, m.Content, m.Sizes, n})
	}
	for i, size := range m.Sizes {
		simpler = append(simpler, Message{m.Binary, m.Content, slices.Delete(slices.Clone(m.Sizes), i, i+1), m.Pings})
		for _, n := range shrinkNumber(size) {
			other := slices.Clone(m.Sizes)
			other[i] = n
			simpler = append(simpler, Message{m.Binary, m.Content, other, m.Pings})
		}
	}
	return simpler
}

// shrinkProgram returns programs with fewer and simpler operations, then with
// fewer options.
func shrinkProgram(v any) gopter.Shrink {
	p := v.(Program)
	fewer := shrinkSlice(shrinkOp)(p.Ops).Map(func(ops []Op) Program { return Program{p.Options, ops} })
	return gopter.ConcatShrinks(fewer, shrinker(shrinkOptions)(p))
}

// shrinkOptions returns the program with one option less.
func shrinkOptions(p Program) (simpler []Program) {
	for _, clear := range []func(*Options){
		func(o *Options) { o.Version = "" },
		func(o *Options) { o.AutoStart = false },
		func(o *Options) { o.Pieces = false },
		func(o *Options) { o.KeepReading = false },
		func(o *Options) { o.Echo = false },
		func(o *Options) { o.Hold = false },
		func(o *Options) { o.Lazy = false },
		func(o *Options) { o.Subprotocols = false },
		func(o *Options) { o.Cut = 0 },
		func(o *Options) { o.MaxMessage = 0 },
		func(o *Options) { o.MaxOutput = 0 },
		func(o *Options) { o.MaxHead, o.MaxLine, o.MaxFields = 0, 0, 0 },
	} {
		other := p
		if clear(&other.Options); other.Options != p.Options {
			simpler = append(simpler, other)
		}
	}
	return simpler
}
