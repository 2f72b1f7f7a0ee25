package conformance_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/wsfsm/wsfsm/conformance/model"
)

// TestModel holds drivers of all versions, in both roles, fused and octet-wise, to the
// independent model: the same events, violation, close code, and octets eaten up to
// it, for any frames, some of them broken, as a whole, in octets, cut at random, and
// the short ones cut at each place. Other tests do so more closely: step by step in
// every sequence of a few representatives (conformance/properties), for whole
// programs (fuzz), and for handshakes (TestAgreementOnRequests and its like).
func TestModel(t *testing.T) {
	t.Parallel()
	for i, version := range model.Versions() {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			for _, s := range sidesOf(t, version) {
				found := map[string]bool{}
				s.agrees(t, int64(i), func(v model.Violation) { found[string(v)] = true })
				if len(found) < 3 && !testing.Short() {
					t.Errorf("%s: the streams break %v only", s.name, found)
				}
				t.Logf("model and driver agree: %s, streams that break %d rules", s.name, len(found)-1)
			}
		})
	}
}

// agrees checks the property on one side.
func (s *side) agrees(t *testing.T, seed int64, found func(model.Violation)) {
	p := gopter.DefaultTestParametersWithSeed(20110612 + seed)
	p.MinSuccessfulTests, p.MaxSize = 500, 6
	if testing.Short() {
		p.MinSuccessfulTests = 40
	}
	limits := gen.OneConstOf(uint64(1), uint64(5), uint64(10), uint64(130), uint64(1000), uint64(pairLimit))
	r := prop.ForAll(func(limit uint64, frames []model.Frame, flip, end int, cuts int64) string {
		s.model.Limit = limit
		stream := s.peer().Encode(frames...)
		if n := len(stream); n > 0 && flip > 0 {
			stream[flip/8%n] ^= 1 << (flip % 8)
		}
		stream = stream[:len(stream)-min(end, len(stream))]
		found(s.model.Decode(stream).Violation)
		return s.compareCuts(t, rand.New(rand.NewPCG(uint64(cuts), 0)), stream)
	}, limits, s.frames(), seldom(8*400), seldom(100), gen.Int64()).Check(p)
	if !r.Passed() {
		t.Errorf("%s: %v after %d: %v\n%v", s.name, r.Status, r.Succeeded, r.Labels, r.Args)
	}
}

// seldom generates numbers below a bound that mostly are zero.
func seldom(bound int) gopter.Gen {
	return gen.Weighted([]gen.WeightedGen{{Weight: 6, Gen: gen.Const(0)}, {Weight: 1, Gen: gen.IntRange(1, bound)}})
}

// frames generates up to some frames that mostly follow the rules; half of the
// streams have something wrong in them. They shrink to fewer, with less in them.
func (s *side) frames() gopter.Gen {
	return func(p *gopter.GenParameters) *gopter.GenResult {
		random := rand.New(rand.NewPCG(p.Rng.Uint64(), 0))
		var frames []model.Frame
		begun, faults := false, random.IntN(2) == 0
		for range 1 + random.IntN(max(p.MaxSize, 1)) {
			var f model.Frame
			f, begun = s.randomFrame(random, begun)
			if faults && random.IntN(4) == 0 {
				s.breakFrame(random, &f)
			}
			frames = append(frames, f)
		}
		return gopter.NewGenResult(frames, gen.SliceShrinker(func(v any) gopter.Shrink {
			f := v.(model.Frame)
			return gen.StringShrinker(f.Payload).Map(func(payload string) model.Frame {
				shorter := f
				shorter.Payload = payload
				return shorter
			})
		}))
	}
}

// compareCuts compares driver and model on a stream cut in several ways, and says how
// they differ; "" if they do not.
func (s *side) compareCuts(t *testing.T, random *rand.Rand, stream []byte) (differ string) {
	want := s.modelled(stream)
	check := func(how string, parts ...[]byte) {
		if differ != "" {
			return
		}
		if got := s.driven(t, parts...); got != want {
			differ = fmt.Sprintf("limit %d, %s: %x:\ndriver %v\nmodel %v", s.model.Limit, how, stream, got, want)
		}
	}
	check("as a whole", stream)
	check("in octets", slices.Collect(slices.Chunk(stream, 1))...)
	var parts [][]byte
	for rest := stream; len(rest) > 0; {
		n := min(1+random.IntN(12), len(rest))
		parts, rest = append(parts, rest[:n]), rest[n:]
	}
	check("cut at random", parts...)
	for at := 1; at < len(stream) && len(stream) <= 48; at++ {
		check("cut in two", stream[:at], stream[at:])
	}
	return differ
}

// TestModelFindsAFault plants a fault in the model's place: a limit that is one less.
// What it is found on is shrunk.
func TestModelFindsAFault(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"hixie-76", "hybi-04", "rfc6455"} {
		for _, s := range sidesOf(t, version) {
			p := gopter.DefaultTestParametersWithSeed(1)
			p.MinSuccessfulTests, p.MaxSize = 2000, 6
			r := prop.ForAll(func(frames []model.Frame) bool {
				s.model.Limit = 5
				stream := s.peer().Encode(frames...)
				got := s.driven(t, stream)
				s.model.Limit--
				return got == s.modelled(stream)
			}, s.frames()).Check(p)
			if len(r.Args) == 0 || len(r.Args[0].Arg.([]model.Frame)) != 1 {
				t.Errorf("%s: %v after %d on %v %v", s.name, r.Status, r.Succeeded, r.Args, r.Error)
			}
		}
	}
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
