package conformance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/internal/protocolload"
	"github.com/wsfsm/wsfsm/states"
)

// lowered returns RFC 6455 in numbers, from the spec files.
func lowered(t testing.TB) *lower.Protocol {
	t.Helper()
	for _, l := range loweredAll(t) {
		if l.Name == "rfc6455" {
			return l
		}
	}
	t.Fatal("no rfc6455")
	return nil
}

// loaded turns numbers into a protocol that runs.
func loaded(t testing.TB, l *lower.Protocol) *wsfsm.Protocol {
	t.Helper()
	p, err := protocolload.FromLowered(l)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// budget bounds the transitions of a run on a changed protocol, which may go
// round in a circle.
const budget = 200_000

// circle is the panic of a driver that goes round in one.
const circle = "the driver goes round in a circle"

// stepped plays a case on a changed protocol step by step. It returns in which
// way the case fails, "" if it holds. A driver that panics fails the case too.
func (c *Case) stepped(p *wsfsm.Protocol) string {
	left := budget
	return c.failure(Config{Protocol: p, Observer: func(wsfsm.Transition) {
		if left--; left < 0 {
			panic(circle)
		}
	}})
}

// bothWays plays a case step by step on one protocol, and with fused steps on
// another; the two are the same unless a test wants to see a difference. What goes
// round in a circle is played in one way only.
func (c *Case) bothWays(p, q *wsfsm.Protocol) (stepped, fused string) {
	stepped = c.stepped(p)
	if strings.HasSuffix(stepped, circle) {
		return stepped, stepped
	}
	return stepped, c.failure(Config{Protocol: q})
}

// failure plays a case and says how it fails, without the settings.
func (c *Case) failure(cfg Config) (how string) {
	defer func() {
		if fault := recover(); fault != nil {
			how = fmt.Sprint("panic: ", fault)
		}
	}()
	err := Run(c, cfg)
	if err == nil {
		return ""
	}
	settings := "\trun:         " + cfg.String()
	return strings.ReplaceAll(err.Error(), settings, "")
}

// notices reports whether a case fails on a changed protocol.
func notices(c *Case, p *wsfsm.Protocol) bool { return c.stepped(p) != "" }

// noticed reports whether one of the cases fails on a changed protocol. That
// one is moved to the front, as it is likely to notice the next change too.
func noticed(all []*Case, p *wsfsm.Protocol) bool {
	for i, c := range all {
		if notices(c, p) {
			copy(all[1:i+1], all[:i])
			all[0] = c
			return true
		}
	}
	return false
}

// TestBothWays plants a fault in one of the two ways that a case is played, and one
// that has the driver go round in a circle.
func TestBothWays(t *testing.T) {
	t.Parallel()
	v := specifiedOf(t).versions[0]
	at := Cell{states.Server, states.MachineFrame, uint8(states.FrameSkipSize), uint8(states.FrameOnFits)}
	skips := v.covered[at][0]
	if stepped, fused := skips.bothWays(v.protocol, v.protocol); stepped != "" || fused != "" {
		t.Errorf("%s fails: %q, %q", skips.ID, stepped, fused)
	}
	lost := mutated(v.protocol, at, lower.Cell{})
	if stepped, fused := skips.bothWays(v.protocol, lost); stepped != "" || fused == "" {
		t.Errorf("%s: a fault of the fused way gives %q, %q", skips.ID, stepped, fused)
	}
	if stepped, fused := skips.bothWays(lost, v.protocol); stepped == "" || fused != "" {
		t.Errorf("%s: a fault of the single steps gives %q, %q", skips.ID, stepped, fused)
	}
	around := mutated(v.protocol, at, lower.Cell{To: at.State})
	if stepped, _ := skips.bothWays(around, around); !strings.HasSuffix(stepped, circle) {
		t.Errorf("%s: a circle gives %q", skips.ID, stepped)
	}
}
