package trace_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/trace"
)

// secretKey is each octet of the masking keys of redacted connections.
const secretKey = 0xA7

// constant yields secretKey again and again.
type constant struct{}

func (constant) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = secretKey
	}
	return len(p), nil
}

// TestRedactedTraceTellsNothing looks for every secret that went through a connection:
// in the lines, in the octets that they stand for, and behind the masking key.
func TestRedactedTraceTellsNothing(t *testing.T) {
	for _, protocol := range wsfsm.Protocols() {
		p := newPair(t, protocol.Name, 2, trace.Settings{Redact: true})
		p.run()
		for i := range p.log {
			log := p.log[i].String()
			if secret := regexp.MustCompile(`(?i)hunter2|aHVudGVy|example\.com|[A-Za-z0-9+/]{22}==`).FindString(log); secret != "" {
				at := strings.Index(log, secret)
				t.Fatalf("%s: %q in …%s", protocol.Name, secret, log[max(0, at-200):at+100])
			}
			for c := range lines(t, p.log[i].Bytes()) {
				if err := tells(&c); err != nil {
					t.Errorf("%s: %v", protocol.Name, err)
				}
			}
			for _, want := range []string{`"redacted":true`, "xxxxxxx", "--", `Upgrade: `, `"kind":"open"`} {
				if !strings.Contains(log, want) {
					t.Errorf("%s: no %s", protocol.Name, want)
				}
			}
			if _, err := trace.Open(strings.NewReader(log), trace.PlayerOptions{}); !errors.Is(err, trace.ErrRedacted) {
				t.Errorf("%s: %v", protocol.Name, err)
			}
		}
	}
}

// tells returns an error if the octets of a call have a secret in them.
func tells(c *trace.Call) error {
	masked := []byte("hunter2")
	for i := range masked {
		masked[i] ^= secretKey
	}
	for _, o := range []trace.Octets{c.Data, c.Unread, c.Random, c.Out} {
		for _, secret := range [][]byte{[]byte("hunter2"), masked, bytes.Repeat([]byte{secretKey}, 4)} {
			if bytes.Contains(o.P, secret) {
				return fmt.Errorf("%s has %x in %x", c.Call, secret, o.P)
			}
		}
	}
	return nil
}

// TestRedactedTraceKeepsStructure wants the heads of frames and of HTTP as they were,
// and filler of the same length for the rest.
func TestRedactedTraceKeepsStructure(t *testing.T) {
	p := newPair(t, "rfc6455", 2, trace.Settings{Redact: true, NoSteps: true})
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	whole := func(from, to *trace.Recorder) {
		t.Helper()
		octets := bytes.Clone(from.Output())
		from.Sent(len(octets))
		do(to.Receive(octets))
		p.take(to)
	}
	do(p.client.Start(wsfsm.Field{Name: "Cookie", Value: "id=hunter2"}))
	whole(p.client, p.server)
	whole(p.server, p.client)
	do(p.client.Text([]byte("hunter2")))
	whole(p.client, p.server)
	do(p.server.Binary([]byte("hunter2")))
	whole(p.server, p.client)
	do(p.client.Close(1001, "hunter2"))
	whole(p.client, p.server)
	for i, wants := range [][]string{{
		`{"call":"Start","header":[{"Name":"Cookie","Value":"xxxxxxxxxx"}],`,
		`"out":"GET xxxxxxxxxxxxxxxxxx HTTP/1.1\r\nHost: xxxxxxxxxxx\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: xxxxxxxxxxxxxxxxxxxxxxxx\r\n`,
		`Cookie: xxxxxxxxxx\r\n`,
		octets("81 87 00000000 78787878787878"),
		`"data":{"hex":"820778787878787878"}`,
		`{"call":"Close","code":1001,"text":"xxxxxxx",`, octets("88 89 00000000 03e9 78787878787878"),
	}, {
		`"out":"HTTP/1.1 101 xxxxxxxxxxxxxxxxxxx\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: xxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n`,
		`"data":{"hex":"81870000000078787878787878"}`,
		`"event":{"kind":"message","message":"text","data":"xxxxxxx","first":true,"last":true}`,
		`{"call":"Binary","data":"xxxxxxx","out":{"hex":"820778787878787878"}}`,
	}} {
		for _, want := range wants {
			if !strings.Contains(p.log[i].String(), want) {
				t.Errorf("no %s in\n%s", want, &p.log[i])
			}
		}
	}
}

// TestRedactedTextWithEndMark wants the mark by which a text of hixie-76 ends, and of
// the text nothing.
func TestRedactedTextWithEndMark(t *testing.T) {
	p := newPair(t, "hixie-76", 2, trace.Settings{Redact: true, NoSteps: true})
	p.run()
	texts := 0
	for c := range lines(t, p.log[0].Bytes()) {
		if c.Call != "Text" || c.Error != "" {
			continue
		}
		texts++
		if want := "\x00" + strings.Repeat("x", len(c.Data.P)) + "\xFF"; string(c.Out.P) != want {
			t.Errorf("%q in place of %q", c.Out.P, want)
		}
	}
	if texts == 0 {
		t.Error("no text was sent")
	}
}

// TestRedactedTunnel wants neither the proxy's credentials nor what goes through its
// tunnel.
func TestRedactedTunnel(t *testing.T) {
	p := newPair(t, "rfc6455", 2, trace.Settings{Redact: true})
	if err := p.client.Tunnel(wsfsm.Field{Name: "Proxy-Authorization", Value: "Basic hunter2"}); err != nil {
		t.Fatal(err)
	}
	p.client.Sent(len(p.client.Output()))
	if err := p.client.Receive([]byte("HTTP/1.1 200 hunter2\r\nVia: hunter2\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	if e, ok := p.client.Next(); !ok || e.Kind != wsfsm.EventTunnel {
		t.Fatal(e.Kind, p.client.Driver().Err())
	}
	if _, ok := p.client.Next(); ok {
		t.Fatal("an event behind that of the tunnel")
	}
	p.run()
	log := p.log[0].String()
	if strings.Contains(log, "hunter2") || !strings.Contains(log, `"out":"CONNECT xxxxxxxxxxxxxx HTTP/1.1\r\n`) || len(p.heard) == 0 {
		t.Errorf("%d messages\n%s", len(p.heard), log)
	}
	for c := range lines(t, p.log[0].Bytes()) {
		if err := tells(&c); err != nil {
			t.Error(err)
		}
	}
}

// octets writes the output of a call, given in hex.
func octets(hex string) string {
	return `"out":{"hex":"` + strings.ReplaceAll(hex, " ", "") + `"}`
}

// TestRedactedTraceHasWhatItCannotRead wants filler for all that is no opening
// handshake, and all that is behind it.
func TestRedactedTraceHasWhatItCannotRead(t *testing.T) {
	var log bytes.Buffer
	r, err := trace.NewServer(&log, wsfsm.Options{AutoStart: true}, trace.Settings{Redact: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Receive([]byte("GET /hunter2 HTTP/1.1\r\nHost hunter2\r\n\r\nhunter2")); err != nil {
		t.Fatal(err)
	}
	for range r.Events() {
	}
	want, _ := json.Marshal("GET xxxxxxxx HTTP/1.1\r\nHost xxxxxxxxxxxxxxxxxx")
	if !strings.Contains(log.String(), string(want)) || strings.Contains(log.String(), "hunter2") {
		t.Error(log.String())
	}
}
