package interop

import (
	"bufio"
	"net"
	"net/http"
)

// accepting reads the request off a transport, for upgrades from net/http.
func accepting(c net.Conn) (http.ResponseWriter, *http.Request, error) {
	rw := bufio.NewReadWriter(bufio.NewReader(c), bufio.NewWriter(c))
	r, err := http.ReadRequest(rw.Reader)
	return &hijacked{header: http.Header{}, conn: c, rw: rw}, r, err
}

// hijacked is a response whose connection can be taken over.
type hijacked struct {
	header http.Header
	conn   net.Conn
	rw     *bufio.ReadWriter
}

func (h *hijacked) Header() http.Header         { return h.header }
func (h *hijacked) Write(p []byte) (int, error) { return h.rw.Write(p) }

func (h *hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) { return h.conn, h.rw, nil }

// WriteHeader is how coder/websocket answers before it takes the connection over.
func (h *hijacked) WriteHeader(status int) {
	r := http.Response{StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Header: h.header}
	if status == http.StatusSwitchingProtocols {
		h.rw.WriteString("HTTP/1.1 101 Switching Protocols\r\n")
		h.header.Write(h.rw)
		h.rw.WriteString("\r\n")
	} else {
		r.Write(h.rw)
	}
	h.rw.Flush()
}
