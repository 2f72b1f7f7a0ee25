package fuzz

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wsfsm/wsfsm/conformance/model"
	"github.com/wsfsm/wsfsm/states"
)

// playRequests plays the program, from the opening handshake on, on a server that
// speaks all versions.
func playRequests(octets []byte) error {
	p, ok := Decode(octets)
	if !ok {
		return nil
	}
	p.Options.Handshake = true
	versions := model.Versions()
	slices.Reverse(versions)
	return Check(Config{Role: states.Server, Versions: versions}, p)
}

// checkRequest compares whether a request is taken, as which version, and what
// it is answered; not with what status it is refused, as the order of the checks
// is free where a request breaks several rules.
func checkRequest(s side, enabled []string, r *record) error {
	q := r.request
	if q == nil {
		return nil
	}
	asked := model.Request{Method: q.Method, Target: q.Target, Version: q.Proto, Headers: headers(q.Header)}
	if n := s.behindHead() / 2; s.role == states.Server && r.open && n > 0 {
		asked.Body = string(r.received[r.openAt-n : r.openAt])
	}
	version, status := model.Judge(enabled, asked)
	switch {
	case asked.LeftOpen(enabled, version):
		return nil
	case q.WebSocket && status == 403 && (hasPort(asked)):
		return nil // the model does not know that the default port is the same as none
	case q.WebSocket && (status != 101 || version != s.name()):
		return fmt.Errorf("the request is taken, the model answers %d: as %s, not %q: %+v", status, s.name(), version, q)
	case r.broke(states.BadProtocols) && len(q.Subprotocols) >= 100:
		return nil // a limit of the driver, which the model does not have
	case r.broke(states.BadOrigin) && strings.ContainsFunc(q.Header.Get("Host"), isOdd):
		return nil // no host of an origin has such characters
	case !q.WebSocket && status == 101 && !r.broke(states.BadRequestLine, states.BadHost, states.BadHTTPVersion):
		// Those are the grammars of target and host, and HTTP/2.0 on a stream of
		// HTTP/1.1, which the model does not judge.
		return fmt.Errorf("the request is not taken, the model finds no fault: %+v", q)
	case q.WebSocket && r.open && !r.torn && strings.HasPrefix(q.Target, "/"): // the model has paths only
		return s.checkAnswer(asked, r)
	}
	return nil
}

// isOdd reports whether a character is in hardly any host.
func isOdd(c rune) bool {
	return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("-._~:[]", c))
}

// hasPort reports whether the host or an origin has a port.
func hasPort(q model.Request) bool {
	return slices.ContainsFunc(q.Headers, func(h model.Header) bool {
		most := 0
		switch strings.ToLower(h.Name) {
		case "origin", "sec-websocket-origin":
			most = 1 // that of the scheme
		case "host":
		default:
			return false
		}
		return strings.Count(h.Value, ":") > most
	})
}

// checkAnswer compares the answer to a request that was taken.
func (s side) checkAnswer(asked model.Request, r *record) error {
	sent, _ := r.sent(s)
	got := answerOf(sent)
	choice := model.Choice{Nonce: r.sentField("Sec-WebSocket-Nonce")}
	for _, h := range got.Headers {
		if strings.HasSuffix(h.Name, "WebSocket-Protocol") {
			if choice.Protocol = h.Value; !slices.Contains(r.request.Subprotocols, h.Value) {
				return fmt.Errorf("the subprotocol %q is chosen", h.Value)
			}
		}
	}
	want := s.own().OpeningAnswer(asked, choice)
	if s.version != "hixie-75" { // where the order counts
		slices.SortFunc(got.Headers, byNameAndValue)
		slices.SortFunc(want.Headers, byNameAndValue)
	}
	if got.Status != want.Status || got.Reason != want.Reason || got.Body != want.Body || !slices.Equal(got.Headers, want.Headers) {
		return fmt.Errorf("the answer of %s is\n%s\nthe model's\n%s", s.name(), got.Octets(), want.Octets())
	}
	return nil
}

func byNameAndValue(a, b model.Header) int {
	return strings.Compare(a.Name+"\x00"+a.Value, b.Name+"\x00"+b.Value)
}

// answerOf reads a response that a driver has sent.
func answerOf(octets []byte) (a model.Response) {
	first, all, body := parts(octets)
	words := append(strings.SplitN(first, " ", 3), "", "")
	a.Status, _ = strconv.Atoi(words[1])
	a.Reason, a.Headers, a.Body = words[2], all, body
	return a
}

// parts takes a head that a driver has sent apart.
func parts(octets []byte) (first string, all []model.Header, body string) {
	head, body, _ := strings.Cut(string(octets), "\r\n\r\n")
	first, rest, _ := strings.Cut(head, "\r\n")
	for line := range strings.SplitSeq(rest, "\r\n") {
		if name, value, ok := strings.Cut(line, ": "); ok {
			all = append(all, model.Header{Name: name, Value: value})
		}
	}
	return first, all, body
}
