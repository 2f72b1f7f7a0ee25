package model

// appendSentinelFrame appends the octets of f to out, in hixie-75 and -76.
func appendSentinelFrame(out []byte, f Frame) []byte {
	out = append(out, f.Opcode)
	if f.Opcode < 0x80 {
		out = append(out, f.Payload...)
		if f.Missing == 0 {
			out = append(out, 0xFF)
		}
		return out
	}
	for range f.Padding {
		out = append(out, 0x80)
	}
	return append(append(out, f.sentinelLength()...), f.Payload...)
}

// sentinelLength returns the length that f announces, seven bits in an octet.
func (f Frame) sentinelLength() []byte {
	length := uint64(len(f.Payload)) + f.Missing
	var out []byte
	for shift := 63; shift > 0; shift -= 7 {
		if length>>shift != 0 {
			out = append(out, 0x80|byte(length>>shift))
		}
	}
	return append(out, byte(length&0x7F))
}

// splitSentinelFrame takes the first frame off octets and returns the number of
// octets it takes, 0 if it is not whole.
func splitSentinelFrame(octets []byte) (f Frame, size int) {
	f.Fin = true
	f.Opcode = octets[0]
	if f.Opcode < 0x80 {
		for i := 1; i < len(octets); i++ {
			if octets[i] == 0xFF {
				f.Payload = string(octets[1:i])
				return f, i + 1
			}
		}
		return Frame{}, 0
	}
	var length uint64
	for i := 1; i < len(octets); i++ {
		if length >= 1<<56 {
			return Frame{}, 0
		}
		b := octets[i]
		if length == 0 && b == 0x80 {
			f.Padding++
		}
		length = length<<7 | uint64(b&0x7F)
		if b >= 0x80 {
			continue
		}
		if uint64(len(octets)-i-1) < length {
			return Frame{}, 0
		}
		size = i + 1 + int(length)
		f.Payload = string(octets[i+1 : size])
		return f, size
	}
	return Frame{}, 0
}
