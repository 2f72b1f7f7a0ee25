package conformance

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/wsfsm/wsfsm"
)

// command carries out a command and checks its error. One that fails must have
// changed nothing.
func (r *runner) command(s *Step) error {
	before := r.facts()
	err, problem := r.do(s)
	if problem != nil {
		return problem
	}
	if got := errorString(err); got != strings.Join(s.Fails, " ") {
		return r.mismatch("the command's error differs", orNone(strings.Join(s.Fails, " ")), orNone(got))
	}
	if err != nil {
		if after := r.facts(); after != before {
			return r.mismatch("a command that failed has changed something", before, after)
		}
	}
	return r.pump()
}

// facts lists what can be seen of the driver from outside.
func (r *runner) facts() string {
	return fmt.Sprintf("state %v, waits %v, pending %d, offset %d, blocked %v, subprotocol %q, unsent %d: %s",
		r.d.State(), r.d.CloseExpected(), r.d.Pending(), r.d.Offset(), r.d.Blocked(), r.d.Subprotocol(), r.d.Unsent(), describe(r.output()))
}

// do calls the driver. problem is a mismatch that is not the command's error.
func (r *runner) do(s *Step) (err, problem error) {
	octets := r.octets(s)
	switch s.Verb {
	case "lend":
		return r.lend(kindOf(s.Args[0]), octets)
	case "ping":
		err, problem = r.ping(octets)
	case "text":
		err = r.d.Text(octets)
	case "binary":
		err = r.d.Binary(octets)
	case "begin":
		err = r.d.Begin(kindOf(s.Args[0]), octets)
	case "append":
		err = r.d.Append(octets)
	case "end":
		err = r.d.End(octets)
	case "pong":
		err = r.d.Pong(octets)
	case "close":
		err = r.d.Close(codeOf(s.Args), string(octets))
	default:
		return r.doOpening(s, octets)
	}
	overwrite(octets) // the driver must have copied them
	return err, problem
}

// ping sends a ping; their numbers count up from 1.
func (r *runner) ping(octets []byte) (err, problem error) {
	id, err := r.d.Ping(octets)
	if err != nil {
		return err, nil
	}
	if r.pings++; id != r.pings {
		return nil, r.mismatch("the number of the ping differs", fmt.Sprint(r.pings), fmt.Sprint(id))
	}
	return nil, nil
}

// doOpening carries out the commands around the opening handshake, and the
// facts of the world.
func (r *runner) doOpening(s *Step, octets []byte) (err, problem error) {
	switch s.Verb {
	case "start":
		return r.d.Start(fields(s)...), nil
	case "reject":
		status, _ := strconv.Atoi(s.Args[0])
		return r.d.Reject(status, fields(s), octets), nil
	case "tunnel":
		return r.d.Tunnel(fields(s)...), nil
	case "limit":
		return r.d.SetMaxMessage(limitOf(s.Args[0])), nil
	case "choose":
		return r.d.ChooseSubprotocol(string(octets)), nil
	case "detach":
		return r.detach(octets)
	case "dial":
		_, err := r.ep.Client(string(octets))
		return err, nil
	case "eof":
		var cause error
		if len(s.Args) > 0 {
			cause = errReset
		}
		r.d.ReceiveEOF(cause)
	case "expire":
		r.d.Expire()
	case "drop":
		r.d.DropOutput()
	}
	return nil, nil
}

// detach checks the unread octets that are handed over, with those that the
// driver has not been given yet.
func (r *runner) detach(want []byte) (err, problem error) {
	got, err := r.d.Detach()
	if err != nil {
		return err, nil
	}
	got = bytes.Clone(got)
	for _, p := range r.held {
		got = append(got, p...)
	}
	r.held = nil
	if !bytes.Equal(got, want) {
		return nil, r.mismatch("the unread octets differ", describe(want), describe(got))
	}
	return nil, nil
}

func kindOf(word string) wsfsm.MessageKind {
	if word == wsfsm.Binary.String() {
		return wsfsm.Binary
	}
	return wsfsm.Text
}

// codeOf returns the close code of a command; 0 if it has none.
func codeOf(args []string) wsfsm.CloseCode {
	if len(args) == 0 {
		return 0
	}
	code, _ := strconv.ParseUint(args[0], 10, 16)
	return wsfsm.CloseCode(code)
}

// limitOf returns the limit of messages that a command sets.
func limitOf(word string) int64 {
	if word == "none" {
		return wsfsm.NoLimit
	}
	n, _ := strconv.ParseInt(word, 10, 64)
	return n
}

func fields(s *Step) (all []wsfsm.Field) {
	for _, f := range s.Fields {
		all = append(all, wsfsm.Field(f))
	}
	return all
}

// errorString writes an error of a command as a case does; "" for none.
func errorString(err error) string {
	if err == nil {
		return ""
	}
	if errors.Is(err, wsfsm.ErrUnsupported) && errors.Is(err, wsfsm.ErrRefused) {
		return "unsupported"
	}
	var refused *wsfsm.RefusedError
	if errors.As(err, &refused) && errors.Is(err, wsfsm.ErrRefused) {
		return fmt.Sprintf("refused %v %s", refused.Machine, refused.State)
	}
	for _, known := range []struct {
		err  error
		name string
	}{
		{wsfsm.ErrOutputFull, "output-full"},
		{wsfsm.ErrInvalidText, "invalid-text"},
		{wsfsm.ErrControlTooLong, "control-too-long"},
		{wsfsm.ErrTooManyPings, "too-many-pings"},
		{wsfsm.ErrCloseCode, "close-code"},
		{wsfsm.ErrMasked, "masked"},
	} {
		if errors.Is(err, known.err) {
			return known.name
		}
	}
	return "error"
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
