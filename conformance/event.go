package conformance

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// expectEvent expects an event to be the next one.
func (r *runner) expectEvent(s *Step) error {
	want := r.octets(s)
	if r.pieces && s.Verb == "piece" {
		return r.expectPiece(s, want)
	}
	return r.expectNext(s.Verb, s.Args, want)
}

func (r *runner) expectNext(verb string, args []string, octets []byte) error {
	w := eventLine(verb, args, octets)
	if len(r.events) == 0 {
		return r.mismatch("the event does not come", w, "nothing")
	}
	got := r.events[0]
	verbGot, argsGot := eventWords(got, r)
	if verb != verbGot || strings.Join(args, " ") != strings.Join(argsGot, " ") {
		return r.mismatch("the event differs", w, eventString(got, r))
	}
	if !bytes.Equal(octets, got.Data) {
		w, g := differ(octets, got.Data)
		return r.mismatch("the octets of the event differ", w, g)
	}
	r.events = r.events[1:]
	return nil
}

// expectPiece puts expected pieces together, as those that came have been.
func (r *runner) expectPiece(s *Step, octets []byte) error {
	r.expected = append(r.expected, octets...)
	if s.Args[1] != "last" {
		return nil
	}
	whole := r.expected
	r.expected = nil
	return r.expectNext(s.Args[0], nil, whole)
}

// eventWords returns an event's verb and the words behind it, as a case writes
// them.
func eventWords(e wsfsm.Event, r *runner) (verb string, args []string) {
	switch e.Kind {
	case wsfsm.EventMessage:
		if e.First() && e.Last() {
			return e.Message.String(), nil
		}
		position := "middle"
		if e.First() {
			position = "first"
		} else if e.Last() {
			position = "last"
		}
		return "piece", []string{e.Message.String(), position}
	case wsfsm.EventPong:
		if e.Ping() == 0 {
			return "pong", []string{"unsolicited"}
		}
		return "pong", []string{fmt.Sprint(e.Ping())}
	case wsfsm.EventError:
		return "error", r.errorWords(r.d.Err())
	case wsfsm.EventClosed:
		return "closed", closedWords(e, r.d.Err())
	}
	return e.Kind.String(), nil
}

// errorWords describes the error of EventError.
func (r *runner) errorWords(err error) []string {
	var broken *wsfsm.Error
	if !errors.As(err, &broken) || !errors.Is(err, broken.Violation) {
		return []string{fmt.Sprint(err)}
	}
	number := int(broken.Code)
	if number == 0 {
		number = broken.Status
	}
	return []string{broken.Violation.String(), fmt.Sprint(number), "at", fmt.Sprint(broken.Offset - r.origin),
		"in", broken.Machine.String(), broken.State}
}

func closedWords(e wsfsm.Event, err error) []string {
	words := []string{fmt.Sprint(uint16(e.Code())), "unclean"}
	if e.Clean() {
		words[1] = "clean"
	}
	if e.Clean() || err == nil {
		return words
	}
	return append(words, "because", causeOf(err))
}

// causeOf names the cause of an end.
func causeOf(err error) string {
	var violation states.Violation
	switch {
	case errors.Is(err, wsfsm.ErrTimeout):
		return "timeout"
	case errors.Is(err, wsfsm.ErrEndOfStream):
		return "end-of-stream"
	case errors.Is(err, errReset):
		return "reset"
	case errors.As(err, &violation):
		return violation.String()
	}
	return err.Error()
}

// eventString writes an event as a case would.
func eventString(e wsfsm.Event, r *runner) string {
	verb, args := eventWords(e, r)
	return eventLine(verb, args, e.Data)
}

func eventLine(verb string, args []string, octets []byte) string {
	words := append([]string{"event", verb}, args...)
	if len(octets) > 0 {
		words = append(words, describe(octets))
	}
	return strings.Join(words, " ")
}
