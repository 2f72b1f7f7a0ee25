package wire

import (
	"bytes"
	"fmt"
	"time"
)

// Tally counts the messages that an end receives, and stops the time.
type Tally struct {
	stream *Stream
	check  bool
	want   int
	n      int
	octets int
	piece  []byte // what has come of a message in pieces, if octets are checked
	start  time.Time
	took   time.Duration
	err    error
}

// Tally wants the first n messages of the stream; with check each octet is
// compared.
func (s *Stream) Tally(n int, check bool) *Tally {
	return &Tally{stream: s, want: n, check: check}
}

// Start is called when the connection is open, before messages are read.
func (t *Tally) Start() { t.start = time.Now() }

// Got counts a message. It is small enough to become part of who calls it.
func (t *Tally) Got(text bool, p []byte) {
	t.octets += len(p)
	if t.n++; t.check || t.n == t.want {
		t.look(text, p)
	}
}

// GotPiece counts a piece of a message.
func (t *Tally) GotPiece(text bool, p []byte, last bool) {
	switch {
	case t.check:
		t.piece = append(t.piece, p...)
		if last {
			t.octets += len(t.piece)
			t.n++
			t.look(text, t.piece)
			t.piece = t.piece[:0]
		}
	case last:
		t.Got(text, p)
	default:
		t.octets += len(p)
	}
}

// look compares the message that has been counted, and stops the time at the last.
func (t *Tally) look(text bool, p []byte) {
	if t.n == t.want {
		t.took = time.Since(t.start)
	}
	if t.check {
		t.compare(text, p)
	}
}

func (t *Tally) compare(text bool, p []byte) {
	want := t.stream.Payloads[(t.n-1)%len(t.stream.Payloads)]
	if t.err == nil && (text != t.stream.Text || !bytes.Equal(p, want)) {
		t.err = fmt.Errorf("wire: message %d of %d octets, text %v: %d octets, text %v, or others came", t.n, len(want), t.stream.Text, len(p), text)
	}
}

// Done returns the time that the messages took; an error if they were not all, or
// not those.
func (t *Tally) Done() (time.Duration, error) {
	switch {
	case t.err != nil:
		return 0, t.err
	case t.n != t.want:
		return 0, fmt.Errorf("wire: %d messages came, not %d", t.n, t.want)
	case t.octets != t.stream.payloads(t.want):
		return 0, fmt.Errorf("wire: %d octets came, not %d", t.octets, t.stream.payloads(t.want))
	}
	return t.took, nil
}

// Text is what the stream holds, for who is not told the kind of a message.
func (t *Tally) Text() bool { return t.stream.Text }
