package trace_test

import (
	"io"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/trace"
)

// BenchmarkRecorder times a message that is read while all is recorded, with the steps
// of the machines and without.
func BenchmarkRecorder(b *testing.B) {
	for name, s := range map[string]trace.Settings{"with steps": {}, "without steps": {NoSteps: true}} {
		b.Run(name, func(b *testing.B) {
			r, err := trace.NewServer(io.Discard, wsfsm.Options{AutoStart: true}, s)
			if err != nil {
				b.Fatal(err)
			}
			receive := func(p []byte) (last wsfsm.Event) {
				if err := r.Receive(p); err != nil {
					b.Fatal(err)
				}
				for e := range r.Events() {
					last = e
				}
				return last
			}
			receive([]byte("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
				"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"))
			in := wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Final: true, Opcode: 2, Masked: true}, make([]byte, 125))
			buf := make([]byte, len(in))
			b.ReportAllocs()
			for b.Loop() {
				copy(buf, in)
				if e := receive(buf); e.Kind != wsfsm.EventMessage {
					b.Fatal(e.Kind)
				}
			}
		})
	}
}
