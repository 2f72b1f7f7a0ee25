package trace

import (
	"encoding/hex"
	"fmt"
	"io"
	"slices"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension"
)

// machine is a driver with what its calls are observed by. Recorder and Player both
// carry out calls through it, so that they cannot differ.
type machine struct {
	driver *wsfsm.Driver
	random source
	steps  []string
}

// source notes the octets that are drawn from another one.
type source struct {
	from  io.Reader
	drawn []byte
}

// Read draws octets.
func (s *source) Read(p []byte) (int, error) {
	n, err := s.from.Read(p)
	s.drawn = append(s.drawn, p[:n]...)
	return n, err
}

// newMachine makes the driver that a header describes. Random octets come from a
// source, transitions go also to the observer of the options, if there is one.
func newMachine(h *Header, o wsfsm.Options, random io.Reader) (*machine, error) {
	m := &machine{random: source{from: random}}
	o.Rand = &m.random
	also := o.Observer
	o.Observer = func(t wsfsm.Transition) {
		m.steps = append(m.steps, fmt.Sprint(t.Offset, " ", t))
		if also != nil {
			also(t)
		}
	}
	ep, err := wsfsm.NewEndpoint(o)
	switch {
	case err != nil:
	case h.Role == roleServer:
		m.driver = ep.Server()
	case h.Role == roleClient:
		m.driver, err = ep.Client(h.URL)
	default:
		err = fmt.Errorf("trace: the role is %q", h.Role)
	}
	return m, err
}

// The roles in a header.
const (
	roleServer = "server"
	roleClient = "client"
)

// describe makes the header of a driver with those options.
func describe(role, url string, o wsfsm.Options) (Header, error) {
	h := Header{Trace: Version, Role: role, URL: url, Options: Options{
		MaxMessage: o.MaxMessage, MaxHead: o.MaxHead, MaxLine: o.MaxLine, MaxFields: o.MaxFields, MaxOutput: o.MaxOutput,
		KeepReading: o.KeepReading, Pieces: o.Deliver == wsfsm.DeliverPieces, AutoStart: o.AutoStart,
		Subprotocols: o.Subprotocols, Origins: o.Origins, Origin: o.Origin, Secure: o.Secure, Header: o.Header,
		Extensions: offers(o.Extensions),
	}}
	ep, err := wsfsm.NewEndpoint(o)
	if err != nil {
		return h, err
	}
	for _, p := range ep.Protocols() {
		hash := p.Hash()
		h.Protocols = append(h.Protocols, Protocol{p.Name, hex.EncodeToString(hash[:])})
	}
	return h, nil
}

func offers(list []extension.Extension) (names []string) {
	for _, e := range extension.Offers(list) {
		names = append(names, e.String())
	}
	return names
}

// carryOut carries out a call and notes what comes of it. done is for Lend.
func (m *machine) carryOut(c *Call, done func()) error {
	m.steps, m.random.drawn = nil, nil
	d, before, sent := m.driver, m.driver.Unsent(), 0
	switch c.Call {
	case "Sent":
		sent = int(min(max(c.Code, 0), int64(before)))
	case "DropOutput":
		sent = before
	}
	if err := c.on(d, done); err != nil {
		return err
	}
	if added := d.Unsent() - (before - sent); added > 0 {
		c.Out.P = lastOutput(d, added)
	}
	c.Random.P, c.Steps = m.random.drawn, m.steps
	return nil
}

// lastOutput returns the last n octets of the output.
func lastOutput(d *wsfsm.Driver, n int) []byte {
	all := slices.Concat(d.AppendOutput(nil)...)
	return all[len(all)-n:]
}
