package conformance

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/wsfsm/wsfsm"
)

// message is a message that is being put together from pieces.
type message struct {
	begun bool
	kind  wsfsm.MessageKind
	data  []byte
}

// addMessage takes an EventMessage: as it is, or as a piece to be put together.
func (r *runner) addMessage(e wsfsm.Event) error {
	if e.First() == r.message.begun {
		return r.mismatch("a piece is not where it belongs", fmt.Sprintf("first: %v", !r.message.begun), eventString(e, r))
	}
	if r.message.begun && e.Message != r.message.kind {
		return r.mismatch("the pieces of a message differ in kind", r.message.kind.String(), e.Message.String())
	}
	if problem := badPiece(e); problem != "" {
		return r.mismatch("a piece "+problem, "", eventString(e, r))
	}
	r.message.begun, r.message.kind = !e.Last(), e.Message
	if !r.pieces {
		r.events = append(r.events, e.Clone())
		return nil
	}
	r.message.data = append(r.message.data, e.Data...)
	if e.Last() {
		r.events = append(r.events, wsfsm.MessageEvent(e.Message, r.message.data, true, true))
		r.message.data = nil
	}
	return nil
}

// unfinished compares the pieces of a message that never ended, those expected
// with those that came. How far they go depends on how input was cut.
func (r *runner) unfinished() error {
	want, got := r.expected, r.message.data
	if n := min(len(want), len(got)); r.pieces && !bytes.Equal(want[:n], got[:n]) {
		w, g := differ(want, got)
		return r.mismatch("the pieces of a message that has no end differ", w, g)
	}
	return nil
}

// badPiece returns what is wrong with a piece by itself: each but the last has
// PieceSize octets, less a character that the cut would split, and text is cut
// between characters only.
func badPiece(e wsfsm.Event) string {
	least := wsfsm.PieceSize
	if e.Message == wsfsm.Text {
		least -= utf8.UTFMax - 1
	}
	switch {
	case !e.Last() && len(e.Data) < least:
		return "is too small"
	case e.Message == wsfsm.Text && !utf8.Valid(e.Data):
		return "is no UTF-8"
	}
	return ""
}
