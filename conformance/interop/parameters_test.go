package interop

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/extension/deflate"
)

// parameters are those of permessage-deflate in an offer or an answer, or those
// that an end is set to (RFC 7692 §7.1). A window is 0 if it is not there.
type parameters struct {
	serverNoTakeover, clientNoTakeover bool
	serverBits, clientBits             int
}

// bare is the window of client_max_window_bits without a value.
const bare = -1

// Windows that may be there or not.
var (
	window8To15 = []int{0, 8, 9, 10, 11, 12, 13, 14, 15}
	window9To15 = []int{0, 9, 10, 11, 12, 13, 14, 15}
)

// list returns the parameters for a header field.
func (p parameters) list() (list []extension.Parameter) {
	add := func(name string, is bool, bits int) {
		if is {
			list = append(list, extension.Parameter{Name: name, Bare: true})
		} else if bits > 0 {
			list = append(list, extension.Parameter{Name: name, Value: strconv.Itoa(bits)})
		}
	}
	add("server_no_context_takeover", p.serverNoTakeover, 0)
	add("client_no_context_takeover", p.clientNoTakeover, 0)
	add("server_max_window_bits", false, p.serverBits)
	add("client_max_window_bits", p.clientBits == bare, p.clientBits)
	return list
}

// String returns the parameters as a header field has them, without the name of
// the extension.
func (p parameters) String() string {
	_, rest, _ := strings.Cut(extension.Element{Name: deflate.Name, Parameters: p.list()}.String(), "; ")
	return rest
}

// ofClient returns the options of a client that offers the parameters.
func (p parameters) ofClient() deflate.Options {
	return deflate.Options{
		NoContextTakeover: p.clientNoTakeover, Window: max(p.clientBits, 0),
		PeerNoContextTakeover: p.serverNoTakeover, PeerWindow: p.serverBits,
	}
}

// ofServer returns the options of a server that is set to the parameters.
func (p parameters) ofServer() deflate.Options {
	return deflate.Options{
		NoContextTakeover: p.serverNoTakeover, Window: p.serverBits,
		PeerNoContextTakeover: p.clientNoTakeover, PeerWindow: max(p.clientBits, 0),
	}
}

// every returns all combinations of parameters with those windows.
func every(serverBits, clientBits []int) (all []parameters) {
	for _, serverNoTakeover := range []bool{false, true} {
		for _, clientNoTakeover := range []bool{false, true} {
			for _, s := range serverBits {
				for _, c := range clientBits {
					all = append(all, parameters{serverNoTakeover, clientNoTakeover, s, c})
				}
			}
		}
	}
	return all
}

// readField reads the elements of Sec-WebSocket-Extensions in a head. It stands
// by itself, so that it does not share faults with what is tested.
func readField(head string) (elements []parameters, err error) {
	for line := range strings.Lines(head) {
		name, value, _ := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
		if !strings.EqualFold(name, "Sec-WebSocket-Extensions") {
			continue
		}
		for element := range strings.SplitSeq(value, ",") {
			p, err := readElement(strings.Split(element, ";"))
			if err != nil {
				return nil, fmt.Errorf("%w in %q", err, value)
			}
			elements = append(elements, p)
		}
	}
	return elements, nil
}

func readElement(words []string) (p parameters, err error) {
	for i := range words {
		words[i] = strings.TrimSpace(words[i])
	}
	if words[0] != "permessage-deflate" {
		return p, errors.New("another extension")
	}
	var seen []string
	for _, word := range words[1:] {
		name, value, valued := strings.Cut(word, "=")
		if slices.Contains(seen, name) {
			return p, fmt.Errorf("%s twice", name)
		}
		seen = append(seen, name)
		switch {
		case word == "server_no_context_takeover":
			p.serverNoTakeover = true
		case word == "client_no_context_takeover":
			p.clientNoTakeover = true
		case word == "client_max_window_bits":
			p.clientBits = bare
		case valued && name == "server_max_window_bits" && slices.Contains(window8To15[1:], number(value)):
			p.serverBits = number(value)
		case valued && name == "client_max_window_bits" && slices.Contains(window8To15[1:], number(value)):
			p.clientBits = number(value)
		default:
			return p, fmt.Errorf("bad parameter %q", word)
		}
	}
	return p, nil
}

