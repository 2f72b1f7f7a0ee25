package conformance

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// get compares what a getter of the driver answers with what the case says.
func (r *runner) get(s *Step) error {
	if s.Verb == "machine" {
		return r.getMachine(s)
	}
	want := strings.Join(s.Args, " ")
	if s.Verb == "field" || len(s.Args) == 0 {
		want = string(r.octets(s))
	}
	got := r.getter(s)
	if s.Verb == "unsent" {
		r.stated = r.d.Unsent()
	}
	if got != want {
		return r.mismatch("the getter answers something else", strconv.Quote(want), strconv.Quote(got))
	}
	return nil
}

// getMachine compares the state of one machine and the way it came there, which
// only an observer sees.
func (r *runner) getMachine(s *Step) error {
	if r.stood == nil {
		return nil
	}
	got, want := r.stood.words(s.Args[0]), s.Args[1:]
	if !slices.Equal(want, got[:min(len(want), len(got))]) {
		return r.mismatch("the machine stands elsewhere or came another way", strings.Join(want, " "), strings.Join(got, " "))
	}
	return nil
}

// getter returns what a getter answers.
func (r *runner) getter(s *Step) string {
	switch s.Verb {
	case "state":
		return r.d.State().String()
	case "version":
		return r.d.Version()
	case "wire-version":
		if r.d.WireVersion() < 0 {
			return "none"
		}
		return fmt.Sprint(r.d.WireVersion())
	case "waits":
		if r.d.CloseExpected() == 0 {
			return "nothing"
		}
		return r.d.CloseExpected().String()
	case "subprotocol":
		return r.d.Subprotocol()
	case "extensions":
		return strings.Join(r.d.Extensions(), ", ")
	case "unsent":
		return fmt.Sprint(r.d.Unsent())
	case "pending":
		return fmt.Sprint(r.pending())
	case "offset":
		return fmt.Sprint(r.d.Offset() - r.origin)
	case "blocked":
		return yes(r.d.Blocked())
	}
	if r.c.Role == states.Client {
		return responseGetter(r.d.Response(), s)
	}
	return requestGetter(r.d.Request(), s)
}

// requestGetter answers for the request that a server has read.
func requestGetter(q *wsfsm.Request, s *Step) string {
	if q == nil {
		return "no request"
	}
	switch s.Verb {
	case "method":
		return q.Method
	case "target":
		return q.Target
	case "protocol":
		return q.Proto
	case "websocket":
		return yes(q.WebSocket)
	case "offers":
		return strings.Join(q.Subprotocols, ",")
	case "field":
		return fieldValues(q.Header, s.Args[0])
	}
	return "a request has no " + s.Verb
}

// responseGetter answers for the response that a client has read.
func responseGetter(p *wsfsm.Response, s *Step) string {
	if p == nil {
		return "no response"
	}
	switch s.Verb {
	case "protocol":
		return p.Proto
	case "status":
		return fmt.Sprint(p.Status)
	case "reason":
		return p.Reason
	case "field":
		return fieldValues(p.Header, s.Args[0])
	}
	return "a response has no " + s.Verb
}

// fieldValues returns the values of the fields with that name, one per line.
func fieldValues(h wsfsm.Header, name string) string {
	values := h.Values(name)
	if values == nil {
		return "no such field"
	}
	return strings.Join(values, "\n")
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
