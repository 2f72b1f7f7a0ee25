package duplex

import (
	"errors"
	"fmt"
	"io"

	"github.com/wsfsm/wsfsm"
)

// ErrDetached is the cause of the end when the application has called Detach.
var ErrDetached = errors.New("duplex: the transport was taken over")

// CloseError is the end of a connection.
//
// errors.Is takes it for io.EOF if both close frames have gone and the peer's
// held the code 1000, 1001 or none; and finds its cause, such as a
// states.Violation, wsfsm.ErrEndOfStream or what was given to
// Wire.CloseWithError.
type CloseError struct {
	Code   wsfsm.CloseCode // as of RFC 6455 §7.1.5
	Reason string          // as the peer gave it
	Clean  bool            // both close frames have gone (RFC 6455 §7.1.4)
	Err    error           // cause of an unclean end; nil otherwise
}

// Error implements error.
func (e *CloseError) Error() string {
	s := fmt.Sprintf("duplex: connection closed with code %d", e.Code)
	if e.Reason != "" {
		s += fmt.Sprintf(" (%q)", e.Reason)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *CloseError) Unwrap() error { return e.Err }

// Is takes a goodbye for io.EOF.
func (e *CloseError) Is(target error) bool { return target == io.EOF && e.goodbye() }

func (e *CloseError) goodbye() bool {
	return e.Clean && (e.Code == wsfsm.CloseNormal || e.Code == wsfsm.CloseGoingAway || e.Code == wsfsm.CloseNoStatus)
}
