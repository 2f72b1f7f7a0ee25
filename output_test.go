package wsfsm

import "testing"

// Output that never runs dry keeps its buffer small.
func TestOutputThatNeverRunsDryDoesNotGrow(t *testing.T) {
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
