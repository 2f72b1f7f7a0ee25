package wsfsm_test

import (
	"crypto/sha256"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// snapshotOf puts around the body of a snapshot what belongs there.
func snapshotOf(p *wsfsm.Protocol, role states.Role, body []byte) []byte {
	hash := p.Hash()
	s := append([]byte("wsfsm\x00snapshot\x00\x01"), byte(len(p.Name)))
	s = append(append(append(s, p.Name...), hash[:]...), byte(role)-1)
	s = append(s, body...)
	sum := sha256.Sum256(s)
	return append(s, sum[:8]...)
}

// FuzzRestore restores bodies of snapshots and drives what comes of them: nothing may
// panic, and what was restored can be moved again. Seeds are bodies in all versions and
// roles, cut somewhere.
func FuzzRestore(f *testing.F) {
	protocols := wsfsm.Protocols()
	for i, p := range protocols {
		for _, role := range []states.Role{states.Server, states.Client} {
			for seed := range uint64(3) {
				f.Add(uint8(i), uint8(role), bodySomewhere(f, p, role, seed))
			}
		}
	}
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{Rand: still{}, Protocols: protocols, Subprotocols: []string{"chat"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, protocol, role uint8, body []byte) {
		p := snapshotOf(protocols[int(protocol)%len(protocols)], states.Role(1+role%2), body)
		for range 2 {
			d, err := ep.Restore(p)
			if err != nil {
				if !errors.Is(err, wsfsm.ErrBadSnapshot) {
					t.Fatal(err)
				}
				return
			}
			useUp(d, body)
			if p, err = d.Snapshot(); err != nil {
				if !errors.Is(err, wsfsm.ErrNotMovable) {
					t.Fatal(err)
				}
				return
			}
		}
	})
}

// bodySomewhere is the body of a snapshot in the middle of a random session.
func bodySomewhere(t testing.TB, p *wsfsm.Protocol, role states.Role, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 7))
	s := newSession(t, r, p.Name, role)
	var snapshot []byte
	at := r.IntN(len(s.steps) - 35)
	s.play(t, func(i int, d *wsfsm.Driver) *wsfsm.Driver {
		if i != at {
			return d
		}
		var err error
		if snapshot, err = d.Snapshot(); err != nil {
			t.Fatal(err)
		}
		return restored(t, d, snapshot)
	})
	return snapshot[len(snapshotOf(p, role, nil))-8 : len(snapshot)-8]
}

// useUp does with a driver whatever can be done.
func useUp(d *wsfsm.Driver, octets []byte) {
	take := func() {
		for range 50 {
			if _, ok := d.Next(); !ok {
				d.Sent(100)
			}
		}
	}
	take()
	for _, command := range sessionCommands[1 : len(sessionCommands)-1] {
		command(d, "text")
		take()
	}
	input := append([]byte("GET / HTTP/1.1\r\nHost: a\r\n\r\n12345678 : \r\n0123456789abcdef\x81\x00\x00\xFF\x01\x81\x00\x80\x80\x00"), octets[:min(len(octets), 200)]...)
	for _, o := range input {
		if d.Receive([]byte{o}) != nil {
			take()
		}
		d.Next()
	}
	d.Sent(d.Unsent())
	d.Receive(append(input, input...))
	take()
	d.Expire()
	d.ReceiveEOF(nil)
	take()
}
