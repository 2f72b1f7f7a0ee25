package lower

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm/gen/spec"
)

func set(t *testing.T, dir string) *spec.Set {
	t.Helper()
	s, err := spec.Load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// rfc6455 lowers the spec of RFC 6455.
func rfc6455(t *testing.T) (*spec.Vocabulary, *spec.Version, *Protocol) {
	t.Helper()
	s := set(t, "../../states")
	for _, ver := range s.Concrete() {
		if ver.Name == "rfc6455" {
			p, err := Lower(s.Vocabulary, ver)
			if err != nil {
				t.Fatal(err)
			}
			return s.Vocabulary, ver, p
		}
	}
	t.Fatal("there is no rfc6455")
	return nil, nil, nil
}

func (p *Protocol) machine(t *testing.T, name string) *Machine {
	t.Helper()
	for i := range p.Machines {
		if p.Machines[i].Name == name {
			return &p.Machines[i]
		}
	}
	t.Fatalf("there is no machine %s", name)
	return nil
}

// number is the number of a word in a list of the vocabulary.
func numberOf[W any](t *testing.T, list []W, word func(W) spec.Word, name string) uint8 {
	t.Helper()
	for _, w := range list {
		if word(w).Name == name {
			return uint8(word(w).Number)
		}
	}
	t.Fatalf("there is no word %s", name)
	return 0
}

func ofEvent(e spec.EventWord) spec.Word { return e.Word }
func ofWord(w spec.Word) spec.Word       { return w }

func TestConstants(t *testing.T) {
	_, _, p := rfc6455(t)
	if p.Name != "rfc6455" || p.Title != "RFC 6455" || p.WireVersion != 13 || p.TooBig != 1009 || p.CloseBody != 1 ||
		p.RecogniseHeader != "Sec-WebSocket-Version" || !slices.Equal(p.RecogniseValues, []string{"13"}) {
		t.Errorf("%+v", Protocol{Name: p.Name, Title: p.Title, WireVersion: p.WireVersion, TooBig: p.TooBig, CloseBody: p.CloseBody})
	}
	for _, code := range []struct {
		code uint16
		is   bool
	}{{999, false}, {1000, true}, {1003, true}, {1004, false}, {1005, false}, {1006, false}, {1007, true}, {1014, true}, {1015, false}, {2999, false}, {3000, true}, {4999, true}} {
		for _, ranges := range [][][2]uint16{p.CloseReceived, p.CloseSent} {
			in := false
			for _, r := range ranges {
				in = in || r[0] <= code.code && code.code <= r[1]
			}
			if in != code.is {
				t.Errorf("close code %d: %v", code.code, in)
			}
		}
	}
}

// TestHeadTables compares the 27 tables of a frame's first octet with the
// rules of RFC 6455 §5.2, §5.4 and §5.5, written down once more.
func TestHeadTables(t *testing.T) {
	v, _, p := rfc6455(t)
	m := p.machine(t, "frame")
	events := v.Machine("frame").Events
	class := m.Classes[m.Reads[m.Initial[0]].Args[0]]
	if !class.Owned || len(class.Tables) != 2 || len(class.Tables[0]) != HeadTables {
		t.Fatalf("class %s has %d tables for %d roles", class.Name, len(class.Tables[0]), len(class.Tables))
	}
	for i := range HeadTables {
		modes := [3]int{i % 3, i / 3 % 3, i / 9}
		for octet := range 256 {
			want := numberOf(t, events, ofEvent, headEvent(octet, modes))
			for role := range class.Tables {
				if got := class.Tables[role][i][octet]; got != want {
					t.Errorf("table %d, octet %#08b: event %d, want %d", i, octet, got, want)
				}
			}
		}
	}
}

// headEvent says what a first octet is, given who owns RSV1 to RSV3.
func headEvent(octet int, modes [3]int) string {
	opcode, first := octet&15, octet&15 == 1 || octet&15 == 2
	reserved := false
	for i, mode := range modes {
		owned := mode == PerFrame && opcode <= 2 || mode == PerMessage && first
		reserved = reserved || octet&(0x40>>i) != 0 && !owned
	}
	switch {
	case reserved:
		return "reserved-bits"
	case opcode <= 2:
		return "data"
	case opcode < 8 || opcode > 10:
		if octet&0x70 != 0 {
			return "reserved-bits"
		}
		return "reserved-opcode"
	case octet&0x80 == 0:
		return "split-control"
	}
	return "control"
}

// TestRows compares every cell with the row that the spec has for it.
func TestRows(t *testing.T) {
	v, ver, p := rfc6455(t)
	for i, m := range p.Machines {
		words, machine := v.Machine(m.Name), ver.Machines[i]
		cells, rows := 0, 0
		for _, row := range m.Rows {
			for _, c := range row {
				if c.To != 0 {
					cells++
				}
			}
		}
		for _, s := range machine.States {
			for _, r := range s.When {
				rows++
				c := m.Rows[numberOf(t, words.States, ofWord, s.Name)][numberOf(t, words.Events, ofEvent, r.Event)]
				want := Cell{To: numberOf(t, words.States, ofWord, r.To)}
				if r.Do != "" {
					want.Do = numberOf(t, words.Actions, func(a spec.ActionWord) spec.Word { return a.Word }, r.Do)
				}
				if r.Fail != "" {
					want.Do = FailBase + numberOf(t, v.Failures, func(f spec.Failure) spec.Word { return f.Word }, r.Fail)
				}
				if c != want {
					t.Errorf("%s: %s.%s: %v, want %v", m.Name, s.Name, r.Event, c, want)
				}
			}
		}
		if m.Name != "http" && cells != rows {
			t.Errorf("%s: %d cells for %d rows", m.Name, cells, rows)
		}
	}
}

// TestMachineRows looks for the row of the http machine that holds in all its
// states: in those that eat octets, not where the number of fields is asked, nor
// at the first octet, which no limit is less than.
func TestMachineRows(t *testing.T) {
	v, _, p := rfc6455(t)
	m, words := p.machine(t, "http"), v.Machine("http")
	event := numberOf(t, words.Events, ofEvent, "head-too-long")
	for _, s := range words.States {
		eats := s.Name != "field-count" && s.Name != "method-start" && s.Name != "done" && s.Name != "failed"
		if has := m.Rows[s.Number][event].To != 0; has != eats {
			t.Errorf("%s: %v", s.Name, has)
		}
	}
}

func TestReads(t *testing.T) {
	v, _, p := rfc6455(t)
	m, words := p.machine(t, "frame"), v.Machine("frame")
	read := m.Reads[numberOf(t, words.States, ofWord, "masked-payload")]
	kind := numberOf(t, v.Reads, func(r spec.ReadKind) spec.Word { return r.Word }, "payload")
	field := func(name string) uint8 {
		return numberOf(t, v.Fields, func(y spec.Yielder) spec.Word { return y.Word }, name)
	}
	if read.Kind != kind || read.Args[0] != field("length") || read.Args[1] != field("length") || read.Field != 0 || read.Through != field("key") {
		t.Errorf("masked-payload: %+v", read)
	}
	if read = m.Reads[numberOf(t, words.States, ofWord, "masked-length-64")]; read.Args[0] != 8 || read.Field != field("length-64") {
		t.Errorf("masked-length-64: %+v", read)
	}
	if read = m.Reads[numberOf(t, words.States, ofWord, "closed")]; read.Kind != 0 || read.Args != nil {
		t.Errorf("closed: %+v", read)
	}
	small := set(t, "../testdata/small")
	q, err := Lower(small.Vocabulary, small.Concrete()[0])
	if err != nil {
		t.Fatal(err)
	}
	m = q.machine(t, "frame")
	if read = m.Reads[numberOf(t, small.Vocabulary.Machine("frame").States, ofWord, "key")]; read.Args[0] != 4 || read.Args[1] != 0 {
		t.Errorf("a count by role: %+v", read)
	}
}

func TestShapes(t *testing.T) {
	v, _, p := rfc6455(t)
	for _, m := range p.Machines {
		words := v.Machine(m.Name)
		for what, c := range map[string][2]int{"states": {len(words.States), m.StateWidth}, "events": {len(words.Events), m.EventWidth}} {
			if c[1] <= c[0] || c[1]&(c[1]-1) != 0 || c[1] > 8 && c[1]/2 > c[0] {
				t.Errorf("%s: %d %s in a table %d wide", m.Name, c[0], what, c[1])
			}
		}
		if len(m.Rows) != m.StateWidth || len(m.Rows[0]) != m.EventWidth || len(m.Final) != m.StateWidth || len(m.Reads) != m.StateWidth {
			t.Errorf("%s: lists are not as long as the table", m.Name)
		}
		if (m.Inputs != nil) != (m.Name == "connection") {
			t.Errorf("%s: inputs %v", m.Name, m.Inputs)
		}
	}
}

func TestBareMachine(t *testing.T) {
	s := set(t, "../testdata/turnstile")
	p, err := Lower(s.Vocabulary, s.Concrete()[0])
	if err != nil {
		t.Fatal(err)
	}
	m := p.machine(t, "turnstile")
	if p.WireVersion != -1 || len(m.Initial) != 1 || m.Initial[0] != 1 || m.Inputs != nil || m.Rows[1][1] != (Cell{2, 1}) || m.Rows[1][4] != (Cell{}) {
		t.Errorf("%+v", m)
	}
}

// TestRefusals lowers sets that nobody has checked.
func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*spec.Vocabulary, *spec.Version)
		want   string
	}{
		{"states", func(v *spec.Vocabulary, _ *spec.Version) { v.Machines[0].States = make([]spec.Word, 256) }, "states: 256 words do not fit into a table 256 wide"},
		{"events", func(v *spec.Vocabulary, _ *spec.Version) { v.Machines[0].Events = make([]spec.EventWord, 256) }, "events: 256 words"},
		{"actions", func(v *spec.Vocabulary, _ *spec.Version) { v.Machines[0].Actions = make([]spec.ActionWord, 128) }, "128 actions: at most 127"},
		{"failures", func(v *spec.Vocabulary, _ *spec.Version) { v.Failures = make([]spec.Failure, 128) }, "128 failures: at most 127"},
		{"forms", func(v *spec.Vocabulary, _ *spec.Version) { v.Forms = make([]spec.Word, 256) }, "256 forms"},
		{"wire version", func(_ *spec.Vocabulary, ver *spec.Version) { ver.WireVersion = "x" }, `the wire version "x" is no number`},
		{"to", func(_ *spec.Vocabulary, ver *spec.Version) { ver.Machines[0].States[0].When[0].To = "nowhere" }, `unknown state "nowhere"`},
		{"event", func(_ *spec.Vocabulary, ver *spec.Version) { ver.Machines[0].States[0].When[0].Event = "never" }, `unknown event "never"`},
		{"initial", func(_ *spec.Vocabulary, ver *spec.Version) { ver.Machines[0].Initial = nil }, `no initial state for role ""`},
		{"read", func(_ *spec.Vocabulary, ver *spec.Version) {
			ver.Machines[0].States[0].Read = &spec.Read{Kind: "sniff"}
		}, `unknown kind of read "sniff"`},
		{"class", func(_ *spec.Vocabulary, ver *spec.Version) { ver.Machines[0].Classes = []*spec.Class{{Name: "c"}} }, `class c has no table for role ""`},
		{"close", func(_ *spec.Vocabulary, ver *spec.Version) { ver.Close = &spec.Close{Body: "none"} }, `unknown close body "none"`},
	} {
		s := set(t, "../testdata/turnstile")
		c.change(s.Vocabulary, s.Versions[0])
		if _, err := Lower(s.Vocabulary, s.Versions[0]); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}
