package interop

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"runtime"
	"sync"
	"testing"

	"github.com/lxzan/gws"

	"github.com/wsfsm/wsfsm/extension/deflate"
)

// message is sent and wanted back.
type message struct {
	text bool
	p    []byte
}

// messages are empty ones, short ones, JSON of several sizes that each comes
// twice, and octets that no coder makes smaller.
func messages() (list []message) {
	noise := make([]byte, 5000)
	for i := range noise {
		noise[i] = byte(rand.Uint32())
	}
	for _, size := range []int{0, 1, 125, 600, 1 << 10, 40_000, 70_000} {
		list = append(list, message{true, document(size)}, message{false, document(size)})
	}
	return append(list, message{false, noise}, message{false, noise}, message{true, document(2000)})
}

// compressed is how many of the messages every implementation here compresses.
func compressed(list []message) (n int) {
	for _, m := range list {
		if m.text && len(m.p) >= 600 {
			n++
		}
	}
	return n
}

func document(size int) []byte {
	b := make([]byte, 0, size+80)
	for i := 0; len(b) < size; i++ {
		b = fmt.Appendf(b, `{"id":%d,"name":"Grüße %d","price":%d.%02d},`, i, i%97, i*31%500, i%100)
	}
	return bytes.ToValidUTF8(b[:size], []byte("."))
}

// outcome is how one combination ended.
type outcome uint8

const (
	agreed    outcome = iota // messages were compressed
	plain                    // the server declined all offers: messages went as they are
	refused                  // the answer contradicted the offer, and our client failed
	aboveHint                // agreed, with an answer above the value of the offer
	broken
)

func (o outcome) String() string {
	return [...]string{"agreed", "declined", "refused for a bad answer", "agreed above the hint", "broken"}[o]
}

// converse opens a connection, sends all messages and looks at the wire.
func converse(t *testing.T, client, server end, strict bool, list []message) (outcome, error) {
	transport, far := transport(t)
	ended := make(chan error, 1)
	go func() {
		ended <- server.serve(far)
		far.Close()
	}()
	defer func() { <-ended }()
	defer transport.Close()
	c, err := client.dial(transport)
	if err != nil {
		saw, wire := transport.seen()
		if wire != nil || len(saw.answers) != 1 {
			return broken, errors.Join(err, wire)
		}
		if fault := suitsOne(saw.offers, saw.answers[0]); fault != nil && !errors.Is(fault, errAboveHint) && !strict {
			return refused, nil
		}
		return broken, fmt.Errorf("dial: %w; offers %v, answers %v", err, saw.offers, saw.answers)
	}
	defer c.close()
	for i, m := range list {
		back, err := c.echo(m.text, m.p)
		if err != nil || !bytes.Equal(back, m.p) {
			saw, _ := transport.seen()
			return broken, fmt.Errorf("message %d of %d octets: %d came back, %w; offers %v, answers %v", i, len(m.p), len(back), err, saw.offers, saw.answers)
		}
	}
	return judge(transport, strict, list)
}

// judge looks at what went over the wire.
func judge(transport *tap, strict bool, list []message) (outcome, error) {
	saw, err := transport.seen()
	if err != nil {
		return broken, err
	}
	for _, f := range []frames{saw.fromClient, saw.fromServer} {
		if f.messages != len(list) {
			return broken, fmt.Errorf("%d messages on the wire, %d sent", f.messages, len(list))
		}
	}
	if len(saw.answers) == 0 {
		if strict {
			return broken, fmt.Errorf("declined: %v", saw.offers)
		}
		if saw.fromClient.coded+saw.fromServer.coded > 0 {
			return broken, errors.New("compressed without an agreement")
		}
		return plain, nil
	}
	for _, f := range []frames{saw.fromClient, saw.fromServer} {
		if f.coded < compressed(list) || f.codedOctets > 120_000 {
			return broken, fmt.Errorf("%d of %d messages compressed, to %d octets", f.coded, f.messages, f.codedOctets)
		}
	}
	fault := suitsOne(saw.offers, saw.answers[0])
	switch {
	case len(saw.answers) > 1:
		return broken, fmt.Errorf("answers %v", saw.answers)
	case errors.Is(fault, errAboveHint) && !strict:
		return aboveHint, nil
	case fault != nil:
		return broken, fmt.Errorf("answer %v to %v: %w", saw.answers[0], saw.offers, fault)
	}
	return agreed, nil
}

