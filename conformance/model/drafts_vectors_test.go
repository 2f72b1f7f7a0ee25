package model

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// The handshake of the examples of hybi-04.
var exampleConnectionKey = ConnectionKey("dGhlIHNhbXBsZSBub25jZQ==", "H+cNj5elaybfGIQv1esl2w==")

// side returns the model of one side with the key of the examples.
func side(version string, role Role) Params {
	p := New(version, role)
	p.Limit = roomy
	if version == "hybi-04" {
		p.ConnectionKey = exampleConnectionKey
	}
	return p
}

func peerOf(role Role) Role {
	if role == Server {
		return Client
	}
	return Server
}

// vector is what one side sends in some versions, and what the other reads.
type vector struct {
	versions string // names, without "hybi-"
	from     string // "server", "client", or "both" where they send the same
	octets   string // hexadecimal; "+n" at the end adds n letters x
	frames   []Frame
	want     []Outcome // without End
}

func textFrame(opcode byte, payload string) []Frame {
	return []Frame{{Fin: true, Opcode: opcode, Payload: payload}}
}

func keyed(frames []Frame, key ...byte) []Frame {
	out := slices.Clone(frames)
	for i := range out {
		out[i] = out[i].WithKey([4]byte(key))
	}
	return out
}

var (
	hello    = []Outcome{{Kind: KindText, Data: "Hello"}}
	k        = exampleKey[:]
	oldHalf  = []Frame{{Opcode: 4, Payload: "Hel"}, {Fin: true, Payload: "lo"}}
	newHalf  = []Frame{{Opcode: 1, Payload: "Hel"}, {Fin: true, Payload: "lo"}}
	closed   = []Outcome{{Kind: KindClose, Code: 1005}}
	coded    = func(code uint16, reason string) []Outcome { return []Outcome{{KindClose, reason, code, 0}} }
	ofKind   = func(kind Kind, data string) []Outcome { return []Outcome{{Kind: kind, Data: data}} }
	xs       = func(n int) string { return strings.Repeat("x", n) }
	maskBits = "07 08 09 10 11 12 13 14 15 16 17 rfc6455"
)

