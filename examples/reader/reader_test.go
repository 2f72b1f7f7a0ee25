package reader

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/prop"

	"github.com/wsfsm/wsfsm/conformance/model"
	"github.com/wsfsm/wsfsm/fuzz"
	"github.com/wsfsm/wsfsm/states"
)

// streamOf returns the octets of operations as a client sends them.
func streamOf(ops []fuzz.Op) (stream []byte) {
	for _, op := range ops {
		stream = append(stream, op.Input(states.Server, "")...)
	}
	return stream
}

// received has a reader take a stream in pieces of sizes, again and again, and lists
// what it makes of it.
func received(wrap func(*Reader), stream []byte, sizes []int) (all []string) {
	note := func(kind string) func(string) {
		return func(data string) { all = append(all, fmt.Sprintf("%s %q", kind, data)) }
	}
	r := &Reader{Text: note("text"), Binary: note("binary"), Ping: note("ping"), Pong: note("pong")}
	r.Close = func(code uint16, reason string) { note(fmt.Sprintf("close %d", code))(reason) }
	if wrap != nil {
		wrap(r)
	}
	for i := 0; len(stream) > 0; i++ {
		n := len(stream)
		if len(sizes) > 0 {
			n = min(n, sizes[i%len(sizes)])
		}
		_, err := r.Write(stream[:n])
		var broken ErrProtocol
		if errors.As(err, &broken) {
			return append(all, fmt.Sprintf("failed %d", broken.Code))
		}
		stream = stream[n:]
	}
	return all
}

// modelled is what the independent model makes of a stream, up to the rule that is
// broken, if one is, or to a frame that has not come to its end.
func modelled(stream []byte) (all []string, broken bool) {
	d := model.New("rfc6455", model.Server).Decode(stream)
	for _, o := range d.Outcomes {
		kind := string(o.Kind)
		if o.Kind == model.KindClose {
			kind = fmt.Sprintf("close %d", o.Code)
		}
		all = append(all, fmt.Sprintf("%s %q", kind, o.Data))
	}
	return all, d.Violation != "" || d.InFrame
}

// compare says in what reader and model differ. The model fails with the octet that
// breaks a rule; this reader, as it may, when the frame or the message is there, so
// that control frames inside a message come before that. A continuation that has no
// message it refuses before its length, the model behind it.
func compare(wrap func(*Reader), stream []byte, sizes []int) string {
	got := received(wrap, stream, sizes)
	want, broken := modelled(stream)
	same := min(len(want), len(got))
	agree, rest := slices.Equal(got[:same], want), got[same:]
	isMessage := func(s string) bool { return strings.HasPrefix(s, "text") || strings.HasPrefix(s, "binary") }
	if agree && (len(rest) == 0 || broken && !slices.ContainsFunc(rest, isMessage)) {
		return ""
	}
	return fmt.Sprintf("%.300q\nthe model, which stops inside a frame or at a rule that is broken (%v): %.300q", got, broken, want)
}

// asModelled: whatever comes, and however it is cut, reader and model agree.
func asModelled(wrap func(*Reader)) gopter.Prop {
	return prop.ForAll(func(ops []fuzz.Op, sizes []int) string {
		return compare(wrap, streamOf(ops), sizes)
	}, fuzz.Streams(), fuzz.Chunks())
}

func TestReader(t *testing.T) {
	params := gopter.DefaultTestParametersWithSeed(6455)
	params.MinSuccessfulTests, params.MaxSize = 3000, 30
	if r := asModelled(nil).Check(params); !r.Passed() {
		t.Errorf("%v %v\n%v", r.Labels, r.Error, r.Args)
	}
	fault := func(r *Reader) { pong := r.Pong; r.Ping = func(p string) { pong(p) } }
	if r := asModelled(fault).Check(params); r.Passed() {
		t.Error("a ping that is taken for a pong is not found")
	}
}

// FuzzReader has a fuzzing engine look for streams: programs of package fuzz, whose
// seeds serve here, too.
func FuzzReader(f *testing.F) {
	for _, ops := range [][]fuzz.Op{
		{{Kind: fuzz.OpFrame, Type: fuzz.FrameText, Octet: fuzz.Plain("é")}},
		{{Kind: fuzz.OpFrame, Type: fuzz.FrameBinary, More: true, Octet: fuzz.Plain("a")}, {Kind: fuzz.OpFrame, Type: fuzz.FramePing}, {Kind: fuzz.OpFrame, Type: fuzz.FrameContinuation}},
		{{Kind: fuzz.OpBroken, Type: fuzz.FrameClose, Octet: fuzz.Plain("\x03\xE8"), Defect: fuzz.DefectText}},
	} {
		f.Add(fuzz.Encode(fuzz.Program{Ops: ops}))
	}
	f.Fuzz(func(t *testing.T, octets []byte) {
		if p, ok := fuzz.Decode(octets); ok {
			if what := compare(nil, streamOf(p.Ops), []int{1 + p.Options.Cut}); what != "" {
				t.Errorf("%s\n%v", what, p)
			}
		}
	})
}
