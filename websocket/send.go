package websocket

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/wsfsm/wsfsm"
)

// outgoing is a message that waits to be sent.
type outgoing struct {
	kind wsfsm.MessageKind
	data []byte
}

// maxReason is the longest reason of a close frame in octets (RFC 6455 §5.5).
const maxReason = 123

// Send sends a text message, which must be UTF-8. It does not wait. The errors
// are ErrInvalidState unless the socket is open, ErrBufferFull (ErrSlowPeer with
// Options.AbortSlow), wsfsm.ErrInvalidText.
func (s *Socket) Send(text string) error {
	if !utf8.ValidString(text) {
		return wsfsm.ErrInvalidText
	}
	return s.send(outgoing{wsfsm.Text, []byte(text)})
}

// SendBinary sends a binary message, and copies p. Errors are as for Send, and
// wsfsm.ErrUnsupported in a version without binary messages.
func (s *Socket) SendBinary(p []byte) error {
	return s.send(outgoing{wsfsm.Binary, slices.Clone(p)})
}

func (s *Socket) send(m outgoing) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	waiting := s.buffered + cost*len(s.out)
	switch {
	case s.readyState() != Open:
		return ErrInvalidState
	case m.kind == wsfsm.Binary && !supports(s.conn.Version(), (*wsfsm.Protocol).HasBinary):
		return wsfsm.ErrUnsupported
	case waiting == 0 || waiting+len(m.data) <= s.options.MaxBuffered:
	case s.options.AbortSlow:
		s.cause = ErrSlowPeer
		go s.conn.CloseNow()
		return ErrSlowPeer
	default:
		return ErrBufferFull
	}
	s.out = append(s.out, m)
	s.buffered += len(m.data)
	s.startWriting()
	return nil
}

// BufferedAmount returns the octets of messages that have been sent but not been
// given to the transport. As in browsers, what the end of the connection has
// left there stays counted.
func (s *Socket) BufferedAmount() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buffered
}

// Close starts to close the connection, behind what has been sent, with a code
// and a reason of up to 123 octets; with code 0 and no reason the close frame is
// empty. It does not wait: the close event tells of the end. Messages that have
// not been delivered yet are dropped. On a socket that is closing or closed it
// does nothing; one that is connecting gives up.
//
// As in browsers the code must be 1000 or 3000 to 4999 (ErrInvalidAccess);
// other errors are ErrSyntax.
func (s *Socket) Close(code wsfsm.CloseCode, reason string) error {
	switch {
	case code != 0 && code != wsfsm.CloseNormal && (code < 3000 || code > 4999):
		return ErrInvalidAccess
	case len(reason) > maxReason || !utf8.ValidString(reason):
		return ErrSyntax
	case code == 0 && reason != "":
		code = wsfsm.CloseNormal
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leave(code, reason)
	return nil
}

// leave starts to close the connection.
func (s *Socket) leave(code wsfsm.CloseCode, reason string) {
	if s.left || s.readyState() == Closed {
		return
	}
	s.left = true
	s.closeCode, s.closeReason = code, reason
	s.changed.Broadcast()
	if s.conn == nil {
		s.cancel()
		return
	}
	s.timer = time.AfterFunc(s.options.CloseTimeout, func() { s.giveUp(ErrCloseTimeout) })
	s.startWriting()
}

// giveUp ends the transport at once.
func (s *Socket) giveUp(cause error) {
	s.mu.Lock()
	if s.readyState() != Closed && s.cause == nil {
		s.cause = cause
	}
	s.mu.Unlock()
	_ = s.conn.CloseNow() // what goes wrong here has no consequence
}

// Ping sends a ping with up to 125 octets of payload and waits for the pong, or
// until ctx ends; see [wsnet.Conn.Ping]. A socket that is not open yet returns
// ErrInvalidState.
func (s *Socket) Ping(ctx context.Context, payload []byte) error {
	c := s.Conn()
	if c == nil {
		return ErrInvalidState
	}
	return c.Ping(ctx, payload)
}

// startWriting has what waits sent, unless somebody does.
func (s *Socket) startWriting() {
	if !s.writing {
		s.writing = true
		go s.write()
	}
}

// write sends what waits, and at the end, if it is wanted, the close frame.
func (s *Socket) write() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.out) > 0 {
		m := s.out[0]
		s.out[0] = outgoing{}
		s.out = s.out[1:]
		s.mu.Unlock()
		err := s.conn.Write(context.Background(), m.kind, m.data)
		s.mu.Lock()
		if err == nil { // else reading says why
			s.buffered -= len(m.data)
		}
	}
	s.out = nil
	if s.left {
		go s.close(s.closeCode, s.closeReason)
	}
	s.writing = s.left // nothing follows a close frame
	s.impatient = false
	s.changed.Broadcast()
}

// close carries out the closing handshake.
func (s *Socket) close(code wsfsm.CloseCode, reason string) {
	if err := s.conn.Close(code, reason); err != nil && code != 0 {
		_ = s.conn.Close(0, "") // a version without that code; reading tells of the end
	}
}
