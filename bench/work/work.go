package work

import (
	"slices"

	"github.com/wsfsm/wsfsm/bench/measure"
)

// All is all work, in the order of the report; libraries in Rust take part if there
// is a program for them.
func All(rust Rust) []measure.Work {
	return slices.Concat(Receive(rust), Fragments(rust), Chunks(rust), Versions(), Send(rust), Handshake(), Deflate(), Memory(), Echo(), Linear(), Size())
}
