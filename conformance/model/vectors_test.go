package model

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
)

// unhex returns the octets that s spells in hexadecimal, blanks ignored.
func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// exampleKey is the masking key of the examples in RFC 6455 §5.7.
var exampleKey = [4]byte{0x37, 0xfa, 0x21, 0x3d}

const roomy = 1 << 20

func TestVectors(t *testing.T) {
	filler := strings.Repeat("x", 65536)
	tests := []struct {
		name   string
		reader Role
		octets []byte
		frames []Frame
		want   []Outcome
	}{
		{"text", Client, unhex(t, "81 05 48 65 6c 6c 6f"),
			MessageFrames(KindText, "Hello"), []Outcome{{KindText, "Hello", 0, 7}}},
		{"masked text", Server, unhex(t, "81 85 37 fa 21 3d 7f 9f 4d 51 58"),
			[]Frame{MessageFrames(KindText, "Hello")[0].WithKey(exampleKey)}, []Outcome{{KindText, "Hello", 0, 11}}},
		{"fragments", Client, unhex(t, "01 03 48 65 6c 80 02 6c 6f"),
			MessageFrames(KindText, "Hello", 3), []Outcome{{KindText, "Hello", 0, 9}}},
		{"ping", Client, unhex(t, "89 05 48 65 6c 6c 6f"),
			[]Frame{{Fin: true, Opcode: OpPing, Payload: "Hello"}}, []Outcome{{KindPing, "Hello", 0, 7}}},
		{"masked pong", Server, unhex(t, "8a 85 37 fa 21 3d 7f 9f 4d 51 58"),
			[]Frame{{Fin: true, Opcode: OpPong, Payload: "Hello", Masked: true, Key: exampleKey}},
			[]Outcome{{KindPong, "Hello", 0, 11}}},
		{"close empty", Client, unhex(t, "88 00"),
			[]Frame{CloseFrame(1005, "")}, []Outcome{{KindClose, "", 1005, 2}}},
		{"masked close empty", Server, unhex(t, "88 80 37 fa 21 3d"),
			[]Frame{CloseFrame(1005, "").WithKey(exampleKey)}, []Outcome{{KindClose, "", 1005, 6}}},
		{"close 1000", Client, unhex(t, "88 02 03 e8"),
			[]Frame{CloseFrame(1000, "")}, []Outcome{{KindClose, "", 1000, 4}}},
		{"masked close 1000", Server, unhex(t, "88 82 37 fa 21 3d 34 12"),
			[]Frame{CloseFrame(1000, "").WithKey(exampleKey)}, []Outcome{{KindClose, "", 1000, 8}}},
		{"close 1001", Client, unhex(t, "88 02 03 e9"),
			[]Frame{CloseFrame(1001, "")}, []Outcome{{KindClose, "", 1001, 4}}},
		{"masked close 1001", Server, unhex(t, "88 82 37 fa 21 3d 34 13"),
			[]Frame{CloseFrame(1001, "").WithKey(exampleKey)}, []Outcome{{KindClose, "", 1001, 8}}},
		{"close 1002", Client, unhex(t, "88 02 03 ea"),
			[]Frame{CloseFrame(1002, "")}, []Outcome{{KindClose, "", 1002, 4}}},
		{"masked close 1002", Server, unhex(t, "88 82 37 fa 21 3d 34 10"),
			[]Frame{CloseFrame(1002, "").WithKey(exampleKey)}, []Outcome{{KindClose, "", 1002, 8}}},
		{"close 1007", Client, unhex(t, "88 02 03 ef"),
			[]Frame{CloseFrame(1007, "")}, []Outcome{{KindClose, "", 1007, 4}}},
		{"masked close 1007", Server, unhex(t, "88 82 37 fa 21 3d 34 15"),
			[]Frame{CloseFrame(1007, "").WithKey(exampleKey)}, []Outcome{{KindClose, "", 1007, 8}}},
		{"close 1009", Client, unhex(t, "88 02 03 f1"),
			[]Frame{CloseFrame(1009, "")}, []Outcome{{KindClose, "", 1009, 4}}},
		{"masked close 1009", Server, unhex(t, "88 82 37 fa 21 3d 34 0b"),
			[]Frame{CloseFrame(1009, "").WithKey(exampleKey)}, []Outcome{{KindClose, "", 1009, 8}}},
		{"close 1000 bye", Client, unhex(t, "88 05 03 e8 62 79 65"),
			[]Frame{CloseFrame(1000, "bye")}, []Outcome{{KindClose, "bye", 1000, 7}}},
		{"masked close 1000 bye", Server, unhex(t, "88 85 37 fa 21 3d 34 12 43 44 52"),
			[]Frame{CloseFrame(1000, "bye").WithKey(exampleKey)}, []Outcome{{KindClose, "bye", 1000, 11}}},
		{"binary 256", Client, append(unhex(t, "82 7e 01 00"), filler[:256]...),
			MessageFrames(KindBinary, filler[:256]), []Outcome{{KindBinary, filler[:256], 0, 260}}},
		{"binary 64 KiB", Client, append(unhex(t, "82 7f 00 00 00 00 00 01 00 00"), filler...),
			MessageFrames(KindBinary, filler), []Outcome{{KindBinary, filler, 0, 65546}}},
		{"masked text 126", Server,
			append(unhex(t, "81 fe 00 7e 37 fa 21 3d"), xor([]byte(filler[:126]), exampleKey[:], 0)...),
			[]Frame{MessageFrames(KindText, filler[:126])[0].WithKey(exampleKey)},
			[]Outcome{{KindText, filler[:126], 0, 134}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Encode(tt.frames...); !bytes.Equal(got, tt.octets) {
				t.Errorf("Encode = % x", got)
			}
			frames, rest := SplitFrames(tt.octets)
			if !slices.Equal(frames, tt.frames) || len(rest) != 0 {
				t.Errorf("SplitFrames = %+v, rest % x", frames, rest)
			}
			d := Decode(Params{Role: tt.reader, Limit: roomy}, tt.octets)
			if !slices.Equal(d.Outcomes, tt.want) || d.Violation != "" {
				t.Errorf("Decode = %+v", d)
			}
			if d.Consumed != len(tt.octets) || d.InFrame || d.InMessage {
				t.Errorf("Decode ends at %d of %d, in frame %t, in message %t",
					d.Consumed, len(tt.octets), d.InFrame, d.InMessage)
			}
		})
	}
}
