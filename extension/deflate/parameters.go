package deflate

import (
	"fmt"
	"strconv"

	"github.com/wsfsm/wsfsm/extension"
)

// Names of the parameters (RFC 7692 §7.1).
const (
	serverNoContextTakeover = "server_no_context_takeover"
	clientNoContextTakeover = "client_no_context_takeover"
	serverMaxWindowBits     = "server_max_window_bits"
	clientMaxWindowBits     = "client_max_window_bits"
)

// parameters are those of an offer or an answer.
type parameters struct {
	serverNoTakeover bool
	clientNoTakeover bool
	clientHint       bool // client_max_window_bits is there, with or without a value
	serverBits       int  // 0: not there
	clientBits       int  // 0: without a value
}

// readParameters reads an offer or an answer: a parameter must be known, must not
// be there twice, and must have a value where it has one; in an offer
// client_max_window_bits may lack it.
func readParameters(list []extension.Parameter, offer bool) (p parameters, err error) {
	for i, q := range list {
		for _, before := range list[:i] {
			if before.Name == q.Name {
				return p, fmt.Errorf("%s is there twice", q.Name)
			}
		}
		switch q.Name {
		case serverNoContextTakeover:
			p.serverNoTakeover, err = true, wantBare(q)
		case clientNoContextTakeover:
			p.clientNoTakeover, err = true, wantBare(q)
		case serverMaxWindowBits:
			p.serverBits, err = windowBits(q)
		case clientMaxWindowBits:
			if p.clientHint = true; !q.Bare || !offer {
				p.clientBits, err = windowBits(q)
			}
		default:
			err = fmt.Errorf("unknown parameter %s", q.Name)
		}
		if err != nil {
			return p, err
		}
	}
	return p, nil
}

func wantBare(q extension.Parameter) error {
	if !q.Bare {
		return fmt.Errorf("%s has a value", q.Name)
	}
	return nil
}

// windowBits wants 8 to 15, decimal, without a leading zero.
func windowBits(q extension.Parameter) (int, error) {
	for bits := MinWindow; bits <= MaxWindow; bits++ {
		if q.Value == strconv.Itoa(bits) {
			return bits, nil
		}
	}
	return 0, fmt.Errorf("%s is %q, not 8 to 15", q.Name, q.Value)
}

// list writes the parameters.
func (p parameters) list() (list []extension.Parameter) {
	if p.serverNoTakeover {
		list = append(list, extension.Parameter{Name: serverNoContextTakeover, Bare: true})
	}
	if p.clientNoTakeover {
		list = append(list, extension.Parameter{Name: clientNoContextTakeover, Bare: true})
	}
	if p.serverBits != 0 {
		list = append(list, bitsParameter(serverMaxWindowBits, p.serverBits))
	}
	switch {
	case p.clientBits != 0:
		list = append(list, bitsParameter(clientMaxWindowBits, p.clientBits))
	case p.clientHint:
		list = append(list, extension.Parameter{Name: clientMaxWindowBits, Bare: true})
	}
	return list
}

func bitsParameter(name string, bits int) extension.Parameter {
	return extension.Parameter{Name: name, Value: strconv.Itoa(bits)}
}
