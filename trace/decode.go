package trace

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"iter"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// Decode walks a driver through one direction of a connection that somebody has
// captured, and records it: what a client has sent for the role of a server, what a
// server has sent for that of a client. The driver looks on only: nothing is written,
// and what an answer must equal because of the request (Sec-WebSocket-Accept, the digest
// of hixie-76, the subprotocol) is not looked at. The header of the trace says so.
//
// Options.Versions are the versions to expect, by default all for a server, which reads
// the version off the request, and RFC 6455 for a client. A server of hybi-04 draws its
// nonce from Options.Rand. The error is that of a rule that was broken, else that of w.
func Decode(w io.Writer, role states.Role, o wsfsm.Options, chunks iter.Seq[[]byte], s Settings) error {
	if len(o.Versions) == 0 && role == states.Server {
		o.Versions = []string{wsfsm.AllVersions}
	}
	h, o, err := lookingOn(role, o)
	if err != nil {
		return err
	}
	r, err := newRecorder(w, h, o, s)
	if err != nil {
		return err
	}
	if err := r.lookOn(role, chunks); err != nil {
		return err
	}
	return r.err
}

// lookingOn returns the header and the options of a driver that only looks on.
func lookingOn(role states.Role, o wsfsm.Options) (Header, wsfsm.Options, error) {
	o.AutoStart, o.Origins, o.MaxOutput = true, []string{"*"}, wsfsm.NoLimit
	url := ""
	if role == states.Client {
		url = "ws://captured/"
	}
	h, err := describe(role.String(), url, o)
	if err != nil {
		return h, o, err
	}
	h.Passive = true
	ep, err := wsfsm.NewEndpoint(o)
	if err != nil {
		return h, o, err
	}
	o.Protocols = nil
	for _, p := range ep.Protocols() {
		o.Protocols = append(o.Protocols, passive(p))
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	return h, o, nil
}

// lookOn gives the driver what was captured, then the end of the transport.
func (r *Recorder) lookOn(role states.Role, chunks iter.Seq[[]byte]) error {
	if role == states.Client {
		if err := r.Start(); err != nil {
			return err
		}
		r.Sent(r.Driver().Unsent())
	}
	var broken error
	take := func() {
		for e := range r.Events() {
			if e.Kind == wsfsm.EventError {
				broken = r.Driver().Err()
			}
		}
		if n := r.Driver().Unsent(); n > 0 {
			r.Sent(n) // nobody gets it
		}
	}
	for chunk := range chunks {
		if err := r.Receive(bytes.Clone(chunk)); err != nil {
			return fmt.Errorf("trace: %w", err)
		}
		take()
	}
	r.ReceiveEOF(nil)
	take()
	return broken
}
