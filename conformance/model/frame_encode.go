package model

// appendFrame appends the octets of f to out, in hybi-01 and later.
func (p Params) appendFrame(out []byte, f Frame) []byte {
	d := p.draft()
	first := f.RSV&7<<4 | f.Opcode&0x0F
	if f.Fin == (d >= 4) {
		first |= 0x80 // final since hybi-04, before that more to come
	}
	second := byte(0)
	if !d.maskBit() && f.RSV&8 != 0 || d.maskBit() && f.Masked {
		second = 0x80
	}
	frame := append([]byte{first}, f.length(second)...)
	if !f.Masked || d < 4 {
		return append(append(out, frame...), f.Payload...)
	}
	if d.prefixMask() {
		frame = append(frame, f.Payload...)
		out = append(out, f.Key[:]...)
		return append(out, xor(frame, p.prefixKey(f.Key[:]), 0)...)
	}
	out = append(append(out, frame...), f.Key[:]...)
	return append(out, xor([]byte(f.Payload), f.Key[:], 0)...)
}

// length returns the octets of the length that f announces; the first has the
// top bit of top.
func (f Frame) length(top byte) []byte {
	length := uint64(len(f.Payload)) + f.Missing
	if length <= 125 && f.Width == WidthMinimal {
		return []byte{top | byte(length)}
	}
	if length <= 0xFFFF && f.Width != Width64 {
		return []byte{top | 126, byte(length >> 8), byte(length)}
	}
	out := []byte{top | 127}
	for shift := 56; shift >= 0; shift -= 8 {
		out = append(out, byte(length>>shift))
	}
	return out
}

// splitFrame takes the first frame off octets, which p's role sent, and returns
// the number of octets it takes, 0 if it is not whole.
func (p Params) splitFrame(octets []byte) (f Frame, size int) {
	d := p.draft()
	var front int
	var mask []byte // of the whole frame
	if d.prefixMask() && p.Role == Client {
		if len(octets) < 4 {
			return Frame{}, 0
		}
		front = 4
		f.Masked = true
		f.Key = [4]byte(octets[:4])
		mask = p.prefixKey(octets[:4])
	}
	head := xor(octets[front:min(front+10, len(octets))], mask, 0)
	if len(head) < 2 {
		return Frame{}, 0
	}
	length, n := frameLength(head)
	if n > len(head) {
		return Frame{}, 0
	}
	f.Fin = d.isFinal(head[0])
	f.RSV = head[0] >> 4 & 7
	f.Opcode = head[0] & 0x0F
	f.Width = widthUsed(head[1], length)
	top := head[1]&0x80 != 0
	if top && !d.maskBit() {
		f.RSV |= 8
	}
	begin := front + n
	payloadMask, from := mask, n
	if top && d.maskBit() {
		if begin+4 > len(octets) {
			return Frame{}, 0
		}
		f.Masked = true
		f.Key = [4]byte(octets[begin : begin+4])
		payloadMask, from = octets[begin:begin+4], 0
		begin += 4
	}
	if uint64(len(octets)-begin) < length {
		return Frame{}, 0
	}
	size = begin + int(length)
	f.Payload = string(xor(octets[begin:size], payloadMask, from))
	return f, size
}

// widthUsed returns the Width that makes length take the form that the second
// octet tells of.
func widthUsed(second byte, length uint64) Width {
	if second&0x7F == 126 && length <= 125 {
		return Width16
	}
	if second&0x7F == 127 && length <= 0xFFFF {
		return Width64
	}
	return WidthMinimal
}
