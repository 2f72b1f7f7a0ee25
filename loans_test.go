package wsfsm_test

import (
	"bytes"
	"testing"

	"github.com/wsfsm/wsfsm"
)

// What is lent comes back in order, each when its last octet is sent, also if there is
// always something lent, and nothing is allocated for it.
func TestLoansThatNeverRunOut(t *testing.T) {
	_, d := opened(t, "rfc6455")
	lent, back := 0, 0
	payloads := [3][]byte{[]byte("a"), nil, bytes.Repeat([]byte("c"), 300)}
	var written []byte
	var done [3]func()
	for i := range done {
		done[i] = func() {
			if back%3 != i {
				t.Errorf("payload %d came back, %d was next", i, back%3)
			}
			back++
		}
	}
	step := func() {
		if err := d.Lend(wsfsm.Binary, payloads[lent%3], done[lent%3]); err != nil {
			t.Fatal(err)
		}
		lent++
		for lent-back > 2 {
			p := d.Output()
			p = p[:min(len(p), 100)]
			written = append(written, p...)
			d.Sent(len(p))
		}
	}
	for range 300 {
		step()
	}
	for p := written; len(p) > 310; { // what is cut at the end is not looked at
		for _, payload := range payloads {
			frame := wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Final: true, Opcode: 2}, payload)
			if !bytes.HasPrefix(p, frame) {
				t.Fatalf("%.20x… was written, not %.20x…", p, frame)
			}
			p = p[len(frame):]
		}
	}
	written = make([]byte, 0, 1<<20)
	if n := testing.AllocsPerRun(1000, step); n > 0 && !raceEnabled {
		t.Errorf("%v allocations for a payload", n)
	}
	if d.DropOutput(); back != lent {
		t.Errorf("%d of %d payloads came back", back, lent)
	}
}

// Loans and prepared messages that are sent one by one take no memory either.
func TestLendDoesNotAllocate(t *testing.T) {
	if raceEnabled {
		t.Log("the race detector makes sync.Pool drop buffers; the plain run counts")
		return
	}
	_, d := opened(t, "rfc6455")
	p, back := octets(100<<10), 0
	done := func() { back++ }
	prepared := prepare(t, wsfsm.Binary, string(p))
	for name, send := range map[string]func() error{
		"Lend": func() error { return d.Lend(wsfsm.Binary, p, done) },
		"Send": func() error { return d.Send(prepared) },
	} {
		if n := testing.AllocsPerRun(200, func() {
			if err := send(); err != nil {
				t.Fatal(err)
			}
			for d.Unsent() > 0 {
				d.Sent(len(d.Output()))
			}
		}); n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
	if back != 201 {
		t.Errorf("%d payloads came back", back)
	}
}
