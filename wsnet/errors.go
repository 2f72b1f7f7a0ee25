package wsnet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/wsfsm/wsfsm"
)

// Errors that errors.Is finds.
var (
	// ErrHeadTimeout: the client had not opened the connection in time.
	ErrHeadTimeout = errors.New("wsnet: the client did not open the connection in time")
	// ErrDialTimeout: the connection was not open within DialOptions.Timeout. It
	// is a context.DeadlineExceeded too.
	ErrDialTimeout = fmt.Errorf("wsnet: the connection was not open in time: %w", context.DeadlineExceeded)
	// ErrCloseTimeout: the peer did not answer the close frame in time.
	ErrCloseTimeout = errors.New("wsnet: the closing handshake was not complete in time")
	// ErrClosed: this end has closed the connection. It is a net.ErrClosed too.
	ErrClosed = fmt.Errorf("wsnet: closed by this end: %w", net.ErrClosed)
	// ErrUnderway: the context of a Write ended when the message had been taken
	// already. It will be sent as a whole.
	ErrUnderway = errors.New("wsnet: the message is on its way")
	// ErrServerClosed is what Serve returns after Shutdown or Close.
	ErrServerClosed = errors.New("wsnet: server closed")
	// ErrHTTPVersion: Accept was given a request that came over HTTP/2 or later,
	// whose connection cannot be taken over.
	ErrHTTPVersion = errors.New("wsnet: the request did not come over HTTP/1.1, only there a connection can be taken over")
)

// CloseError is the end of a connection.
//
// errors.Is takes it for io.EOF if both close frames have gone and the first
// held the code 1000, 1001 or none, which is how an end says goodbye; for
// io.ErrUnexpectedEOF if the transport ended without a close frame; and finds
// its cause, such as ErrClosed, ErrCloseTimeout, a states.Violation or what the
// transport returned.
type CloseError struct {
	Code   wsfsm.CloseCode // as of RFC 6455 §7.1.5
	Reason string          // as the peer gave it
	Clean  bool            // both close frames have gone (RFC 6455 §7.1.4)
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

// Is takes a goodbye for io.EOF, and an end without one for
// io.ErrUnexpectedEOF.
func (e *CloseError) Is(target error) bool {
	switch target {
	case io.EOF:
		return e.Clean && (e.Code == wsfsm.CloseNormal || e.Code == wsfsm.CloseGoingAway || e.Code == wsfsm.CloseNoStatus)
	case io.ErrUnexpectedEOF:
		return errors.Is(e.Err, wsfsm.ErrEndOfStream)
	}
	return false
}

// Stage is a part of opening a connection.
type Stage string

// The stages, in order.
const (
	StageConnect   Stage = "connect"           // names and TCP; the error is that of the net package
	StageProxy     Stage = "proxy"             // the proxy, TLS to it, or the tunnel that it refused
	StageTLS       Stage = "TLS"               // the error is that of crypto/tls
	StageHandshake Stage = "opening handshake" // the error may be a *wsfsm.Error
)

// OpenError is a connection that could not be opened. Its cause may be a
// *net.DNSError, syscall.ECONNREFUSED, a *tls.CertificateVerificationError, a
// *wsfsm.Error with the rule that was broken, a timeout. errors.Is takes it for
// io.ErrUnexpectedEOF if the peer ended the transport before it had answered.
type OpenError struct {
	Stage Stage
	// Response is the server's response, as far as a client has it: its status
	// and header say why the server refused. Nil if none came.
	Response *wsfsm.Response
	Err      error
}

// Error implements error.
func (e *OpenError) Error() string {
	if e.Response != nil {
		return fmt.Sprintf("wsnet: %s, status %d: %v", e.Stage, e.Response.Status, e.Err)
	}
	return fmt.Sprintf("wsnet: %s: %v", e.Stage, e.Err)
}

// Unwrap returns the cause.
func (e *OpenError) Unwrap() error { return e.Err }

// Is takes an end of the transport for io.ErrUnexpectedEOF.
func (e *OpenError) Is(target error) bool {
	return target == io.ErrUnexpectedEOF && errors.Is(e.Err, wsfsm.ErrEndOfStream)
}

// PanicError is a panic of a handler, or of Options.Decide.
type PanicError struct {
	Value any    // what recover returned
	Stack []byte // of the goroutine that panicked
}

// Error implements error.
func (e *PanicError) Error() string {
	return fmt.Sprintf("wsnet: handler panicked: %v\n%s", e.Value, e.Stack)
}
