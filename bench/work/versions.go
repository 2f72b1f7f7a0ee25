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

// Versions is messages that a server receives, in every version of the protocol
// that this library speaks, beside gws, which receives the same payloads in RFC 6455.
// Versions without binary messages are left out of those.
func Versions() (list []measure.Work) {
	for _, content := range []wire.Content{wire.ASCII, wire.Mixed, wire.Binary} {
		for _, size := range []int{16, 125, 1 << 10, 16 << 10, 64 << 10, 1 << 20} {
			l := wire.Load{Content: content, Size: size}
			list = append(list, measure.Work{
				Group: "versions", Name: fmt.Sprintf("%s %s", SizeName(size), content), Unit: "ns", Octets: size, X: float64(size), Rounds: 5,
				Contestants: func() ([]measure.Contestant, error) { return versions(l) },
			})
		}
	}
	return list
}

func versions(l wire.Load) ([]measure.Contestant, error) {
	list := Receivers(wire.NewStream(l, wire.Server), wire.Server, []peers.Peer{peers.GWS(false), peers.GWS(true)}, nil)
	for _, p := range wsfsm.Protocols() {
		if !l.Content.Text() && !p.HasBinary() {
			continue
		}
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
	s, server := &wire.Stream{Text: l.Content.Text(), Request: taken(client)}, servers.Server()
	if err := handed(server, s.Request); err != nil {
		return nil, err
	}
	if err := handed(client, taken(server)); err != nil {
		return nil, err
	}
	r := rand.New(rand.NewPCG(uint64(l.Size), 3))
	send := client.Text
	if !s.Text {
		send = client.Binary
	}
	for len(s.Octets) < l.Content.Ring() {
		payload := l.Content.Payload(r, l.Size)
		if err := send(payload); err != nil {
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
