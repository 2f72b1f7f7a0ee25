package model

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// rule is what one version says, written out version by version.
type rule struct {
	version  string
	wire     string
	badText  string // replaced or fails
	codes    string // beside 1000-1003 and 3000-4999; "none" if there are no codes
	tooBig   uint16
	padded   bool // lengths that are not minimal are allowed
	position draft
}

var rules = []rule{
	{"hixie-75", "", "replaced", "none", 0, true, -1},
	{"hixie-76", "", "replaced", "none", 0, true, 0},
	{"hybi-01", "", "replaced", "none", 0, true, 1},
	{"hybi-02", "2", "replaced", "none", 0, true, 2},
	{"hybi-03", "2", "replaced", "none", 0, true, 3},
	{"hybi-04", "4", "replaced", "none", 0, true, 4},
	{"hybi-05", "5", "replaced", "none", 0, true, 5},
	{"hybi-06", "6", "replaced", "1004", 1004, true, 6},
	{"hybi-07", "7", "replaced", "1004", 1004, true, 7},
	{"hybi-08", "8", "replaced", "1004", 1004, true, 8},
	{"hybi-09", "8", "replaced", "1004", 1004, true, 9},
	{"hybi-10", "8", "fails", "1004 1007", 1004, true, 10},
	{"hybi-11", "8", "fails", "1004 1007", 1004, true, 11},
	{"hybi-12", "8", "fails", "1004 1007", 1004, true, 12},
	{"hybi-13", "13", "fails", "1007 1008 1009 1010", 1009, true, 13},
	{"hybi-14", "13", "fails", "1007 1008 1009 1010", 1009, false, 14},
	{"hybi-15", "13", "fails", "1007 1008 1009 1010", 1009, false, 15},
	{"hybi-16", "13", "fails", "1007 1008 1009 1010", 1009, false, 16},
	{"hybi-17", "13", "fails", "1007 1008 1009 1010", 1009, false, 17},
	{"rfc6455", "13", "fails", "1007 1008 1009 1010 1011 1012 1013 1014", 1009, false, 18},
}

func TestVersions(t *testing.T) {
	var names []string
	for _, r := range rules {
		names = append(names, r.version)
		p := New(r.version, Server)
		if p.draft() != r.position || p.WireVersion() != r.wire {
			t.Errorf("%s: place %d, on the wire %q", r.version, p.draft(), p.WireVersion())
		}
		if p.Limit != 67_108_863 || p.Role != Server || p.Version != r.version {
			t.Errorf("New: %+v", p)
		}
	}
	if !slices.Equal(names, Versions()) || len(names) != 20 {
		t.Errorf("versions %v", Versions())
	}
}

// everyRule runs check for each version and role.
func everyRule(t *testing.T, check func(t *testing.T, r rule, p Params)) {
	for _, r := range rules {
		for _, role := range []Role{Server, Client} {
			t.Run(r.version+"/"+string(role), func(t *testing.T) { check(t, r, side(r.version, role)) })
		}
	}
}

// fromPeer returns frames as the peer of p sends them.
func fromPeer(p Params, frames ...Frame) []byte {
	out := slices.Clone(frames)
	for i := range out {
		if p.Role == Server && p.draft() >= 4 {
			out[i] = out[i].WithKey(exampleKey)
		}
	}
	return p.Encode(out...)
}

func TestBadText(t *testing.T) {
	everyRule(t, func(t *testing.T, r rule, p Params) {
		d := p.Decode(fromPeer(p, p.MessageFrames(KindText, "a\xc3(b\xe2\x82")...))
		if r.badText == "replaced" {
			if len(d.Outcomes) != 1 || d.Outcomes[0].Data != "a\ufffd(b\ufffd" {
				t.Errorf("%+v", d)
			}
		} else if d.Violation != InvalidText || len(d.Outcomes) != 0 {
			t.Errorf("%+v", d)
		}
	})
}