// pairing is a client and a server; strict ones are those whose server is ours:
// its answers must suit.
type pairing struct {
	client, server end
	strict         bool
}

// run tries all pairings and logs how they ended: in compression, each of them.
func run(t *testing.T, list []pairing) {
	t.Helper()
	if testing.Short() {
		list = thinned(list)
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	counts := map[outcome]int{}
	turn := make(chan struct{}, 2*runtime.GOMAXPROCS(0))
	texts := messages()
	for _, p := range list {
		turn <- struct{}{}
		wg.Go(func() {
			defer func() { <-turn }()
			o, err := converse(t, p.client, p.server, p.strict, texts)
			mu.Lock()
			defer mu.Unlock()
			counts[o]++
			if err != nil && counts[broken] <= 10 {
				t.Errorf("%s, %s: %v", p.client.name, p.server.name, err)
			}
		})
	}
	wg.Wait()
	t.Logf("%d combinations: %v", len(list), counts)
	if n := counts[agreed] + counts[aboveHint]; n != len(list) {
		t.Errorf("%d of %d agreed", n, len(list))
	}
}

// thinned keeps every seventh, which hits every value of every parameter.
func thinned(list []pairing) (few []pairing) {
	for i := 0; i < len(list); i += 7 {
		few = append(few, list[i])
	}
	return few
}

// against pairs each of ours with the peer, and each of the peer's with ours.
func against(list, others []end, weAreServer bool) (pairings []pairing) {
	for _, our := range list {
		for _, peer := range others {
			if weAreServer {
				pairings = append(pairings, pairing{peer, our, true})
			} else {
				pairings = append(pairings, pairing{our, peer, false})
			}
		}
	}
	return pairings
}

// few of our own meet all those of the peer: the default, and small windows.
func few(t testing.TB) (list []end) {
	return []end{ours(t, deflate.Options{}), ours(t, deflate.Options{Window: 9, PeerWindow: 10})}
}

var full = gws.PermessageDeflate{Enabled: true, PoolSize: 1, ServerContextTakeover: true, ClientContextTakeover: true,
	ServerMaxWindowBits: 15, ClientMaxWindowBits: 15}

func TestGorillaClient(t *testing.T) { run(t, against(allOurs(t), []end{gorilla()}, true)) }
func TestGorillaServer(t *testing.T) { run(t, against(allOurs(t), []end{gorilla()}, false)) }
func TestCoderClient(t *testing.T)   { run(t, against(allOurs(t), allCoder(), true)) }
func TestCoderServer(t *testing.T)   { run(t, against(allOurs(t), allCoder(), false)) }

func TestGWSClient(t *testing.T) {
	run(t, append(against(few(t), allGWS(), true), against(allOurs(t), []end{gwsEnd(full)}, true)...))
}

func TestGWSServer(t *testing.T) {
	run(t, append(against(few(t), allGWS(), false), against(allOurs(t), []end{gwsEnd(full)}, false)...))
}

// A test that lets a planted fault through proves nothing.
func TestPlantedFaults(t *testing.T) {
	list := messages()
	lying := gorilla()
	honest := lying.serve
	lying.serve = func(c net.Conn) error { return honest(swapping{c}) }
	if o, err := converse(t, ours(t, deflate.Options{}), lying, false, list); o != refused || err != nil {
		t.Errorf("an answer that was not offered: %v, %v", o, err)
	}
	if o, err := converse(t, ours(t, deflate.Options{}), lying, true, list); o != broken || err == nil {
		t.Errorf("our own server would get away with it: %v, %v", o, err)
	}
}

// swapping answers with a parameter that nobody knows.
type swapping struct{ net.Conn }

func (c swapping) Write(p []byte) (int, error) {
	n := len(p)
	_, err := c.Conn.Write(bytes.Replace(p, []byte("server_no_context_takeover"), []byte("server_unknown"), 1))
	return n, err
}
