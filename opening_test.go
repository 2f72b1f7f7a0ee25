package wsfsm

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// What an opening handshake works with goes back to the pool when its last step is
// over: once, and empty.
func TestOpeningsGoBackOnce(t *testing.T) {
	const head = "GET /x HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nOrigin: http://a\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
	for _, auto := range []bool{true, false} {
		ep, err := NewEndpoint(Options{AutoStart: auto})
		if err != nil {
			t.Fatal(err)
		}
		for range 10 {
			d := ep.Server()
			o := d.opening
			if err := d.Receive([]byte(head)); err != nil {
				t.Fatal(err)
			}
			if e, _ := d.Next(); e.Kind != EventOpen && (auto || e.Kind != EventRequest) {
				t.Fatal(e.Kind, d.Err())
			}
			if !auto {
				if err := d.Start(Field{"X", "y"}); err != nil {
					t.Fatal(err)
				}
			}
			if d.opening != nil || d.working != nil {
				t.Fatal("the handshake goes on")
			}
			if !reflect.ValueOf(o.usualOpening).IsZero() || !reflect.ValueOf(o.rareOpening).IsZero() || o.words+o.line+o.total+len(o.text)+len(o.ends) > 0 {
				t.Fatalf("%+v", o)
			}
			if w := &o.working; w.event.Kind != 0 || w.event.Data != nil || w.piece != nil || w.command.payload != nil {
				t.Fatalf("%+v", w)
			}
			others := []*Driver{ep.Server(), ep.Server(), ep.Server()}
			if a, b, c := others[0].opening, others[1].opening, others[2].opening; a == b || a == c || b == c {
				t.Fatal("one for two drivers")
			}
		}
	}
}

// A command that is queued during the handshake leaves nothing in what its step has
// worked with.
func TestStepsOfAnOpeningLeaveNothing(t *testing.T) {
	ep, err := NewEndpoint(Options{})
	if err != nil {
		t.Fatal(err)
	}
	d, err := ep.Client("ws://a/")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Start(); err != nil {
		t.Fatal(err)
	}
	if err := d.Text([]byte("a")); err != nil {
		t.Fatal(err)
	}
	if w := &d.opening.working; d.working != nil || w.command.payload != nil || w.command.message != 0 || len(d.opening.queue) != 1 {
		t.Errorf("%+v", w)
	}
}

// A head that has not ended takes no room for its fields.
func TestHeadsWithoutEndTakeNoRoom(t *testing.T) {
	ep, err := NewEndpoint(Options{AutoStart: true})
	if err != nil {
		t.Fatal(err)
	}
	d := ep.Server()
	if err := d.Receive([]byte("GET / HTTP/1.1\r\nHost: a\r\n")); err != nil {
		t.Fatal(err)
	}
	if _, ok := d.Next(); ok || d.opening.fields != nil {
		t.Error("there is room")
	}
}

// Names beyond the first few are found, too.
func TestManyNames(t *testing.T) {
	ep, err := NewEndpoint(Options{AutoStart: true})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 50 {
		ep.names.number(fmt.Sprint("X-", i))
	}
	for i := range 50 {
		for _, times := range []int{1, 2} {
			d := ep.Server()
			head := "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
				strings.Repeat(fmt.Sprintf("x-%d: %d\r\n", i, i), times) + fmt.Sprintf("X-%d: -\r\n", (i+1)%50) + "Sec-WebSocket-Version: 13\r\n\r\n"
			if err := d.Receive([]byte(head)); err != nil {
				t.Fatal(err)
			}
			if e, _ := d.Next(); e.Kind != EventOpen {
				t.Fatal(e.Kind, d.Err())
			}
			if held := d.opened.held != nil; held != (times == 1) {
				t.Errorf("%d times X-%d: held is %v", times, i, held)
			}
			if got := d.Request().Header.Values(fmt.Sprint("X-", i)); len(got) != times || got[0] != fmt.Sprint(i) {
				t.Errorf("X-%d: %q", i, got)
			}
			d.ForgetHeads()
		}
	}
}
