package fuzz

// Encode writes a program: Decode reads it back as it is if it keeps the limits
// of a program and each operation has only what its kind has. Numbers beyond
// what the format can write take the greatest that it can.
func Encode(p Program) []byte {
	out := []byte{1}
	if p.Options.Version != "" {
		out = []byte{Version, versionNumber(p.Options.Version)}
	}
	out = appendOptions(out, p.Options)
	for _, op := range p.Ops {
		out = appendOp(out, op)
	}
	return out
}

func appendOptions(out []byte, o Options) []byte {
	var flags byte
	for i, set := range []bool{o.Handshake, o.AutoStart, o.Pieces, o.KeepReading, o.Echo, o.Hold, o.Lazy, o.Subprotocols} {
		if set {
			flags |= 1 << i
		}
	}
	out = append(out, flags)
	for _, limit := range []int{o.MaxMessage, o.MaxOutput, o.MaxHead, o.MaxLine, o.MaxFields} {
		out = appendLimit(out, limit)
	}
	return appendNumber(out, o.Cut)
}

func appendLimit(out []byte, limit int) []byte {
	switch {
	case limit < 0:
		return append(out, 1)
	case limit == 0:
		return append(out, 0)
	}
	return appendNumber(out, limit+1)
}

func appendNumber(out []byte, n int) []byte {
	n = max(min(n, maxNumber), 0)
	for ; n >= 0x80; n >>= 7 {
		out = append(out, byte(n)|0x80)
	}
	return append(out, byte(n))
}

func appendOp(out []byte, op Op) []byte {
	first := byte(op.Kind)
	if op.More || op.IsBinary || op.Reset {
		first |= firstBit
	}
	if op.AtOnce {
		first |= secondBit
	}
	out = append(out, first)
	form := forms[op.Kind]
	if form.frame {
		out = append(out, byte(op.Type), op.Key)
	}
	if form.number {
		out = appendNumber(out, op.N)
	}
	if form.octets {
		out = appendNumber(out, op.Octet.Size)
		out = appendNumber(out, len(op.Octet.Data))
		out = append(out, op.Octet.Data...)
	}
	if form.defect {
		out = append(out, byte(op.Defect))
	}
	return out
}
