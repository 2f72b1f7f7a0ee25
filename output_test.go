package wsfsm

import "testing"

// Output that never runs dry keeps its buffer small.
func TestOutputThatNeverRunsDryDoesNotGrow(t *testing.T) {
	d := openedServerDriver(t)
	p := make([]byte, 1000)
	for range 2000 {
		if err := d.Binary(p); err != nil {
			t.Fatal(err)
		}
		d.Sent(d.Unsent() - 1)
		if n := cap(*d.out.buf); n > 64<<10 {
			t.Fatalf("a buffer of %d octets for %d", n, d.Unsent())
		}
	}
}

// A list of loans that never runs empty stays short, and keeps nothing that was given
// back.
func TestLoansThatNeverRunOutDoNotGrow(t *testing.T) {
	d := openedServerDriver(t)
	p := make([]byte, 1000)
	for i := range 2000 {
		if err := d.Lend(Binary, p, nil); err != nil {
			t.Fatal(err)
		}
		for i > 2 && len(d.out.lent()) > 3 {
			d.Sent(len(d.Output()))
		}
	}
	l := d.out.loans
	if cap(l.list) > 16 {
		t.Errorf("a list with room for %d loans, of which there are %d", cap(l.list), len(d.out.lent()))
	}
	for _, loan := range append(l.list[:l.back:l.back], l.list[len(l.list):cap(l.list)]...) {
		if loan.p != nil || loan.done != nil {
			t.Error("what was given back is kept")
		}
	}
}

// openedServerDriver returns a server whose connection is open.
func openedServerDriver(t *testing.T) *Driver {
	t.Helper()
	ep, err := NewEndpoint(Options{AutoStart: true})
	if err != nil {
		t.Fatal(err)
	}
	d := ep.Server()
	if err := d.Receive([]byte("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	for range d.Events() {
	}
	d.Sent(d.Unsent())
	return d
}
