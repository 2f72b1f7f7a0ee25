package main

import (
	"bytes"
	"errors"
	"hash/crc32"
	"os"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/states"
)

func Example() {
	if err := run(os.Stdout); err != nil {
		panic(err)
	}
	// Output:
	// agreed on [x-checksum]
	// text "Hello"
	// error: wsfsm: an extension cannot decode the payload (RFC 6455 §7.4.1, message text-last, offset 205): x-checksum: the sum does not match
}

// open returns a server that has agreed on the checksum.
func open(t *testing.T, o wsfsm.Options) *wsfsm.Driver {
	t.Helper()
	o.AutoStart, o.Extensions = true, []extension.Extension{checksum{}}
	ep, err := wsfsm.NewEndpoint(o)
	if err != nil {
		t.Fatal(err)
	}
	d := ep.Server()
	receive(t, d, []byte("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: x-checksum\r\n\r\n"))
	if !strings.Contains(string(d.Output()), "\r\nSec-WebSocket-Extensions: x-checksum\r\n") {
		t.Fatalf("%q", d.Output())
	}
	d.Sent(d.Unsent())
	return d
}

func receive(t *testing.T, d *wsfsm.Driver, p []byte) (messages []string, failure error) {
	t.Helper()
	if err := d.Receive(p); err != nil {
		t.Fatal(err)
	}
	for e := range d.Events() {
		switch e.Kind {
		case wsfsm.EventMessage:
			messages = append(messages, string(e.Data))
		case wsfsm.EventError:
			failure = d.Err()
		}
	}
	return messages, failure
}

// coded is a frame with its sum.
func coded(opcode byte, final bool, p string) []byte {
	sum := crc32.ChecksumIEEE([]byte(p))
	return wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Opcode: opcode, Final: final, RSV: byte(extension.RSV2), Masked: true, Key: [4]byte{1, 2, 3, 4}},
		append([]byte(p), byte(sum>>24), byte(sum>>16), byte(sum>>8), byte(sum)))
}

func TestEverySplit(t *testing.T) {
	stream := append(coded(1, false, "Grü"), coded(0, true, "ße")...)
	stream = append(stream, wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Opcode: 2, Final: true, Masked: true}, []byte("plain"))...)
	stream = append(stream, coded(2, true, "")...)
	for cut := range stream {
		d := open(t, wsfsm.Options{})
		got, err := receive(t, d, bytes.Clone(stream[:cut]))
		more, err2 := receive(t, d, bytes.Clone(stream[cut:]))
		if got := strings.Join(append(got, more...), "|"); got != "Grüße|plain|" || err != nil || err2 != nil {
			t.Fatalf("cut at %d: %q %v %v", cut, got, err, err2)
		}
	}
}

func TestSentFrame(t *testing.T) {
	d := open(t, wsfsm.Options{})
	if err := d.Text([]byte("Hello")); err != nil {
		t.Fatal(err)
	}
	want := "\xa1\x09Hello\xf7\xd1\x89\x82" // CRC-32 of "Hello"
	if got := string(d.Output()); got != want {
		t.Errorf("%x, want %x", got, want)
	}
}

func TestWrongSumFails(t *testing.T) {
	for name, frame := range map[string][]byte{
		"changed": append(coded(2, true, "abc")[:12], 0),
		"short":   wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Opcode: 2, Final: true, RSV: byte(extension.RSV2), Masked: true}, []byte("abc")),
	} {
		d := open(t, wsfsm.Options{})
		_, err := receive(t, d, frame)
		if !errors.Is(err, states.BadCoding) || !errors.Is(err, errSum) || string(d.Output()) != "\x88\x02\x03\xef" {
			t.Errorf("%s: %v, %x", name, err, d.Output())
		}
	}
}

func TestBitOnControlFrameFails(t *testing.T) {
	d := open(t, wsfsm.Options{})
	_, err := receive(t, d, wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Opcode: 9, Final: true, RSV: byte(extension.RSV2), Masked: true}, nil))
	if !errors.Is(err, states.ReservedBits) {
		t.Errorf("%v", err)
	}
}