func TestDraftCloseCodes(t *testing.T) {
	everyRule(t, func(t *testing.T, r rule, p Params) {
		for code := range 65536 {
			want := code >= 1000 && code <= 1003 || code >= 3000 && code <= 4999
			if code >= 1004 && code <= 1015 {
				text := string([]byte{'1', '0', '0' + byte(code/10%10), '0' + byte(code%10)})
				want = slices.Contains(strings.Fields(r.codes), text)
			}
			if got := p.CloseCodeAllowed(uint16(code)); got != (want && r.codes != "none") {
				t.Fatalf("%d: %t", code, got)
			}
			if r.codes == "none" || code%7 != 0 && (code < 990 || code > 1020) {
				continue
			}
			body := string([]byte{byte(code >> 8), byte(code)})
			d := p.Decode(fromPeer(p, Frame{Fin: true, Opcode: p.Opcode(KindClose), Payload: body}))
			if want && (len(d.Outcomes) != 1 || d.Outcomes[0].Code != uint16(code)) || !want && d.Violation != CloseCode {
				t.Fatalf("%d: %+v", code, d)
			}
			if now := p.Run([]Step{{Kind: StepClose, Code: uint16(code)}})[0]; now.Refused == want && code != 0 {
				t.Fatalf("%d is refused: %t", code, now.Refused)
			}
		}
	})
}

func TestCloseCodeOfViolations(t *testing.T) {
	everyRule(t, func(t *testing.T, r rule, p Params) {
		for _, v := range append(allViolations, CloseLetter, "") {
			want := uint16(1002)
			switch v {
			case TooLong:
				want = r.tooBig
			case InvalidText, CloseReason:
				want = 1007
			}
			if r.codes == "none" || v == "" {
				want = 0
			}
			if got := p.CloseCode(v); got != want {
				t.Errorf("%s: %d, want %d", v, got, want)
			}
		}
	})
}

func TestLengthForms(t *testing.T) {
	everyRule(t, func(t *testing.T, r rule, p Params) {
		if p.draft() <= 0 {
			return // TestSentinelStreams
		}
		for _, f := range []Frame{
			{Payload: xs(3), Width: Width16}, {Payload: xs(3), Width: Width64}, {Payload: xs(200), Width: Width64},
			{Payload: xs(125), Width: Width16}, {Payload: xs(65535), Width: Width64},
		} {
			f.Fin, f.Opcode = true, p.Opcode(KindText)
			d := p.Decode(fromPeer(p, f))
			if r.padded && (len(d.Outcomes) != 1 || d.Outcomes[0].Data != f.Payload) {
				t.Errorf("%d bytes, width %d: %+v", len(f.Payload), f.Width, d)
			}
			if !r.padded && d.Violation != NotMinimal {
				t.Errorf("%d bytes, width %d: %+v", len(f.Payload), f.Width, d)
			}
		}
		// Control frames have the short form in all versions.
		ping := Frame{Fin: true, Opcode: p.Opcode(KindPing), Payload: "p", Width: Width16}
		if d := p.Decode(fromPeer(p, ping)); d.Violation != LongControl {
			t.Errorf("ping: %+v", d)
		}
		ping = Frame{Fin: true, Opcode: p.Opcode(KindPing), Payload: xs(125)}
		if d := p.Decode(fromPeer(p, ping)); len(d.Outcomes) != 1 {
			t.Errorf("ping of 125: %+v", d)
		}
		top := Frame{Fin: true, Opcode: p.Opcode(KindBinary), Missing: 1 << 63}
		if d := p.Decode(fromPeer(p, top)); d.Violation != Overflow {
			t.Errorf("top bit: %+v", d)
		}
	})
}

