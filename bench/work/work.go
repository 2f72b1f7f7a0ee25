package work

import (
	"slices"

	"github.com/wsfsm/wsfsm/bench/measure"
)

// All is all work, in the order of the report.
func All() []measure.Work {
	return slices.Concat(Receive(), Fragments(), Chunks(), Versions(), Send(), Handshake(), Deflate(), Memory(), Echo(), Linear(), Size())
}
