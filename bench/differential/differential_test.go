package differential

import (
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/leanovate/gopter"

	"github.com/wsfsm/wsfsm/bench/wire"
	"github.com/wsfsm/wsfsm/fuzz"
)

// FuzzServer compares servers, FuzzClient clients, on the input of programs.
func FuzzServer(f *testing.F) { compare(f, wire.Server, "FuzzServerStream") }

// FuzzClient compares clients.
func FuzzClient(f *testing.F) { compare(f, wire.Client, "FuzzClientStream") }

func compare(f *testing.F, role wire.Role, seeds string) {
	for _, octets := range seedsOf(f, seeds) {
		f.Add(octets)
	}
	f.Fuzz(func(t *testing.T, octets []byte) {
		if p, ok := fuzz.Decode(octets); ok {
			for _, d := range unexpected(Compare(p, role)) {
				t.Errorf("%v\n%v", d, p)
			}
		}
	})
}

// seedsOf returns the seeds of a target of package fuzz that are about frames.
func seedsOf(t testing.TB, target string) (seeds [][]byte) {
	t.Helper()
	for _, prefix := range []string{"model", "defect", "random"} {
		files, err := filepath.Glob(filepath.Join("../../fuzz/testdata/fuzz", target, prefix+"-*"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no seeds of %s: %v", target, err)
		}
		for _, name := range files {
			content, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			_, value, _ := strings.Cut(strings.TrimSpace(string(content)), "\n")
			octets, err := strconv.Unquote(strings.TrimSuffix(strings.TrimPrefix(value, "[]byte("), ")"))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			seeds = append(seeds, []byte(octets))
		}
	}
	return seeds
}

// unexpected returns the differences that are not allowed.
func unexpected(all []Difference) (rest []Difference) {
	for _, d := range all {
		if !slices.ContainsFunc(Allowed(), func(a Departure) bool { return a.allows(d) }) {
			rest = append(rest, d)
		}
	}
	return rest
}

// TestDifferences compares on the seeds and on many streams of the generator. Each
// difference must be allowed, and each one that is allowed must be there.
func TestDifferences(t *testing.T) {
	hits := make([]int, len(Allowed()))
	for role, p := range programs(t) {
		all := Compare(p, role)
		for _, d := range unexpected(all) {
			t.Fatalf("%v\n%v", d, p)
		}
		for _, d := range all {
			for j, a := range Allowed() {
				if a.allows(d) {
					hits[j]++
				}
			}
		}
	}
	if n := len(Allowed()); n > 20 {
		t.Errorf("%d differences are allowed, more than 20", n)
	}
	for i, a := range Allowed() {
		t.Logf("%6d %s %s (RFC 6455 %s, right: %s)", hits[i], a.Library, a.What, a.Rule, a.Right)
		if hits[i] == 0 {
			t.Errorf("%s %q is allowed and never seen", a.Library, a.What)
		}
	}
}

// TestDifferencesAreFound changes outcomes in all that is compared.
func TestDifferencesAreFound(t *testing.T) {
	base := Outcome{Messages: []string{"a", "b"}, Pongs: []string{"p"}, Close: "1000", End: Closed, Received: "1000"}
	failed := Outcome{Messages: []string{"a"}, Pongs: []string{"p"}, Close: "1002", End: Failed, Why: "rule"}
	for _, c := range []struct {
		ours, theirs Outcome
		change       func(o *Outcome) // of theirs
		want         string
	}{
		{base, base, func(*Outcome) {}, ""},
		{base, base, func(o *Outcome) { o.Messages = []string{"a"} }, "other"},
		{base, base, func(o *Outcome) { o.Messages = []string{"a", "c"} }, "other"},
		{base, base, func(o *Outcome) { o.Pongs = nil }, "other"},
		{base, base, func(o *Outcome) { o.Close = "1001" }, "answers closed with 1001 in place of 1000"},
		{base, base, func(o *Outcome) { o.Close = "24929" }, "answers closed with any code in place of 1000"},
		{base, base, func(o *Outcome) { o.Received = "1001" }, "closed 1001, not closed 1000"},
		{base, base, func(o *Outcome) { o.End = Ended }, "ended 1000, not closed 1000"},
		{base, failed, func(o *Outcome) { o.Why = "no 1014" }, "refuses: no #"},
		{Outcome{End: Ended}, Outcome{End: Failed, Why: "at once"}, func(*Outcome) {}, "is before this library: at once"},
		{failed, failed, func(*Outcome) {}, ""},
		{failed, failed, func(o *Outcome) { o.Why = "in other words" }, ""},
		{failed, failed, func(o *Outcome) { o.Close = "none" }, "sends no close frame behind rule"},
		{failed, failed, func(o *Outcome) { o.End, o.Close = Ended, "none" }, "waits for more behind rule"},
		{failed, base, func(*Outcome) {}, "takes rule"},
		{Outcome{End: Ended}, Outcome{End: Failed}, func(o *Outcome) { o.Messages = []string{"a"} }, "delivers the beginning of a message"},
		{Outcome{End: Ended}, Outcome{End: Ended}, func(o *Outcome) { o.Pongs = []string{"p"} }, "answers the beginning of a ping"},
	} {
		c.change(&c.theirs)
		if got := differ(c.ours, c.theirs); got != c.want {
			t.Errorf("%+v\nand %+v: %q, not %q", c.ours, c.theirs, got, c.want)
		}
	}
	if d := unexpected([]Difference{{Library: "gorilla", What: "takes invalid-text"}, {Library: "gobwas", What: "takes close-short"}}); len(d) != 1 || d[0].Library != "gobwas" {
		t.Errorf("unexpected are %v", d)
	}
}

// programs yields the programs of the seeds, those of rare, and generated ones.
func programs(t *testing.T) iter.Seq2[wire.Role, fuzz.Program] {
	runs := 2500
	if testing.Short() {
		runs = 400
	}
	seeds := map[wire.Role][][]byte{wire.Server: seedsOf(t, "FuzzServerStream"), wire.Client: seedsOf(t, "FuzzClientStream")}
	return func(yield func(wire.Role, fuzz.Program) bool) {
		for _, role := range []wire.Role{wire.Server, wire.Client} {
			for _, octets := range seeds[role] {
				if p, ok := fuzz.Decode(octets); ok && !yield(role, p) {
					return
				}
			}
			for _, ops := range rare() {
				if !yield(role, fuzz.Program{Ops: ops}) {
					return
				}
			}
			for i := range runs {
				params := gopter.DefaultGenParameters().CloneWithSeed(int64(i))
				params.MaxSize = 4 + i%30
				ops, _ := fuzz.Streams()(params).Retrieve()
				if !yield(role, fuzz.Program{Ops: ops.([]fuzz.Op), Options: fuzz.Options{Cut: i % 2 * 5000}}) {
					return
				}
			}
		}
	}
}

// rare are streams that the generator seldom makes: a control frame that is cut inside a
// message, close codes that came behind RFC 6455, a length that is cut.
func rare() [][]fuzz.Op {
	begun := fuzz.Op{Kind: fuzz.OpFrame, Type: fuzz.FrameText, More: true, Octet: fuzz.Plain("a")}
	return [][]fuzz.Op{
		{begun, {Kind: fuzz.OpBroken, Type: fuzz.FramePing, Octet: fuzz.Plain("ping"), Defect: fuzz.DefectShort}},
		{begun, {Kind: fuzz.OpLiteral, Octet: fuzz.Plain("\x88\x860000")}},
		{{Kind: fuzz.OpFrame, Type: fuzz.FrameClose, Octet: fuzz.Plain("\x03\xF4")}},
		{{Kind: fuzz.OpFrame, Type: fuzz.FrameClose, Octet: fuzz.Plain("\x03\xF6")}},
		{{Kind: fuzz.OpLiteral, Octet: fuzz.Plain("\x00\xFF\x00")}},
		{{Kind: fuzz.OpLiteral, Octet: fuzz.Plain("\x00\x7F\x00")}},
	}
}
