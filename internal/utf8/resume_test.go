package utf8

import "testing"

// TestCheckerAt goes through all states: a Checker made from a state goes on as the
// one that the state was taken from, and the numbers stay as they are.
func TestCheckerAt(t *testing.T) {
	for i, begun := range []string{"", "\xC2", "\xE1", "\xF1", "\xE0", "\xED", "\xF0", "\xF4"} {
		var c Checker
		if c.Check([]byte(begun)) >= 0 {
			t.Fatalf("%x is no beginning", begun)
		}
		if c.State() != uint8(i) {
			t.Errorf("behind %x the state is %d, not %d", begun, c.State(), i)
		}
		if again, ok := CheckerAt(c.State()); !ok || again != c {
			t.Errorf("behind %x the checker is %v, made again %v", begun, c, again)
		}
	}
	for _, n := range []uint8{8, 9, 255} {
		if _, ok := CheckerAt(n); ok {
			t.Errorf("there is a state %d", n)
		}
	}
}

// TestBegun wants a Replacer to be made again from the octets it has begun.
func TestBegun(t *testing.T) {
	for _, begun := range []string{"", "\xC2", "\xE1\x80", "\xF0\x90\x80", "\xF4"} {
		var r, again Replacer
		if got := r.Append(nil, []byte("a\xFFb"+begun)); string(got) != "a\uFFFDb" {
			t.Errorf("before %x came %q", begun, got)
		}
		if string(r.Begun()) != begun {
			t.Errorf("begun is %x, not %x", r.Begun(), begun)
		}
		if got := again.Append(nil, r.Begun()); len(got) != 0 || again.c != r.c || again.n != r.n {
			t.Errorf("%x gives %q at once", begun, got)
		}
	}
}
