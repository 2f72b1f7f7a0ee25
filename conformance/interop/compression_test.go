package interop

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/extension/deflate"
	"github.com/wsfsm/wsfsm/internal/peer"
)

// compressor is a peer that has permessage-deflate.
type compressor struct {
	peer     string   // as for peer.Require
	needs    []string // likewise, further
	command  []string
	offers   []parameters // that its client can make
	settings []parameters // that its server can have
	whole    bool         // it cannot send fragments
}

// compressors returns the peers with all parameters that each supports.
// permessage-deflate for Node always offers client_max_window_bits. What
// websockets compresses with cannot have 8 bits. Chromium has one offer.
func compressors() []compressor {
	node := []string{"node", "testdata/compression/main.cjs"}
	windowAlways := append([]int{bare}, window8To15[1:]...)
	return []compressor{
		{"npm:ws", nil, append(node, "ws"), every(window8To15, append([]int{0}, windowAlways...)), every(window8To15, window8To15), false},
		{"npm:permessage-deflate", []string{"npm:websocket-driver"}, append(node, "permessage-deflate"),
			every(window8To15, windowAlways), every(window8To15, window8To15), true},
		{"python:websockets", nil, []string{"python3", "testdata/compression/main.py"},
			every(window8To15, append([]int{bare}, window9To15...)), every(window9To15, window8To15), false},
		{"chromium", []string{"npm:playwright-core"}, append(node, "chromium"), []parameters{{clientBits: bare}}, nil, true},
	}
}

// implementation is the name of the peer in its program.
func (c compressor) implementation() string { return c.peer[strings.Index(c.peer, ":")+1:] }

// combination is what the two ends of a connection are set to.
type combination struct {
	role    string              // the peer's
	ours    extension.Extension // what the driver has
	options deflate.Options     // with these
	theirs  parameters          // what the peer offers or is set to
	whole   bool                // the peer cannot send fragments
}

// offering is permessage-deflate for a client that makes one offer: options
// alone can neither leave client_max_window_bits out nor name 15 bits.
type offering struct {
	extension.Extension
	offer []extension.Parameter
}

// Offers implements extension.Extension.
func (o offering) Offers() [][]extension.Parameter { return [][]extension.Parameter{o.offer} }

// stride spreads one list of combinations over another. It is odd and prime to
// the lengths of both.
const stride = 101

// combinations returns, for the peer's server: all offers, the server as it is
// by itself; all that the server can be set to, each with the offers of one of
// the driver's settings. For its client: all its offers, the driver as it is by
// itself; all settings of the driver, each with one of the client's offers.
func (c compressor) combinations(t *testing.T) (all []combination) {
	own := every(window8To15[1:], window8To15[1:]) // the driver's settings
	add := func(role string, o deflate.Options, theirs parameters, offer []extension.Parameter) {
		x, err := deflate.New(o)
		if err != nil {
			t.Fatal(err)
		}
		if offer != nil {
			x = offering{x, offer}
		}
		all = append(all, combination{role, x, o, theirs, c.whole})
	}
	if c.settings != nil {
		for _, p := range every(window8To15, append([]int{bare}, window8To15...)) {
			add("server", p.ofClient(), parameters{}, append([]extension.Parameter{}, p.list()...))
		}
	}
	for i, theirs := range c.settings {
		add("server", own[i*stride%len(own)].ofClient(), theirs, nil)
	}
	for _, theirs := range c.offers {
		add("client", deflate.Options{}, theirs, nil)
	}
	for i, p := range own {
		add("client", p.ofServer(), c.offers[i*stride%len(c.offers)], nil)
	}
	return all
}

const (
	atOnce   = 8 // connections at the same time
	longEach = 8 // the long message is for one connection of so many
)

// TestCompression holds the conversation over a connection for each combination,
// and compares what came out with what is expected.
func TestCompression(t *testing.T) {
	expected := readCompression(t)
	all := compressors()
	results := make([][]compression, len(all))
	t.Run("peers", func(t *testing.T) {
		for i, c := range all {
			t.Run(c.peer, func(t *testing.T) {
				peer.Require(t, append(c.needs, c.peer)...)
				t.Parallel()
				results[i] = c.testAll(t)
			})
		}
	})
	got := slices.Concat(results...)
	if *update && !testing.Short() {
		writeCompression(t, got, expected)
		expected = readCompression(t)
	}
	compareCompression(t, got, expected)
}

