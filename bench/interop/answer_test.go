package interop

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// terms are the parameters of an offer or answer of permessage-deflate, by name.
type terms map[string]string

// readTerms reads the field values of Sec-WebSocket-Extensions. It is for what
// the implementations here send, which quote nothing.
func readTerms(h http.Header) (list []terms, err error) {
	for _, element := range strings.Split(strings.Join(h.Values("Sec-WebSocket-Extensions"), ","), ",") {
		parts := strings.Split(element, ";")
		if strings.TrimSpace(parts[0]) == "" {
			continue
		}
		if strings.TrimSpace(parts[0]) != "permessage-deflate" {
			return nil, fmt.Errorf("extension %q", parts[0])
		}
		t := terms{}
		for _, p := range parts[1:] {
			name, value, _ := strings.Cut(strings.TrimSpace(p), "=")
			if _, twice := t[name]; twice {
				return nil, fmt.Errorf("%s is there twice", name)
			}
			t[name] = value
		}
		list = append(list, t)
	}
	return list, nil
}

var errAboveHint = errors.New("client_max_window_bits is above the value of the offer")

// bits wants 8 to 15 in decimal; without the parameter it is 15.
func (t terms) bits(name string) (int, error) {
	s, there := t[name]
	if !there || s == "" && name == "client_max_window_bits" {
		return 15, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 8 || n > 15 || strconv.Itoa(n) != s {
		return 0, fmt.Errorf("%s=%q", name, s)
	}
	return n, nil
}

// suits says whether an answer is valid for an offer by RFC 7692 §7.1.
func suits(offer, answer terms) error {
	for name, value := range answer {
		switch name {
		case "server_no_context_takeover", "client_no_context_takeover":
			if value != "" {
				return fmt.Errorf("%s has a value", name)
			}
		case "server_max_window_bits", "client_max_window_bits":
			if value == "" {
				return fmt.Errorf("%s lacks its value", name)
			}
		default:
			return fmt.Errorf("unknown parameter %q", name)
		}
	}
	if _, asked := offer["server_no_context_takeover"]; asked { // §7.1.1.1
		if _, given := answer["server_no_context_takeover"]; !given {
			return errors.New("server_no_context_takeover is asked for and not given")
		}
	}
	wanted, err := offer.bits("server_max_window_bits") // §7.1.2.1
	if err != nil {
		return err
	}
	given, err := answer.bits("server_max_window_bits")
	if err != nil {
		return err
	}
	if _, asked := offer["server_max_window_bits"]; asked {
		if _, there := answer["server_max_window_bits"]; !there || given > wanted {
			return fmt.Errorf("server_max_window_bits is %d, %d asked for", given, wanted)
		}
	}
	if _, there := answer["client_max_window_bits"]; there { // §7.1.2.2
		if _, offered := offer["client_max_window_bits"]; !offered {
			return errors.New("client_max_window_bits was not offered")
		}
	}
	hint, err := offer.bits("client_max_window_bits")
	if err != nil {
		return err
	}
	if limit, err := answer.bits("client_max_window_bits"); err != nil {
		return err
	} else if _, there := answer["client_max_window_bits"]; there && limit > hint {
		return errAboveHint
	}
	return nil
}

// suitsOne wants the answer to be valid for one of the offers (RFC 7692 §5.1).
func suitsOne(offers []terms, answer terms) error {
	var faults []error
	for _, offer := range offers {
		err := suits(offer, answer)
		if err == nil {
			return nil
		}
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

func TestSuits(t *testing.T) {
	for _, c := range []struct {
		offer, answer string
		valid         bool
	}{
		{"permessage-deflate", "permessage-deflate", true},
		{"permessage-deflate", "permessage-deflate; server_no_context_takeover; client_no_context_takeover", true},
		{"permessage-deflate; server_no_context_takeover", "permessage-deflate", false},
		{"permessage-deflate; client_no_context_takeover", "permessage-deflate", true},
		{"permessage-deflate; server_max_window_bits=10", "permessage-deflate; server_max_window_bits=10", true},
		{"permessage-deflate; server_max_window_bits=10", "permessage-deflate; server_max_window_bits=9", true},
		{"permessage-deflate; server_max_window_bits=10", "permessage-deflate; server_max_window_bits=11", false},
		{"permessage-deflate; server_max_window_bits=10", "permessage-deflate", false},
		{"permessage-deflate; server_max_window_bits=10, permessage-deflate", "permessage-deflate", true},
		{"permessage-deflate", "permessage-deflate; server_max_window_bits=9", true},
		{"permessage-deflate", "permessage-deflate; server_max_window_bits=7", false},
		{"permessage-deflate", "permessage-deflate; server_max_window_bits=09", false},
		{"permessage-deflate", "permessage-deflate; server_max_window_bits", false},
		{"permessage-deflate", "permessage-deflate; client_max_window_bits=9", false},
		{"permessage-deflate; client_max_window_bits", "permessage-deflate; client_max_window_bits=9", true},
		{"permessage-deflate; client_max_window_bits", "permessage-deflate; client_max_window_bits", false},
		{"permessage-deflate; client_max_window_bits=9", "permessage-deflate; client_max_window_bits=10", false},
		{"permessage-deflate", "permessage-deflate; other", false},
		{"permessage-deflate", "permessage-deflate; server_no_context_takeover=1", false},
	} {
		offers, err := readTerms(http.Header{"Sec-Websocket-Extensions": {c.offer}})
		if err != nil {
			t.Fatal(err)
		}
		answer, err := readTerms(http.Header{"Sec-Websocket-Extensions": {c.answer}})
		if err != nil || len(answer) != 1 {
			t.Fatal(answer, err)
		}
		if err := suitsOne(offers, answer[0]); (err == nil) != c.valid {
			t.Errorf("%s for %s: %v", c.answer, c.offer, err)
		}
	}
}
