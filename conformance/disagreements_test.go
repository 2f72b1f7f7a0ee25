package conformance

import (
	"slices"
	"testing"
)

// disagreements are the cases on which driver and model did not agree when they were
// first compared, and which of them was wrong by the specification that the case
// cites. What the comparison finds from now on gets a case and a line here.
var disagreements = []struct{ id, wrong, what string }{
	{"hybi-01/request/draft-1", "model", "did not take a request with Sec-WebSocket-Draft 1 for one of hybi-01"},
	{"rfc6455/detection/version-before-draft-first", "driver", "refused Sec-WebSocket-Version 13 beside a Sec-WebSocket-Draft of a version that goes first in the options"},
	{"hixie-75/request/websocket-key-present", "driver", "took a request with a key of a later version"},
}

// TestDisagreements runs the case of each disagreement between driver and model.
func TestDisagreements(t *testing.T) {
	t.Parallel()
	all := cases(t)
	for _, d := range disagreements {
		i := slices.IndexFunc(all, func(c *Case) bool { return c.ID == d.id })
		switch {
		case i < 0:
			t.Errorf("there is no case %s", d.id)
		case d.wrong != "model" && d.wrong != "driver":
			t.Errorf("%s: %q was wrong", d.id, d.wrong)
		default:
			if err := Run(all[i], Config{}); err != nil {
				t.Errorf("%s: the %s %s, and it does not pass: %v", d.id, d.wrong, d.what, err)
			}
		}
	}
}
