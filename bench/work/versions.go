package work

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/bench/measure"
	"github.com/wsfsm/wsfsm/bench/peers"
	"github.com/wsfsm/wsfsm/bench/wire"
)

// Versions is text that a server receives, in every version of the protocol that
// this library speaks, beside gws, which receives the same text in RFC 6455.
func Versions() (list []measure.Work) {
	for _, l := range []wire.Load{
		{Content: wire.ASCII, Size: 16}, {Content: wire.Mixed, Size: 125}, {Content: wire.Mixed, Size: 1 << 10}, {Content: wire.Mixed, Size: 64 << 10},
	} {
		list = append(list, measure.Work{
			Group: "versions", Name: fmt.Sprintf("%s %s", SizeName(l.Size), l.Content), Unit: "ns", Octets: l.Size, X: float64(l.Size),
			Contestants: func() ([]measure.Contestant, error) { return versions(l) },
		})
	}
	return list
}

func versions(l wire.Load) ([]measure.Contestant, error) {
	list := Receivers(wire.NewStream(l, wire.Server), wire.Server, []peers.Peer{peers.GWS(false), peers.GWS(true)}, nil)
	for _, p := range wsfsm.Protocols() {
		s, err := versionStream(p.Name, l)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Name, err)
		}
		peer := peers.DriverWith(serverOptions(p.Name))
		peer.Name = p.Name
		list = append(list, receiver(s, wire.Server, peer))
	}
	return list, nil
}

// serverOptions draw the same nonce each time, from which the masks of drafts 04
// and 05 are made.
func serverOptions(version string) wsfsm.Options {
	return wsfsm.Options{AutoStart: true, Versions: []string{version}, Rand: sevens{}}
}

type sevens struct{}

func (sevens) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 7
	}
	return len(p), nil
}

var errNotOpen = errors.New("the connection does not open")

// versionStream is what a client of that version sends.
func versionStream(version string, l wire.Load) (*wire.Stream, error) {
	clients, err := wsfsm.NewEndpoint(wsfsm.Options{Versions: []string{version}})
	if err != nil {
		return nil, err
	}
	servers, err := wsfsm.NewEndpoint(serverOptions(version))
	if err != nil {
		return nil, err
	}
	client, err := clients.Client("ws://bench/")
	if err != nil {
		return nil, err
	}
	if err := client.Start(); err != nil {
		return nil, err
	}
	s, server := &wire.Stream{Text: true, Request: taken(client)}, servers.Server()
	if err := handed(server, s.Request); err != nil {
		return nil, err
	}
	if err := handed(client, taken(server)); err != nil {
		return nil, err
	}
	r := rand.New(rand.NewPCG(uint64(l.Size), 3))
	for len(s.Octets) < 1<<20 {
		payload := l.Content.Payload(r, l.Size)
		if err := client.Text(payload); err != nil {
			return nil, errors.Join(errNotOpen, err)
		}
		s.Add(payload, taken(client))
	}
	return s, nil
}

// taken is all that a driver has to send.
func taken(d *wsfsm.Driver) (octets []byte) {
	for p := d.Output(); len(p) > 0; p = d.Output() {
		octets = append(octets, p...)
		d.Sent(len(p))
	}
	return octets
}

// handed gives octets to a driver, which keeps its own copy.
func handed(d *wsfsm.Driver, octets []byte) error {
	if err := d.Receive(append([]byte(nil), octets...)); err != nil {
		return err
	}
	for range d.Events() {
	}
	return d.Err()
}
