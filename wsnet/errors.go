package wsnet

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/wsfsm/wsfsm"
)

// Errors of timeouts and ends. Each is found by errors.Is.
var (
	// ErrHeadTimeout: the request did not come in time.
	ErrHeadTimeout = errors.New("wsnet: the request did not come in time")
	// ErrDialTimeout: the connection was not open in time. It is a
	// context.DeadlineExceeded too.
	ErrDialTimeout = fmt.Errorf("wsnet: the connection was not open in time: %w", context.DeadlineExceeded)
	// ErrCloseTimeout: the peer did not complete the closing handshake in time.
	ErrCloseTimeout = errors.New("wsnet: the closing handshake was not complete in time")
	// ErrClosed: the connection was closed by this end.
	ErrClosed = errors.New("wsnet: connection closed by this end")
	// ErrServerClosed is what Serve returns after Shutdown or Close.
	ErrServerClosed = errors.New("wsnet: server closed")
)

// CloseError is the end of a connection. errors.Is takes it for io.EOF if the
// closing handshake was complete with code 1000, 1001 or none, which is how a
// peer says goodbye; errors.As and errors.Is find its cause.
type CloseError struct {
	Code   wsfsm.CloseCode // as of RFC 6455 §7.1.5
	Reason string          // as the peer gave it
	Clean  bool            // the closing handshake was complete
	Err    error           // cause of an unclean end; nil otherwise
}

// Error implements error.
func (e *CloseError) Error() string {
	s := fmt.Sprintf("wsnet: connection closed with code %d", e.Code)
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

// Is takes a clean goodbye for io.EOF.
func (e *CloseError) Is(target error) bool {
	if target != io.EOF || !e.Clean {
		return false
	}
	switch e.Code {
	case wsfsm.CloseNormal, wsfsm.CloseGoingAway, wsfsm.CloseNoStatus:
		return true
	}
	return false
}

// HandshakeError is an opening handshake that failed: errors.As finds the
// *wsfsm.Error with the rule that was broken.
type HandshakeError struct {
	// Response is the server's response as far as the client has it; nil if
	// none came.
	Response *wsfsm.Response
	Err      error
}

// Error implements error.
func (e *HandshakeError) Error() string {
	if e.Response != nil {
		return fmt.Sprintf("wsnet: opening handshake failed with status %d: %v", e.Response.Status, e.Err)
	}
	return fmt.Sprintf("wsnet: opening handshake failed: %v", e.Err)
}

// Unwrap returns the cause.
func (e *HandshakeError) Unwrap() error { return e.Err }
