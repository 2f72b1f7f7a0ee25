package trace_test

import (
	"slices"
	"testing"

	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/frames"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/trace"
)

// TestMeter lets frames and messages come in each order that a connection has.
func TestMeter(t *testing.T) {
	whole := frames.Frame{Opcode: 1, Final: true, Reserved: 4, Length: 10, Head: make([]byte, 6)}
	plain := frames.Frame{Opcode: 2, Final: true, Length: 20, Head: make([]byte, 2)}
	ping := frames.Frame{Opcode: 9, Final: true, Length: 5, Head: make([]byte, 2)}
	first := frames.Frame{Opcode: 2, Reserved: 4, Length: 100, Head: make([]byte, 2)}
	last := frames.Frame{Final: true, Length: 200, Head: make([]byte, 4)}
	for name, c := range map[string]struct {
		steps []any // frames, and octets of messages
		want  []string
	}{
		"frames first":   {[]any{whole, plain, 100, 20}, []string{"text in, 100 octets, 16 on the wire"}},
		"messages first": {[]any{20, 100, plain, whole}, []string{"text in, 100 octets, 16 on the wire"}},
		"in fragments":   {[]any{first, ping, last, 5000}, []string{"binary in, 5000 octets, 306 on the wire"}},
		"not complete":   {[]any{first, 5000}, nil},
		"several":        {[]any{whole, 1, whole, whole, 2, 3}, []string{"text in, 1 octets, 16 on the wire", "text in, 2 octets, 16 on the wire", "text in, 3 octets, 16 on the wire"}},
		"stopped":        {[]any{whole, "stop", 1, whole, 2}, nil},
	} {
		var told []string
		m := trace.NewMeter("in", func(m trace.Message) { told = append(told, m.String()) })
		for _, step := range c.steps {
			switch step := step.(type) {
			case frames.Frame:
				m.Frame(step)
			case int:
				m.Message(step)
			default:
				m.Stop()
			}
		}
		if !slices.Equal(told, c.want) {
			t.Errorf("%s: %q, want %q", name, told, c.want)
		}
	}
	var none *trace.Meter // as where nothing is traced
	none.Frame(whole)
	none.Message(1)
	none.Stop()
}
