package websocket

import (
	"io"
	"net"
	"strings"
	"time"
)

// policyListener answers Flash policy requests on the connections it accepts.
type policyListener struct {
	net.Listener
	policy string
}

func (l policyListener) Accept() (net.Conn, error) {
	nc, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &policyConn{Conn: nc, policy: l.policy}, nil
}

// policyConn looks at the first octets that are read.
type policyConn struct {
	net.Conn
	policy string
	read   string // octets looked at but not given to the reader yet
	known  bool   // the connection is not for a policy
}

// policyRequests are the requests for a policy, which a NUL ends.
func policyRequests() []string {
	return []string{"<policy-file-request/>\x00", "<policy-file-request />\x00", "<policy-file-request/>", "<policy-file-request />"}
}

// Read implements io.Reader. On a policy request it sends the policy and returns
// io.EOF. It is for one goroutine.
func (c *policyConn) Read(p []byte) (int, error) {
	for !c.known && len(p) > 0 {
		n, err := c.Conn.Read(p)
		c.read += string(p[:n])
		switch {
		case isPolicyRequest(c.read):
			return 0, c.answer()
		case err != nil || !mayBePolicyRequest(c.read):
			c.known = true // an error comes again
		}
	}
	if c.read != "" {
		n := copy(p, c.read)
		c.read = c.read[n:]
		return n, nil
	}
	return c.Conn.Read(p)
}

// answer sends the policy, which a NUL ends.
func (c *policyConn) answer() error {
	c.known = true
	c.read = ""
	if _, err := io.WriteString(c.Conn, c.policy+"\x00"); err != nil {
		return err
	}
	// What the client has sent and nobody read would make the end a reset, which
	// destroys the policy on its way.
	if c.CloseWrite() == nil && c.Conn.SetReadDeadline(time.Now().Add(policyLinger)) == nil {
		_, _ = io.CopyN(io.Discard, c.Conn, policyRest)
	}
	return io.EOF
}

// Bounds of the wait for the client's end of a policy request.
const (
	policyLinger = 5 * time.Second
	policyRest   = 4 << 10 // octets
)

// CloseWrite half-closes the transport, if it can.
func (c *policyConn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return net.ErrClosed
}

func isPolicyRequest(s string) bool {
	for _, request := range policyRequests() {
		if s == request {
			return true
		}
	}
	return false
}

// mayBePolicyRequest reports whether more octets could make s a policy request.
func mayBePolicyRequest(s string) bool {
	for _, request := range policyRequests() {
		if strings.HasPrefix(request, s) {
			return true
		}
	}
	return false
}
