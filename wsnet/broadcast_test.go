package wsnet_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension/deflate"
	"github.com/wsfsm/wsfsm/wsnet"
)

func prepare(t testing.TB, kind wsnet.MessageKind, p string) *wsfsm.Prepared {
	t.Helper()
	m, err := wsfsm.Prepare(kind, []byte(p))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// gathering serves connections that do nothing, and returns the next one.
func gathering(t *testing.T, o *wsnet.Options) (url string, next func() *wsnet.Conn) {
	t.Helper()
	conns := make(chan *wsnet.Conn, 1)
	url = serve(t, func(c *wsnet.Conn) {
		conns <- c
		wait(c)
	}, o)
	return url, func() *wsnet.Conn { return <-conns }
}

// TestBroadcast sends to clients of several versions, compressing and not.
func TestBroadcast(t *testing.T) {
	o := compressing(t, deflate.Options{NoContextTakeover: true})
	o.Versions = []string{wsfsm.AllVersions}
	url, next := gathering(t, &wsnet.Options{Driver: o})
	var servers []*wsnet.Conn
	clients := map[string]*wsnet.Conn{}
	for name, o := range map[string]wsfsm.Options{
		"plain":      {},
		"compressed": compressing(t, deflate.Options{}),
		"hixie-76":   {Versions: []string{"hixie-76"}},
		"hybi-07":    {Versions: []string{"hybi-07"}},
	} {
		clients[name] = dial(t, url, &wsnet.DialOptions{Driver: o})
		servers = append(servers, next())
	}
	if got := clients["compressed"].Extensions(); len(got) != 1 {
		t.Fatalf("agreed on %q", got)
	}
	for _, text := range []string{"short", strings.Repeat("long and ", 10_000)} {
		wsnet.Broadcast(slices.Values(servers), prepare(t, wsnet.Text, text), func(c *wsnet.Conn, err error) { t.Errorf("%s: %v", c.Version(), err) })
		for name, c := range clients {
			if got := read(t, c); got != text {
				t.Errorf("%s: %d octets, want %d", name, len(got), len(text))
			}
		}
		if err := servers[0].WritePrepared(soon(t), prepare(t, wsnet.Text, "one")); err != nil {
			t.Error(err)
		}
		for name, c := range clients {
			if c.LocalAddr().String() == servers[0].RemoteAddr().String() && read(t, c) != "one" {
				t.Errorf("%s: not the one", name)
			}
		}
	}
}

// TestBroadcastPassesOver: who cannot take the message is passed over, and
// nobody waits.
func TestBroadcastPassesOver(t *testing.T) {
	behind := map[string]*wsnet.Conn{}
	for name, policy := range map[string]wsnet.SlowPeer{"blocks": wsnet.SlowPeerBlock, "drops": wsnet.SlowPeerDrop, "closes": wsnet.SlowPeerClose} {
		behind[name], _ = behindSlow(t, policy, slowTransports["socket"])
	}
	url, next := gathering(t, nil)
	open := func() *wsnet.Conn {
		c := dial(t, url, nil)
		t.Cleanup(func() { c.CloseNow() })
		return next()
	}
	behind["ended"], behind["streams"] = open(), open()
	behind["ended"].CloseNow()
	if w, err := behind["streams"].Writer(background, wsnet.Text); err != nil {
		t.Fatal(err)
	} else {
		defer w.Close()
	}
	client := dial(t, url, nil)
	behind["well"] = next()
	name := map[*wsnet.Conn]string{}
	for n, c := range behind {
		name[c] = n
	}
	block := prepare(t, wsnet.Binary, string(numbered(0)))
	var reading sync.WaitGroup
	reading.Go(func() {
		for {
			if _, _, err := client.Read(background); err != nil {
				return
			}
		}
	})
	full := map[string]int{}
	last := map[string]error{}
	for n := 0; n < 1<<14 && (full["blocks"] == 0 || full["drops"] == 0 || full["closes"] < 2); n++ {
		wsnet.Broadcast(maps.Values(behind), block, func(c *wsnet.Conn, err error) {
			full[name[c]]++
			if full[name[c]] == 1 {
				last[name[c]] = err
			}
		})
	}
	for name, want := range map[string]error{"blocks": wsnet.ErrSlowPeer, "drops": wsnet.ErrSlowPeer, "closes": wsnet.ErrSlowPeer, "ended": wsnet.ErrClosed, "streams": wsnet.ErrStreaming} {
		if !errors.Is(last[name], want) {
			t.Errorf("%s: %v, want %v", name, last[name], want)
		}
	}
	var end *wsnet.CloseError
	if !errors.As(last["closes"], &end) || errors.As(last["drops"], &end) {
		t.Errorf("the end of what closes is %v, of what drops %v", last["closes"], last["drops"])
	}
	client.CloseNow()
	reading.Wait()
	for _, c := range behind {
		c.CloseNow() // each server is to find as many goroutines as before it
	}
}
