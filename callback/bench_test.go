package callback_test

import (
	"io"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/callback"
)

// BenchmarkReceive times messages that a function gets and answers.
func BenchmarkReceive(b *testing.B) {
	a := callback.New(endpoint(b, wsfsm.Options{AutoStart: true}).Server(), io.Discard, callback.Listeners{
		OnMessage: func(a *callback.Adapter, m callback.Message) error { return a.Binary(m.Data) },
	})
	must(b, a.Receive([]byte(request)))
	in := frame(0x82, "0123456789abcdef")
	buf := make([]byte, len(in))
	b.ReportAllocs()
	for b.Loop() {
		copy(buf, in)
		if err := a.Receive(buf); err != nil {
			b.Fatal(err)
		}
	}
}