// testAll tests all combinations with a peer; in short runs a few.
func (c compressor) testAll(t *testing.T) []compression {
	cmd := peer.Command(t, c.command[0], c.command[1:]...)
	cmd.Env = append(cmd.Env, "CHROMIUM="+peer.Program("chromium"))
	p := startProcess(t, cmd, 1)
	defer p.dismiss() // before the context of the test ends, which kills the program
	version := p.listening[c.implementation()].Version
	pinned := version
	if c.peer == "chromium" {
		pinned = "" // the distribution's, which changes often
	}
	results := map[string]*compression{}
	for _, role := range []string{"server", "client"} {
		results[role] = &compression{Peer: c.peer, Version: pinned, Role: role}
	}
	var mu sync.Mutex // guards results
	messages := conversation()
	combinations := c.combinations(t)
	var silences atomic.Int32 // after too many there are no more tries
	work := make(chan int)
	var workers sync.WaitGroup
	for range atOnce {
		workers.Go(func() {
			for i := range work {
				count := len(messages)
				if i%longEach > 0 {
					count--
				}
				found := trial{err: errSilence}
				if silences.Load() <= mostSilences {
					found = c.try(p, combinations[i], messages[:count])
				}
				if errors.Is(found.err, errSilence) {
					silences.Add(1)
				}
				mu.Lock()
				results[combinations[i].role].add(i, found)
				mu.Unlock()
			}
		})
	}
	for i := range combinations {
		if !testing.Short() || i%29 == 0 {
			work <- i
		}
	}
	close(work)
	workers.Wait()
	var all []compression
	for _, role := range []string{"server", "client"} {
		if r := results[role]; r.Combinations > 0 {
			t.Logf("%s %s as %s: %d combinations, %d agreed, %d without compression, %d refused", c.peer, version, role,
				r.Combinations, r.Agreed, r.Without, r.Refused)
			all = append(all, *r)
		}
	}
	return all
}

// try holds the conversation over a connection.
func (c compressor) try(p *process, one combination, messages []said) (found trial) {
	d, caller, wire, err := c.open(p, one)
	if caller != nil {
		defer caller.leave()
	}
	if err != nil {
		return trial{err: err}
	}
	if err = opened(err, d); err == nil {
		err = converse(d, messages)
	}
	d.leave()
	<-d.ended
	found.examineHeads(one, wire)
	if found.err != nil || found.refused {
		return found
	}
	if caller != nil {
		found.err = c.told(caller, found, err)
	}
	if found.err == nil {
		found.opened, found.err = true, err
	}
	if found.err == nil {
		found.err = found.examineMessages(one, messages)
	}
	return found
}

// open connects the ends of a combination. The driver is nil if there is none.
func (c compressor) open(p *process, one combination) (d *driven, caller *remote, wire *tapped, err error) {
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{
		AutoStart: true, Origins: []string{"*"}, Extensions: []extension.Extension{one.ours}, Rand: rand.NewChaCha8([32]byte{}),
	})
	if err != nil {
		return nil, nil, nil, err
	}
	if one.role == "server" {
		address := fmt.Sprintf("127.0.0.1:%d", p.listening[c.implementation()].Port)
		transport, err := net.DialTimeout("tcp", address, patience)
		if err != nil {
			return nil, nil, nil, err
		}
		client, err := ep.Client("ws://" + address + "/?" + strings.ReplaceAll(one.theirs.String(), " ", ""))
		if err != nil {
			return nil, nil, nil, err
		}
		wire = &tapped{Conn: transport}
		d, err = drive(client, wire, request)
		return d, nil, wire, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, nil, err
	}
	defer l.Close()
	caller = p.end()
	target := "ws://" + l.Addr().String() + "/" + caller.id
	err = p.write(command{ID: caller.id, Do: connectTo, Library: c.implementation(), URL: target, Parameters: one.theirs.String()})
	if err != nil {
		return nil, caller, nil, err
	}
	l.(*net.TCPListener).SetDeadline(deadline())
	transport, err := l.Accept()
	if err != nil {
		return nil, caller, nil, err
	}
	wire = &tapped{Conn: transport}
	d, err = drive(ep.Server(), wire, listen)
	return d, caller, wire, err
}

// told returns what the client has reported that is not as it should be. Chromium
// reports the answer that it has seen, others only why they fail; failed is what
// this end knows of that.
func (c compressor) told(caller *remote, found trial, failed error) error {
	if c.peer != "chromium" && failed == nil {
		return nil
	}
	e, err := caller.next()
	want := ""
	if found.agreed {
		want = strings.TrimSuffix(deflate.Name+"; "+found.answer.String(), "; ")
	}
	switch {
	case err != nil:
		return errors.Join(failed, err)
	case e.Event == "failed":
		return errors.New(e.Error)
	case e.Extensions != want:
		return fmt.Errorf("the client sees %q instead of %q", e.Extensions, want)
	}
	return nil
}
