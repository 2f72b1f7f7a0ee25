package websocket

import "errors"

// Errors that errors.Is finds.
var (
	// ErrInvalidState: the socket is not open (InvalidStateError of browsers).
	ErrInvalidState = errors.New("websocket: the socket is not open")
	// ErrInvalidAccess: a close code other than 1000 and 3000 to 4999
	// (InvalidAccessError of browsers).
	ErrInvalidAccess = errors.New("websocket: the close code must be 1000, or 3000 to 4999")
	// ErrSyntax: a malformed URL, or a reason that is longer than 123 octets or
	// not UTF-8 (SyntaxError of browsers).
	ErrSyntax = errors.New("websocket: malformed URL or reason")
	// ErrBufferFull: Options.MaxBuffered octets wait to be sent.
	ErrBufferFull = errors.New("websocket: too much waits to be sent")
	// ErrSlowPeer: more than Options.MaxBuffered octets would have waited to be
	// sent, and Options.AbortSlow had the transport ended.
	ErrSlowPeer = errors.New("websocket: the peer takes too slowly what is sent")
	// ErrPongTimeout: a ping was not answered in time.
	ErrPongTimeout = errors.New("websocket: the peer did not answer a ping in time")
	// ErrCloseTimeout: Close has not come to its end in time.
	ErrCloseTimeout = errors.New("websocket: the connection did not close in time")
	// ErrAborted: Close was called before the connection was open.
	ErrAborted = errors.New("websocket: closed before the connection was open")
)
