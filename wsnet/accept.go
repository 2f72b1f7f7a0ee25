package wsnet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/wsfsm/wsfsm"
)

// Accept takes a request over from net/http and opens a WebSocket connection,
// which outlives the handler and its request's context. Fields that were set in
// w.Header() are sent with the response, behind those of Options.Driver; a
// Sec-WebSocket-Protocol among them chooses the subprotocol.
//
// A request that cannot be accepted is answered with its status by Accept, and
// the error is an *OpenError with the rule that was broken. The handler only has
// to return then.
//
// While the handler runs, net/http keeps its buffers, of 8 KiB and more: a handler
// that leaves the connection to another goroutine, and returns, saves them.
// Server.ServeHTTP does so.
func Accept(w http.ResponseWriter, r *http.Request, o *Options) (*Conn, error) {
	s, o, err := o.share()
	if err != nil {
		return nil, refuse(w, http.StatusInternalServerError, err)
	}
	if r.ProtoMajor >= 2 {
		return nil, refuse(w, http.StatusHTTPVersionNotSupported, ErrHTTPVersion)
	}
	d, err := s.endpoint.ServerFor(requestOf(r))
	if err != nil {
		return nil, refuse(w, http.StatusBadRequest, err)
	}
	if r.TLS != nil {
		d.SetSecure()
	}
	opening := &opening{shared: s, driver: d}
	opening.events(func() { err = start(d, w.Header()) })
	switch {
	case err != nil:
		return nil, refuse(w, http.StatusInternalServerError, err)
	case opening.err != nil:
		return nil, forward(w, r, d, opening.err)
	}
	nc, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, refuse(w, http.StatusInternalServerError, err)
	}
	if err := opening.takeOver(nc, rw.Reader, orDefault(o.HeadTimeout, DefaultHeadTimeout)); err != nil {
		cut(nc)
		return nil, &OpenError{Stage: StageHandshake, Err: err}
	}
	return opening.conn(), nil
}

// start accepts a request with the fields that the handler has set. Those that
// concern the HTTP connection say nothing about this one.
func start(d *wsfsm.Driver, h http.Header) error {
	h = h.Clone()
	for _, name := range []string{"Connection", "Upgrade", "Content-Length", "Transfer-Encoding"} {
		h.Del(name)
	}
	const subprotocol = "Sec-WebSocket-Protocol"
	if choice := h.Get(subprotocol); choice != "" {
		h.Del(subprotocol)
		if err := d.ChooseSubprotocol(choice); err != nil {
			return err
		}
	}
	return d.Start(fieldsOf(h)...)
}

// takeOver takes the transport, with what net/http has read behind the request,
// and carries the handshake to its end. The deadlines that net/http has set end here.
func (o *opening) takeOver(nc net.Conn, r *bufio.Reader, timeout time.Duration) error {
	o.nc = nc
	if n := r.Buffered(); n > 0 {
		read, err := r.Peek(n)
		if err != nil {
			return err
		}
		if err := o.driver.Receive(bytes.Clone(read)); err != nil {
			return err
		}
	}
	var deadline time.Time
	if timeout > 0 {
		deadline = time.Now().Add(timeout)
	}
	if err := nc.SetDeadline(deadline); err != nil {
		return err
	}
	// In some drafts eight octets follow the request, which may still be on their way.
	if err := o.run(func() {}); err != nil {
		if isTimeout(err) {
			return ErrHeadTimeout
		}
		return err
	}
	return nc.SetDeadline(time.Time{})
}

// refuse answers a request that the driver has no answer for.
func refuse(w http.ResponseWriter, status int, err error) error {
	http.Error(w, http.StatusText(status), status)
	return &OpenError{Stage: StageHandshake, Err: err}
}

// forward answers a request with the driver's response.
func forward(w http.ResponseWriter, r *http.Request, d *wsfsm.Driver, cause error) error {
	response, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(d.Output())), r)
	if err != nil {
		return refuse(w, http.StatusInternalServerError, errors.Join(cause, err))
	}
	defer response.Body.Close()
	for name, values := range response.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(response.StatusCode)
	_, _ = io.Copy(w, response.Body) // the client's loss if it does not wait
	return &OpenError{Stage: StageHandshake, Err: cause}
}

// requestOf returns the head of a request as far as net/http has kept it, which
// keeps Host and Transfer-Encoding apart.
func requestOf(r *http.Request) *wsfsm.Request {
	header := wsfsm.Header{}
	if r.Host != "" {
		header = append(header, wsfsm.Field{Name: "Host", Value: r.Host})
	}
	for _, coding := range r.TransferEncoding {
		header = append(header, wsfsm.Field{Name: "Transfer-Encoding", Value: coding})
	}
	return &wsfsm.Request{Method: r.Method, Target: r.RequestURI, Proto: r.Proto, Header: append(header, fieldsOf(r.Header)...)}
}

// fieldsOf returns the fields of a header in a fixed order.
func fieldsOf(h http.Header) (fields []wsfsm.Field) {
	for name, values := range h {
		for _, value := range values {
			fields = append(fields, wsfsm.Field{Name: name, Value: value})
		}
	}
	slices.SortStableFunc(fields, func(a, b wsfsm.Field) int { return strings.Compare(a.Name, b.Name) })
	return fields
}
