package conformance_test

import (
	"math/rand/v2"
	"testing"

	"github.com/wsfsm/wsfsm/conformance/model"
)

// TestAgreementOnRandomStreams compares driver and model on random streams of
// every version, in both roles, fused and octet-wise: as a whole, in octets, cut
// at random, and the short ones cut at each place.
func TestAgreementOnRandomStreams(t *testing.T) {
	t.Parallel()
	runs := 500
	if testing.Short() {
		runs = 40
	}
	for i, version := range model.Versions() {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(20110612, uint64(i)))
			for _, s := range sidesOf(t, version) {
				found := map[string]bool{}
				for range runs {
					s.model.Limit = []uint64{1, 5, 10, 130, 1000, pairLimit}[random.IntN(6)]
					stream := s.randomStream(random)
					s.compareCuts(t, random, stream)
					found[string(s.model.Decode(stream).Violation)] = true
					if t.Failed() {
						return
					}
				}
				if len(found) < 3 && !testing.Short() {
					t.Errorf("%s: the streams break %v only", s.name, found)
				}
			}
		})
	}
}

// compareCuts compares driver and model on a stream cut in several ways.
func (s *side) compareCuts(t *testing.T, random *rand.Rand, stream []byte) {
	want := s.modelled(stream)
	check := func(how string, parts ...[]byte) {
		if got := s.driven(t, parts...); got != want && !t.Failed() {
			t.Errorf("%s, limit %d, %s: %x:\ndriver %v\nmodel %v", s.name, s.model.Limit, how, stream, got, want)
		}
	}
	check("as a whole", stream)
	var octets, parts [][]byte
	for i := range stream {
		octets = append(octets, stream[i:i+1])
	}
	check("in octets", octets...)
	for rest := stream; len(rest) > 0; {
		n := min(1+random.IntN(12), len(rest))
		parts, rest = append(parts, rest[:n]), rest[n:]
	}
	check("cut at random", parts...)
	for at := 1; at < len(stream) && len(stream) <= 48; at++ {
		check("cut in two", stream[:at], stream[at:])
	}
}

// randomStream makes a few frames that mostly follow the rules; half of the
// streams have something wrong in them.
func (s *side) randomStream(random *rand.Rand) (stream []byte) {
	begun := false
	faults := random.IntN(2) == 0
	for range 1 + random.IntN(6) {
		var f model.Frame
		f, begun = s.randomFrame(random, begun)
		if faults && random.IntN(4) == 0 {
			s.breakFrame(random, &f)
		}
		octets := s.peer().Encode(f)
		if faults && random.IntN(8) == 0 {
			octets[random.IntN(len(octets))] ^= 1 << random.IntN(8)
		}
		stream = append(stream, octets...)
	}
	if random.IntN(4) == 0 {
		stream = stream[:random.IntN(len(stream)+1)]
	}
	return stream
}

// randomFrame makes a frame of the peer. begun says that a message goes on.
func (s *side) randomFrame(random *rand.Rand, begun bool) (f model.Frame, goesOn bool) {
	f = model.Frame{Fin: true, Payload: randomText(random)}
	if s.isMasked() {
		f = f.WithKey([4]byte{byte(random.Uint32()), byte(random.Uint32()), 0, byte(random.Uint32())})
	}
	if s.isSentinel() {
		f.Opcode = []byte{0, 0, 0, 0, 1, 0x7F, 0x80, 0xFE, 0xFF}[random.IntN(9)]
		f.Padding = max(random.IntN(6)-3, 0)
		if f.Opcode == 0xFF && random.IntN(3) == 0 {
			f.Payload = ""
		}
		return f, false
	}
	kinds := []model.Kind{model.KindText, model.KindText, model.KindText, model.KindBinary, model.KindPing, model.KindPong, model.KindClose}
	kind := kinds[random.IntN(len(kinds)-random.IntN(2))]
	switch kind {
	case model.KindClose:
		f.Payload = s.randomCloseBody(random)
	case model.KindText, model.KindBinary:
		f.Fin = random.IntN(3) > 0
		if begun {
			kind = model.KindContinuation
		}
		begun = !f.Fin
	}
	f.Opcode = s.model.Opcode(kind)
	return f, begun
}

// isSentinel reports whether frames are those of 75 and 76.
func (s *side) isSentinel() bool {
	return s.model.Version == "hixie-75" || s.model.Version == "hixie-76"
}

// isMasked reports whether the peer masks its frames.
func (s *side) isMasked() bool {
	return s.model.Role == model.Server && s.model.Version >= "hybi-04"
}

// randomText makes a payload: characters of all lengths, and now and then octets
// that make none.
func randomText(random *rand.Rand) (text string) {
	parts := []string{"a", "b", "é", "€", "😀", "\u07ff", "\uffff"}
	bad := []string{"\x80", "\xC0\x80", "\xE2\x82", "\xF0\x9F", "\xF0\x9F\x98", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFE", "\xC3"}
	for range random.IntN(9) {
		if random.IntN(12) == 0 {
			text += bad[random.IntN(len(bad))]
			continue
		}
		text += parts[random.IntN(len(parts))]
	}
	if random.IntN(16) == 0 {
		text += string(make([]byte, 120+random.IntN(12)))
	}
	return text
}

// randomCloseBody makes a close body, mostly one of the version.
func (s *side) randomCloseBody(random *rand.Rand) string {
	bodies := []string{"", "C", "S", "Cx", "X", "\x03", "\x03\xE8", "\x03\xE9bye", "\x03\xEC", "\x03\xEF", "\x03\xF0", "\x03\xF3", "\x0B\xB8\xE2\x82\xAC", "\x03\xE8\xFF", "\x13\x88", "\x00\x00"}
	return bodies[random.IntN(len(bodies))]
}

// breakFrame breaks a rule, or a rule of some versions.
func (s *side) breakFrame(random *rand.Rand, f *model.Frame) {
	switch random.IntN(9) {
	case 0:
		f.RSV = 1 << random.IntN(4)
	case 1:
		f.Opcode = byte(random.IntN(256))
	case 2:
		f.Fin = !f.Fin
	case 3:
		f.Width = model.Width16
	case 4:
		f.Width = model.Width64
	case 5:
		f.Missing = 1 << 63
	case 6:
		f.Missing = 1 << random.IntN(20)
	case 7:
		f.Masked = !f.Masked
	case 8:
		f.Padding = random.IntN(12)
	}
}
