package conformance_test

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance/model"
)

// generations are versions of which each frames or judges frames in a way of its
// own, beside RFC 6455.
var generations = []string{"hixie-75", "hixie-76", "hybi-01", "hybi-04", "hybi-06", "hybi-07"}

// TestGenerationsOnAllPairsOfOctets compares driver and model on all first two
// octets of a frame, in both roles, fused and octet-wise; and on what may follow
// them in each state between frames.
func TestGenerationsOnAllPairsOfOctets(t *testing.T) {
	t.Parallel()
	for _, version := range generations {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			for _, s := range sidesOf(t, version) {
				s.allPairs(t)
			}
		})
	}
}

func (s *side) allPairs(t *testing.T) {
	step := 1
	if testing.Short() {
		step = 23
	}
	for pair := 0; pair < 1<<16; pair += step {
		head := []byte{byte(pair >> 8), byte(pair)}
		if s.observed && head[1]%16 > 0 && s.model.Decode(s.behind("", head[:1], nil)).Violation != "" {
			continue // the first octet alone fails, which the unobserved driver has shown with each second one
		}
		s.compare(t, s.behind("", head, nil))
		if s.model.Decode(s.behind("", head, nil)).Violation == "" {
			s.followed(t, head)
		}
		if t.Failed() {
			return
		}
	}
}

// followed compares what may follow two octets that break no rule by themselves,
// in each state between frames.
func (s *side) followed(t *testing.T, head []byte) {
	for _, kind := range []model.Kind{"", model.KindText, model.KindBinary} {
		if kind != "" && s.isSentinel() {
			return // no fragments
		}
		for _, rest := range s.rests(head) {
			s.compare(t, s.behind(kind, head, rest))
		}
	}
}

// behind returns octets of a frame, behind a first fragment of that kind, masked
// as a whole where the version wants it.
func (s *side) behind(kind model.Kind, head, rest []byte) []byte {
	var stream []byte
	if kind != "" {
		stream = s.frame(model.Frame{Opcode: s.model.Opcode(kind), Payload: "é"})
	}
	return append(stream, s.prefixed(append(append([]byte(nil), head...), rest...))...)
}

// prefixed puts the octets of a frame behind a key that masks them, where a
// client does so (hybi-04 to hybi-06).
func (s *side) prefixed(octets []byte) []byte {
	v := s.model.Version
	if s.model.Role != model.Server || v != "hybi-04" && v != "hybi-05" && v != "hybi-06" {
		return octets
	}
	if s.mask == nil { // what a frame of zeros becomes shows it
		zeros := model.Frame{Payload: string(make([]byte, 1<<10))}
		plain, masked := s.peer().Encode(zeros), s.peer().Encode(zeros.WithKey([4]byte{1, 2, 3, 4}))
		for i := range plain {
			s.mask = append(s.mask, plain[i]^masked[4+i])
		}
	}
	out := []byte{1, 2, 3, 4}
	for i, b := range octets {
		out = append(out, b^s.mask[i])
	}
	return out
}

// rests are what may follow the first two octets of a frame: the extended
// length, also one that is not in its shortest form or overflows, a key and a
// payload of ASCII, as far as they announce them; in 75 and 76 also a payload
// with an end mark.
func (s *side) rests(head []byte) (all [][]byte) {
	if s.model.Version == "hixie-75" || s.model.Version == "hixie-76" {
		return [][]byte{[]byte("a\xFF\x00b\xFF"), []byte("\x80\x00\xFF\x00b\xFF"), []byte(strings.Repeat("\xFF", 12)), []byte(strings.Repeat("a", 200) + "\xFF\x00b\xFF")}
	}
	lengths := []uint64{uint64(head[1] & 0x7F)}
	switch head[1] & 0x7F {
	case 126:
		lengths = []uint64{0, 125, 126, 256}
	case 127:
		lengths = []uint64{0, 126, 65535, 1 << 63, 1<<63 - 1, 70001}
	}
	for _, n := range lengths {
		var rest []byte
		switch head[1] & 0x7F {
		case 126:
			rest = binary.BigEndian.AppendUint16(rest, uint16(n))
		case 127:
			rest = binary.BigEndian.AppendUint64(rest, n)
		}
		if head[1]&0x80 != 0 {
			rest = append(rest, 0, 0, 0, 0)
		}
		all = append(all, append(rest, strings.Repeat("a", int(min(n, 300)))...))
	}
	return all
}

// TestCloseCodesOfEachVersion compares driver and model on all close codes, with
// and without a reason, received and sent.
func TestCloseCodesOfEachVersion(t *testing.T) {
	t.Parallel()
	step := 1
	if testing.Short() {
		step = 31
	}
	for _, version := range model.Versions() {
		if version == "rfc6455" {
			continue // TestAllCloseCodes
		}
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			for i, s := range sidesOf(t, version) {
				for code := i / 2; version >= "hybi-06" && code < 1<<16 && !t.Failed(); code += 2 * step {
					s.closeReceived(t, code)
				}
				s.closeSent(t)
			}
		})
	}
}

// closeReceived receives a close frame with a code.
func (s *side) closeReceived(t *testing.T, code int) {
	body := string([]byte{byte(code >> 8), byte(code)}) + "é"[:code/2%2*2]
	s.compare(t, s.frame(model.Frame{Fin: true, Opcode: s.model.Opcode(model.KindClose), Payload: body}))
}

// closeSent tries Close with each code on one driver as long as it is refused.
func (s *side) closeSent(t *testing.T) {
	d := s.open(t)
	for code := range 1 << 16 {
		err := d.Close(wsfsm.CloseCode(code), "")
		reaction := s.model.Run([]model.Step{{Kind: model.StepClose, Code: uint16(code)}})[0]
		if (err != nil) != reaction.Refused {
			t.Errorf("%s: Close(%d): %v, the model refuses it: %v", s.name, code, err, reaction.Refused)
			return
		}
		if err == nil {
			got, _ := s.model.SplitFrames(d.Output())
			if len(got) != len(reaction.Sent) || len(got) > 0 && got[0].Unmasked() != reaction.Sent[0] {
				t.Errorf("%s: Close(%d) sends %v, in the model %v", s.name, code, got, reaction.Sent)
			}
			d = s.open(t)
		}
	}
}