var vectors = []vector{
	{"hixie-75 hixie-76", "both", "00 48 65 6c 6c 6f ff", textFrame(0, "Hello"), hello},
	{"hixie-75 hixie-76", "both", "00 ff", textFrame(0, ""), ofKind(KindText, "")},
	{"hixie-75 hixie-76", "both", "80 81 48 +200", textFrame(0x80, xs(200)), nil},
	{"hixie-75 hixie-76", "both", "80 80 05 +5", []Frame{{Fin: true, Opcode: 0x80, Payload: xs(5), Padding: 1}}, nil},
	{"hixie-75", "both", "ff 00", textFrame(0xff, ""), nil},
	{"hixie-76", "both", "ff 00", textFrame(0xff, ""), closed},

	{"01 02 03", "both", "04 05 48 65 6c 6c 6f", textFrame(4, "Hello"), hello},
	{"01 02 03", "both", "84 03 48 65 6c 00 02 6c 6f", oldHalf, hello},
	{"01 02 03", "both", "02 05 48 65 6c 6c 6f", textFrame(2, "Hello"), ofKind(KindPing, "Hello")},
	{"01 02 03", "both", "03 05 48 65 6c 6c 6f", textFrame(3, "Hello"), ofKind(KindPong, "Hello")},
	{"01 02 03", "both", "01 00", textFrame(1, ""), closed},
	{"01 02 03", "both", "05 7e 01 00 +256", textFrame(5, xs(256)), ofKind(KindBinary, xs(256))},
	{"01 02 03", "both", "05 7f 00 00 00 00 00 01 00 00 +65536", textFrame(5, xs(65536)), ofKind(KindBinary, xs(65536))},

	{"04 05 06", "server", "84 05 48 65 6c 6c 6f", textFrame(4, "Hello"), hello},
	{"04 05 06", "server", "04 03 48 65 6c 80 02 6c 6f", oldHalf, hello},
	{"04 05 06", "server", "82 05 48 65 6c 6c 6f", textFrame(2, "Hello"), ofKind(KindPing, "Hello")},
	{"04 05 06", "server", "83 05 48 65 6c 6c 6f", textFrame(3, "Hello"), ofKind(KindPong, "Hello")},
	{"04", "client", "37 fa 21 3d b4 65 52 35 03 be 58", keyed(textFrame(4, "Hello"), k...), hello},
	{"04", "client", "37 fa 21 3d b1 60", keyed(textFrame(1, ""), k...), closed},
	{"05 06", "client", "37 fa 21 3d b3 ff 69 58 5b 96 4e", keyed(textFrame(4, "Hello"), k...), hello},
	{"05 06", "client", "00 00 01 00 84 05 49 65 6c 6c 6e", keyed(textFrame(4, "Hello"), 0, 0, 1, 0), hello},
	{"05 06", "client", "37 fa 21 3d b5 ff 69 58 5b 96 4e", keyed(textFrame(2, "Hello"), k...), ofKind(KindPing, "Hello")},
	{"05", "client", "37 fa 21 3d b6 fb 62", keyed(textFrame(1, "C"), k...), closed},
	{"05", "server", "81 01 53", textFrame(1, "S"), closed},
	{"06", "client", "37 fa 21 3d b6 f8 22 d5", keyed(textFrame(1, "\x03\xe8"), k...), coded(1000, "")},
	{"06", "server", "81 02 03 e8", textFrame(1, "\x03\xe8"), coded(1000, "")},
	{"06", "client", "37 fa 21 3d b6 ff 22 d5 55 83 44", keyed(textFrame(1, "\x03\xe8bye"), k...), coded(1000, "bye")},

	{maskBits, "server", "81 05 48 65 6c 6c 6f", textFrame(1, "Hello"), hello},
	{maskBits, "client", "81 85 37 fa 21 3d 7f 9f 4d 51 58", keyed(textFrame(1, "Hello"), k...), hello},
	{maskBits, "server", "01 03 48 65 6c 80 02 6c 6f", newHalf, hello},
	{maskBits, "server", "89 05 48 65 6c 6c 6f", textFrame(9, "Hello"), ofKind(KindPing, "Hello")},
	{maskBits, "client", "8a 85 37 fa 21 3d 7f 9f 4d 51 58", keyed(textFrame(10, "Hello"), k...), ofKind(KindPong, "Hello")},
	{maskBits, "server", "88 00", textFrame(8, ""), closed},
	{maskBits, "client", "88 80 37 fa 21 3d", keyed(textFrame(8, ""), k...), closed},
	{maskBits, "server", "88 02 03 e8", textFrame(8, "\x03\xe8"), coded(1000, "")},
	{maskBits, "client", "88 82 37 fa 21 3d 34 12", keyed(textFrame(8, "\x03\xe8"), k...), coded(1000, "")},
	{maskBits, "server", "88 02 03 e9", textFrame(8, "\x03\xe9"), coded(1001, "")},
	{maskBits, "client", "88 82 37 fa 21 3d 34 13", keyed(textFrame(8, "\x03\xe9"), k...), coded(1001, "")},
	{maskBits, "server", "88 02 03 ea", textFrame(8, "\x03\xea"), coded(1002, "")},
	{maskBits, "client", "88 82 37 fa 21 3d 34 10", keyed(textFrame(8, "\x03\xea"), k...), coded(1002, "")},
	{"10 11 12 13 14 15 16 17 rfc6455", "server", "88 02 03 ef", textFrame(8, "\x03\xef"), coded(1007, "")},
	{"10 11 12 13 14 15 16 17 rfc6455", "client", "88 82 37 fa 21 3d 34 15", keyed(textFrame(8, "\x03\xef"), k...), coded(1007, "")},
	{"13 14 15 16 17 rfc6455", "server", "88 02 03 f1", textFrame(8, "\x03\xf1"), coded(1009, "")},
	{"13 14 15 16 17 rfc6455", "client", "88 82 37 fa 21 3d 34 0b", keyed(textFrame(8, "\x03\xf1"), k...), coded(1009, "")},
	{maskBits, "server", "88 05 03 e8 62 79 65", textFrame(8, "\x03\xe8bye"), coded(1000, "bye")},
	{maskBits, "client", "88 85 37 fa 21 3d 34 12 43 44 52", keyed(textFrame(8, "\x03\xe8bye"), k...), coded(1000, "bye")},
	{maskBits, "server", "82 7e 01 00 +256", textFrame(2, xs(256)), ofKind(KindBinary, xs(256))},
	{maskBits, "server", "82 7f 00 00 00 00 00 01 00 00 +65536", textFrame(2, xs(65536)), ofKind(KindBinary, xs(65536))},
}

