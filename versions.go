package wsfsm

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wsfsm/wsfsm/states"
)

// AllVersions in Options.Versions stands for the newest version of each way in
// which a request can ask for one.
const AllVersions = "all"

// defaultVersions are those that a server speaks unless it is told otherwise:
// older ones lack the mask that protects proxies, or its present form.
func defaultVersions() []string { return []string{"rfc6455", "hybi-12", "hybi-07"} }

// Protocols returns the compiled protocols, oldest first.
func Protocols() []*Protocol { return slices.Clone(protocols) }

// Protocols returns the protocols that the endpoint speaks, the preferred one first.
func (ep *Endpoint) Protocols() []*Protocol {
	list := make([]*Protocol, 0, len(ep.servers))
	for _, prog := range ep.servers {
		list = append(list, prog.Protocol)
	}
	return list
}

// ProtocolNamed returns the compiled protocol with a name ("hybi-08") or the
// newest with a number on the wire ("8"); nil if there is none.
func ProtocolNamed(name string) *Protocol {
	for _, p := range slices.Backward(protocols) {
		if p.Name == name || p.WireVersion >= 0 && strconv.Itoa(p.WireVersion) == name {
			return p
		}
	}
	return nil
}

// newestProtocols returns the newest protocol of each recognition. hybi-01 is
// recognised by the same header as hixie-76, which was used more, and is left to
// those who ask for it by its name.
func newestProtocols() (list []*Protocol) {
	for _, p := range slices.Backward(protocols) {
		same := func(other *Protocol) bool { return p.Recognise.overlaps(other.Recognise) }
		if slices.ContainsFunc(protocols, func(other *Protocol) bool {
			return p != other && same(other) && p.WireVersion < 0 && other.Name < p.Name
		}) {
			continue
		}
		if !slices.ContainsFunc(list, same) {
			list = append(list, p)
		}
	}
	return list
}

// overlaps reports whether a request can ask for two versions at once.
func (r Recognition) overlaps(other Recognition) bool {
	if !equalFold(r.Header, other.Header) || (len(r.Values) == 0) != (len(other.Values) == 0) {
		return false
	}
	return len(r.Values) == 0 || slices.ContainsFunc(r.Values, func(v string) bool { return slices.Contains(other.Values, v) })
}

// chooseProtocols prepares the protocols that the options name.
func (ep *Endpoint) chooseProtocols() error {
	chosen := ep.options.Protocols
	if len(chosen) == 0 {
		names := ep.options.Versions
		if len(names) == 0 {
			names = defaultVersions()
		}
		for _, name := range names {
			p := ProtocolNamed(name)
			switch {
			case name == AllVersions:
				chosen = append(chosen, newestProtocols()...)
			case p == nil:
				return fmt.Errorf("wsfsm: unknown version %q", name)
			default:
				chosen = append(chosen, p)
			}
		}
	}
	var numbers []string
	for _, p := range chosen {
		if err := checkProtocol(p); err != nil {
			return err
		}
		observed := ep.options.Observer != nil
		ep.servers = append(ep.servers, newProgram(p, states.Server, observed))
		ep.clients = append(ep.clients, newProgram(p, states.Client, observed))
		ep.reserve(p)
		if number := strconv.Itoa(p.WireVersion); p.WireVersion >= 0 && p.Recognise.numbered() && !slices.Contains(numbers, number) {
			numbers = append(numbers, number)
		}
	}
	ep.wireVersions = strings.Join(numbers, ", ")
	return nil
}

// numbered reports whether requests carry the version's number in
// Sec-WebSocket-Version, so that a refusal can name it there.
func (r Recognition) numbered() bool { return equalFold(r.Header, "Sec-WebSocket-Version") }

// reserve notes the names of the fields that a protocol writes itself.
func (ep *Endpoint) reserve(p *Protocol) {
	for _, h := range p.Handshake.Heads {
		for _, l := range h.Lines {
			if !strings.HasPrefix(l.Name, ":") && !slices.Contains(ep.reserved, l.Name) {
				ep.reserved = append(ep.reserved, l.Name)
			}
		}
	}
}

// HasBinary reports whether the version has binary messages.
func (p *Protocol) HasBinary() bool { return p.takesMessage(states.MessageOnBinaryWhole) }

// HasFragments reports whether a message can be sent in fragments.
func (p *Protocol) HasFragments() bool { return p.takesMessage(states.MessageOnTextFirst) }

// HasPings reports whether the version has pings and pongs.
func (p *Protocol) HasPings() bool { return p.takesCommand(states.ConnectionOnSendPing) }

// HasClose reports whether the version has a close frame.
func (p *Protocol) HasClose() bool { return p.Close.Body != 0 }

// HasCloseCodes reports whether its close frames carry a code and a reason.
func (p *Protocol) HasCloseCodes() bool { return len(p.Close.Sent) > 0 }

// HasExtensions reports whether the version negotiates extensions: whether a
// payload can fail to be decoded.
func (p *Protocol) HasExtensions() bool {
	for s := range p.Message.Final {
		if p.Message.Table.At(states.MessageState(s), states.MessageOnBadCoding).To != 0 {
			return true
		}
	}
	return false
}

// takesCommand reports whether some state of the connection takes a command.
func (p *Protocol) takesCommand(ev states.ConnectionEvent) bool {
	for s := range p.Connection.Final {
		if p.Connection.Table.At(states.ConnectionState(s), ev).To != 0 {
			return true
		}
	}
	return false
}

// takesMessage reports whether some state of the message machine takes a frame.
func (p *Protocol) takesMessage(ev states.MessageEvent) bool {
	for s := range p.Message.Final {
		if c := p.Message.Table.At(states.MessageState(s), ev); c.To != 0 && c.Do.Violation() == 0 {
			return true
		}
	}
	return false
}
