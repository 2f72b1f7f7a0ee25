package wsnet

import (
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/wsfsm/wsfsm"
)

// Accept takes the connection of a request over from net/http and completes the
// opening handshake. It answers requests that do not hold itself, with the
// status that fits, and returns a *HandshakeError then. The handler may return
// while the Conn lives: nothing of net/http is held on to. Only HTTP/1 requests
// can be taken over.
func Accept(w http.ResponseWriter, r *http.Request, o *Options) (*Conn, error) {
	if o == nil {
		o = &Options{}
	}
	ep, err := endpoint(o.Driver)
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return nil, err
	}
	if r.ProtoMajor != 1 {
		http.Error(w, "WebSocket needs HTTP/1.1 here", http.StatusHTTPVersionNotSupported)
		return nil, fmt.Errorf("wsnet: a request of %s cannot be taken over", r.Proto)
	}
	d, err := ep.ServerFor(convert(r))
	if err != nil {
		http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
		return nil, err
	}
	nc, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return nil, fmt.Errorf("wsnet: the connection cannot be taken over: %w", err)
	}
	nc.SetDeadline(time.Now().Add(orDefault(o.HeadTimeout, DefaultHeadTimeout)))
	unread, err := buffered.Reader.Peek(buffered.Reader.Buffered())
	if err == nil {
		err = d.Receive(append([]byte(nil), unread...))
	}
	if err != nil {
		nc.Close()
		return nil, err
	}
	return opened(nc, d, o)
}

// opened completes the opening handshake and lifts its deadline.
func opened(nc net.Conn, d *wsfsm.Driver, o *Options) (*Conn, error) {
	buf, err := open(nc, d, o.Decide)
	if err != nil {
		return nil, timedOut(err, ErrHeadTimeout)
	}
	nc.SetDeadline(time.Time{})
	return newConn(nc, d, buf, orDefault(o.CloseTimeout, DefaultCloseTimeout)), nil
}

// convert makes the driver's request of net/http's, which keeps Host and
// Transfer-Encoding apart from the header.
func convert(r *http.Request) *wsfsm.Request {
	q := &wsfsm.Request{Method: r.Method, Target: r.RequestURI, Proto: r.Proto}
	if r.Host != "" {
		q.Header = append(q.Header, wsfsm.Field{Name: "Host", Value: r.Host})
	}
	for _, coding := range r.TransferEncoding {
		q.Header = append(q.Header, wsfsm.Field{Name: "Transfer-Encoding", Value: coding})
	}
	for name, values := range r.Header {
		for _, value := range values {
			q.Header = append(q.Header, wsfsm.Field{Name: name, Value: value})
		}
	}
	return q
}