// number reads digits without a leading zero; 0 if it is something else.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || strconv.Itoa(n) != s {
		return 0
	}
	return n
}

// suits says what is wrong with an answer to offers; nil if it is valid for one
// of them.
func suits(answer parameters, offers []parameters) (err error) {
	for _, offer := range offers {
		why := suitsOne(answer, offer)
		if why == nil {
			return nil
		}
		err = errors.Join(err, why)
	}
	return err
}

func suitsOne(answer, offer parameters) error {
	switch {
	case offer.serverNoTakeover && !answer.serverNoTakeover:
		return errors.New("the answer leaves out server_no_context_takeover (RFC 7692 §7.1.1.1)")
	case offer.serverBits > 0 && answer.serverBits == 0:
		return errors.New("the answer leaves out server_max_window_bits (RFC 7692 §7.1.2.1)")
	case offer.serverBits > 0 && answer.serverBits > offer.serverBits:
		return errors.New("server_max_window_bits is greater than offered (RFC 7692 §7.1.2.1)")
	case answer.clientBits == bare:
		return errors.New("client_max_window_bits without a value in an answer (RFC 7692 §7.1.2.2)")
	case answer.clientBits > 0 && offer.clientBits == 0:
		return errors.New("client_max_window_bits was not offered (RFC 7692 §7.1.2.2)")
	case offer.clientBits > 0 && answer.clientBits > offer.clientBits:
		return errors.New("client_max_window_bits is greater than offered (RFC 7692 §7.1.2.2)")
	}
	return nil
}

// TestSuits has the check of answers refuse what is not valid.
func TestSuits(t *testing.T) {
	for _, c := range []struct{ offers, answer, want string }{
		{"", "", ""},
		{"; server_no_context_takeover", "", "leaves out server_no_context_takeover"},
		{"; server_no_context_takeover", "; server_no_context_takeover", ""},
		{"", "; server_no_context_takeover; client_no_context_takeover", ""},
		{"; client_no_context_takeover", "", ""},
		{"; server_max_window_bits=10", "", "leaves out server_max_window_bits"},
		{"; server_max_window_bits=15", "", "leaves out server_max_window_bits"},
		{"; server_max_window_bits=10", "; server_max_window_bits=11", "server_max_window_bits is greater"},
		{"; server_max_window_bits=10", "; server_max_window_bits=8", ""},
		{"", "; server_max_window_bits=8", ""},
		{"", "; client_max_window_bits=15", "was not offered"},
		{"; client_max_window_bits", "; client_max_window_bits", "without a value"},
		{"; client_max_window_bits", "; client_max_window_bits=15", ""},
		{"; client_max_window_bits=10", "; client_max_window_bits=11", "client_max_window_bits is greater"},
		{"; client_max_window_bits=10", "", ""},
		{"; server_max_window_bits=9, permessage-deflate; server_no_context_takeover", "; server_no_context_takeover", ""},
		{"; server_max_window_bits=9, permessage-deflate; server_no_context_takeover", "", "leaves out server_no_context_takeover"},
		{"", "; server_max_window_bits=08", "bad parameter"},
		{"", "; server_max_window_bits=16", "bad parameter"},
		{"", "; server_max_window_bits", "bad parameter"},
		{"", "; server_no_context_takeover=1", "bad parameter"},
		{"", "; unknown", "bad parameter"},
		{"", "; server_no_context_takeover; server_no_context_takeover", "twice"},
		{"", ", deflate-frame", "another extension"},
	} {
		field := func(rest string) ([]parameters, error) {
			return readField("GET / HTTP/1.1\r\nSec-WebSocket-Extensions: permessage-deflate" + rest + "\r\n\r\n")
		}
		offers, err := field(c.offers)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := field(c.answer)
		if err == nil {
			err = suits(answer[0], offers)
		}
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