// expand returns a vector's octets.
func (v vector) expand(t *testing.T) []byte {
	digits, count, _ := strings.Cut(v.octets, "+")
	n := 0
	if count != "" {
		if _, err := fmt.Sscan(count, &n); err != nil {
			t.Fatal(err)
		}
	}
	return append(unhex(t, digits), xs(n)...)
}

// each runs check for every version and sender of v.
func (v vector) each(t *testing.T, check func(t *testing.T, version string, from Role)) {
	for _, name := range strings.Fields(v.versions) {
		if name[0] == '0' || name[0] == '1' {
			name = "hybi-" + name
		}
		for _, from := range []Role{Server, Client} {
			if v.from == "both" || v.from == string(from) {
				t.Run(name+"/"+string(from)+"/"+v.octets, func(t *testing.T) { check(t, name, from) })
			}
		}
	}
}

func TestDraftVectors(t *testing.T) {
	seen := make(map[string]bool)
	for _, v := range vectors {
		octets := v.expand(t)
		v.each(t, func(t *testing.T, version string, from Role) {
			seen[version+string(from)] = true
			writer, reader := side(version, from), side(version, peerOf(from))
			if got := writer.Encode(v.frames...); !bytes.Equal(got, octets) {
				t.Errorf("Encode = % x", got[:min(len(got), 40)])
			}
			frames, rest := writer.SplitFrames(octets)
			if !slices.Equal(frames, v.frames) || len(rest) != 0 {
				t.Errorf("SplitFrames = %+v, rest % x", frames, rest)
			}
			d := reader.Decode(octets)
			if got := withoutEnds(d.Outcomes); !slices.Equal(got, v.want) || d.Violation != "" {
				t.Errorf("Decode = %+v", d)
			}
			if d.Consumed != len(octets) || d.InFrame || d.InMessage {
				t.Errorf("Decode ends at %d of %d", d.Consumed, len(octets))
			}
			checkSplits(t, reader, octets)
		})
	}
	if len(seen) != 40 {
		t.Errorf("vectors for %d of 40 senders", len(seen))
	}
}

func withoutEnds(outcomes []Outcome) []Outcome {
	out := slices.Clone(outcomes)
	for i := range out {
		out[i].End = 0
	}
	return out
}

// checkSplits cuts octets in two at every place (beyond 4 KiB near the ends) and
// expects what the whole gives.
func checkSplits(t *testing.T, p Params, octets []byte) {
	t.Helper()
	whole := p.Decode(octets)
	want := p.Run([]Step{{Kind: StepReceive, Data: string(octets)}})[0]
	for n := range octets {
		if n > 40 && n < len(octets)-10 && len(octets) > 4096 {
			continue
		}
		certain := 0
		for _, o := range whole.Outcomes {
			if o.End <= n {
				certain++
			}
		}
		if whole.Violation != "" && whole.Consumed <= n {
			certain++
		}
		got := p.Run([]Step{{Kind: StepReceive, Data: string(octets[:n])}, {Kind: StepReceive, Data: string(octets[n:])}})
		if len(got[0].Events) != certain || !slices.Equal(p.Decode(octets[:n]).Outcomes, whole.Outcomes[:min(certain, len(whole.Outcomes))]) {
			t.Fatalf("cut at %d: first %+v", n, got[0])
		}
		got[1].Events = append(got[0].Events, got[1].Events...)
		got[1].Sent = append(got[0].Sent, got[1].Sent...)
		if !reflect.DeepEqual(got[1], want) {
			t.Fatalf("cut at %d: %+v, want %+v", n, got[1], want)
		}
	}
}
