package fuzz

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/wsfsm/wsfsm/conformance/model"
	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/extension/deflate"
)

// playExtensions takes its octets, behind the first three, for the value of a
// Sec-WebSocket-Extensions field, and the three for options of compression. The
// value must be read or refused as the model does; as an offer it must be answered
// with what suits it, and as an answer be accepted only if it suits the offers.
func playExtensions(octets []byte) error {
	if len(octets) < 3 {
		return nil
	}
	x, err := deflate.New(compression(Options{MaxHead: int(octets[0]), MaxLine: int(octets[1]), Hold: octets[2]&1 != 0, Lazy: octets[2]&2 != 0}))
	if err != nil {
		return err
	}
	value := string(octets[3:])
	list, err := parsed(value)
	if err != nil || list == nil {
		return err
	}
	ours := []extension.Extension{x}
	answer := extension.Answer(ours, list)
	if err := answers(answer, list); err != nil {
		return fmt.Errorf("%q is answered: %w", value, err)
	}
	return accepts(ours, list)
}

// parsed reads a value and what is written of it, and compares with the model; nil
// if it is none.
func parsed(value string) ([]extension.Element, error) {
	list, err := extension.Parse(value)
	request := model.New("rfc6455", model.Client).OpeningRequest(model.Offer{Host: "example.com", Resource: "/", Key: requestKey})
	request.Headers = append(request.Headers, model.Header{Name: "Sec-WebSocket-Extensions", Value: value})
	limited := strings.Count(value, ",") >= extension.MaxExtensions || strings.Count(value, ";") >= extension.MaxParameters
	if taken := model.CheckRequest(request) == 101; taken != (err == nil) && !limited {
		return nil, fmt.Errorf("%q: %w, the model takes it: %v", value, err, taken)
	}
	if err != nil {
		return nil, nil
	}
	var written []string
	for _, e := range list {
		written = append(written, e.String())
	}
	again, err := extension.Parse(strings.Join(written, ", "))
	if err != nil || !reflect.DeepEqual(again, list) {
		return nil, fmt.Errorf("%q is read as %v, which is read as %v: %w", value, list, again, err)
	}
	return list, nil
}

// bits returns the value of a parameter of window bits, 15 if it has none; 0 if
// the parameter is not there, -1 if its value is not allowed (RFC 7692 §7.1.2).
func bits(e extension.Element, name string) int {
	for _, p := range e.Parameters {
		if p.Name == name {
			n, err := strconv.Atoi(p.Value)
			switch {
			case p.Bare:
				return deflate.MaxWindow
			case err != nil || n < deflate.MinWindow || n > deflate.MaxWindow || p.Value != strconv.Itoa(n):
				return -1
			}
			return n
		}
	}
	return 0
}

// has reports whether a parameter is there.
func has(e extension.Element, name string) bool { return bits(e, name) != 0 }

// The parameters (RFC 7692 §7.1).
const (
	serverAlone  = "server_no_context_takeover"
	clientAlone  = "client_no_context_takeover"
	serverWindow = "server_max_window_bits"
	clientWindow = "client_max_window_bits"
)

// answers checks that what was agreed on suits one of the offers (RFC 7692 §7.1).
func answers(agreed []extension.Agreed, offers []extension.Element) error {
	if len(agreed) == 0 {
		return nil
	}
	answer := agreed[0].Element
	if len(agreed) > 1 || answer.Name != deflate.Name {
		return fmt.Errorf("more than once, or by another name: %v", agreed)
	}
	for _, offer := range offers {
		switch {
		case offer.Name != deflate.Name,
			bits(answer, serverWindow) < 0 || bits(answer, clientWindow) < 0,
			has(offer, serverAlone) && !has(answer, serverAlone),
			has(offer, serverWindow) && (!has(answer, serverWindow) || bits(answer, serverWindow) > bits(offer, serverWindow)),
			has(answer, clientWindow) && (!has(offer, clientWindow) || bits(answer, clientWindow) > bits(offer, clientWindow)):
			continue
		}
		return nil
	}
	return fmt.Errorf("by %v, which suits none of them", answer)
}

// accepts checks that a client accepts only answers to its offers.
func accepts(ours []extension.Extension, answer []extension.Element) error {
	if _, err := extension.Accept(ours, answer); err != nil {
		return nil
	}
	if len(answer) != 1 || answer[0].Name != deflate.Name {
		return fmt.Errorf("%v is accepted as an answer", answer)
	}
	seen := map[string]bool{}
	for _, p := range answer[0].Parameters {
		isWindow := p.Name == serverWindow || p.Name == clientWindow
		if seen[p.Name] || p.Bare == isWindow || !isWindow && p.Name != serverAlone && p.Name != clientAlone || bits(answer[0], p.Name) < 0 {
			return fmt.Errorf("%v is accepted as an answer", answer)
		}
		seen[p.Name] = true
	}
	for _, offer := range extension.Offers(ours) {
		if fits := !has(offer, serverAlone) || seen[serverAlone]; fits &&
			(!has(offer, serverWindow) || seen[serverWindow] && bits(answer[0], serverWindow) <= bits(offer, serverWindow)) {
			return nil
		}
	}
	return fmt.Errorf("%v is accepted as an answer to %v", answer, extension.Offers(ours))
}
