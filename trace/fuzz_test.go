package trace_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/trace"
)

// FuzzPlayer plays anything behind the header of a trace: nothing may panic, and each
// line is played, differs, or is told to be none.
func FuzzPlayer(f *testing.F) {
	for i, version := range []string{"rfc6455", "hixie-76", "hybi-04", "hixie-75"} {
		var log bytes.Buffer
		o := wsfsm.Options{Versions: []string{version}, AutoStart: true, MaxOutput: 300}
		r, err := trace.NewServer(&log, o, trace.Settings{NoSteps: true})
		if err != nil {
			f.Fatal(err)
		}
		if i == 0 {
			r.Receive([]byte("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n\x81\x80\x00\x00\x00\x00"))
		}
		for range r.Events() {
		}
		r.Lend(wsfsm.Text, []byte("lent"), func() {})
		r.Ping([]byte("a"))
		r.Sent(3)
		r.Close(0, "")
		r.DropOutput()
		r.ReceiveEOF(nil)
		for range r.Events() {
		}
		header, calls, _ := strings.Cut(log.String(), "\n")
		f.Add(header, calls)
	}
	f.Fuzz(func(t *testing.T, header, calls string) {
		p, err := trace.Open(strings.NewReader(header+"\n"+calls), trace.PlayerOptions{})
		if err != nil {
			return
		}
		for line := 2; err != io.EOF; line++ {
			_, err = p.Step()
			var differs *trace.Difference
			switch {
			case err == io.EOF, errors.Is(err, trace.ErrFormat):
				return
			case err != nil && !errors.As(err, &differs):
				t.Fatal(err)
			case p.Line() != line:
				t.Fatalf("line %d is number %d", line, p.Line())
			}
		}
	})
}