// Every pair of first octets in every version with opcodes, under the mask that
// the version has. For hybi-01 to -06 the counts are those of RFC 6455, but for
// the mask bit, which is a reserved bit there.
func TestFirstOctetsOfDrafts(t *testing.T) {
	everyRule(t, func(t *testing.T, r rule, p Params) {
		if p.draft() < 1 {
			return
		}
		p.Limit = 125
		want := map[Violation]int{ReservedBits: 224 * 256, ReservedOpcode: 20 * 256, SplitControl: 3 * 256,
			LongControl: 3 * 2, StrayContinuation: 2 * 126, "": 3*126 + 4*126 + 6*2}
		switch {
		case p.draft() <= 6:
			want[ReservedBits] += 9 * 128
		case p.Role == Server:
			want[MaskMissing] = 9 * 128
		default:
			want[MaskUnexpected] = 9 * 128
		}
		if p.draft() == 5 {
			want[CloseLetter], want[""] = 1, want[""]-1 // an empty close
		}
		front := 0
		if p.Role == Server && p.draft() >= 4 && p.draft() <= 6 {
			front = 4
		}
		got := make(map[Violation]int)
		for pair := range 65536 {
			octets := []byte{byte(pair >> 8), byte(pair)}
			if front == 4 {
				octets = append(slices.Clone(k), xor(octets, p.prefixKey(k), 0)...)
			}
			d := p.Decode(octets)
			got[d.Violation]++
			at := front + 2
			if d.Violation == ReservedOpcode || d.Violation == SplitControl || pair>>8&0x70 != 0 {
				at = front + 1
			}
			if d.Violation != "" && (d.Consumed != at || d.InFrame) {
				t.Fatalf("% x: %+v", octets, d)
			}
		}
		for v, n := range want {
			if got[v] != n {
				t.Errorf("%q %d times, want %d", v, got[v], n)
			}
		}
		if len(got) != len(want) {
			t.Errorf("got %v", got)
		}
	})
}

// Random messages, control frames and closes of every version come out as they
// went in, and octets split and encoded are what they were.
func TestRoundTrips(t *testing.T) {
	random := rand.New(rand.NewPCG(21, 22))
	everyRule(t, func(t *testing.T, r rule, p Params) {
		for range 60 {
			frames, want := randomTraffic(random, p)
			octets := fromPeer(p, frames...)
			d := p.Decode(octets)
			if got := withoutEnds(d.Outcomes); !slices.Equal(got, want) || d.Violation != "" {
				t.Fatalf("got %+v, want %+v", d, want)
			}
			peer := p
			peer.Role = peerOf(p.Role)
			cut := random.IntN(len(octets) + 1)
			for _, part := range [][]byte{octets, octets[:cut]} {
				split, rest := peer.SplitFrames(part)
				if got := append(peer.Encode(split...), rest...); !slices.Equal(got, part) {
					t.Fatalf("% x became % x", part, got)
				}
			}
		}
	})
}

// randomTraffic returns frames of p's version and what they say.
func randomTraffic(random *rand.Rand, p Params) (frames []Frame, want []Outcome) {
	for range random.IntN(5) {
		payload := strings.Repeat("\u00e4\u20ac\U0001f600z", random.IntN(40))
		if p.draft() < 1 {
			frames = append(frames, Frame{Fin: true, Opcode: byte(1 + random.IntN(254)), Payload: xs(random.IntN(300))})
			frames = append(frames, p.MessageFrames(KindText, payload)...)
			want = append(want, Outcome{Kind: KindText, Data: payload})
			continue
		}
		kind := KindText
		if random.IntN(2) == 0 {
			kind, payload = KindBinary, payload+"\xff"
		}
		for i, f := range p.MessageFrames(kind, payload, random.IntN(9), random.IntN(9), random.IntN(400)) {
			if i > 0 && random.IntN(2) == 0 {
				frames = append(frames, Frame{Fin: true, Opcode: p.Opcode(KindPing), Payload: "p"})
				want = append(want, Outcome{Kind: KindPing, Data: "p"})
			}
			frames = append(frames, f)
		}
		want = append(want, Outcome{Kind: kind, Data: payload})
	}
	if p.draft() > hixie75 {
		frames = append(frames, p.CloseFrame(1005, ""))
		want = append(want, Outcome{Kind: KindClose, Code: 1005})
	}
	return frames, want
}
