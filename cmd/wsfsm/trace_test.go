package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
)

// traceServer runs 'trace serve' until the test ends, and returns its address.
func traceServer(t *testing.T, dir string, args ...string) (addr string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr = l.Addr().String()
	l.Close()
	ended := make(chan result, 1)
	go func() {
		ended <- commandWith(ctx, "", append([]string{"trace", "serve", dir, "--addr", addr}, args...)...)
	}()
	for range 200 {
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			conn.Close() // 1.trace
			return addr, func() {
				t.Helper()
				cancel()
				if r := <-ended; r.status != exitOK {
					t.Errorf("status %d, %s", r.status, r.err)
				}
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("nobody listens")
	return "", nil
}

// TestTraceAndReplay records both ends of connections in several versions and plays
// them.
func TestTraceAndReplay(t *testing.T) {
	for i, version := range []string{"rfc6455", "hixie-76", "hybi-04"} {
		dir := t.TempDir()
		addr, stop := traceServer(t, dir, "--versions", version, "--redact=false")
		file := filepath.Join(dir, "client.trace")
		r := command(t, "Hello\nsecret\n", "trace", "dial", "ws://"+addr+"/", "--version", version, "--output", file)
		if r.status != exitOK || r.out != "Hello\nsecret\n" {
			t.Fatalf("%s: status %d, %q, %s", version, r.status, r.out, r.err)
		}
		stop()
		for _, name := range []string{"client.trace", "2.trace"} {
			r := command(t, "", "replay", filepath.Join(dir, name))
			if r.status != exitOK || r.out != "" || !strings.Contains(r.err, "calls played, "+version) || !strings.Contains(r.err, "connection closed") {
				t.Errorf("%d %s, %s: status %d, %q, %s", i, version, name, r.status, r.out, r.err)
			}
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		differs := bytes.Replace(text, []byte(`"data":"Hello","first"`), []byte(`"data":"Hullo","first"`), 1)
		if version == "rfc6455" && bytes.Equal(text, differs) {
			t.Errorf("no message in\n%s", text)
		}
		if bytes.Equal(text, differs) {
			continue
		}
		r = command(t, string(differs), "replay", "-", "--until-difference")
		if r.status != exitFound || !strings.Contains(r.out, "event of Next differs\n\ttrace  {") || !strings.Contains(r.out, "Hullo") || !strings.Contains(r.err, "1 calls differ") {
			t.Errorf("%s: status %d, %q, %s", version, r.status, r.out, r.err)
		}
	}
}

// TestTraceIsRedactedByDefault wants nothing of a live server's connections told, and
// a replay refused.
func TestTraceIsRedactedByDefault(t *testing.T) {
	dir := t.TempDir()
	addr, stop := traceServer(t, dir)
	if r := command(t, "hunter2\n", "trace", "dial", "ws://"+addr+"/hunter2", "-o", filepath.Join(dir, "c.trace")); r.status != exitOK {
		t.Fatalf("status %d, %s", r.status, r.err)
	}
	stop()
	file := filepath.Join(dir, "2.trace")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(text, []byte("hunter2")) || !bytes.Contains(text, []byte(`"message":"text","data":"xxxxxxx"`)) {
		t.Errorf("%s", text)
	}
	if r := command(t, "", "replay", file); r.status != exitFound || !strings.Contains(r.err, "a redacted trace cannot be replayed") {
		t.Errorf("status %d, %s", r.status, r.err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// TestReplayStep wants each call printed, with its transitions behind it.
func TestReplayStep(t *testing.T) {
	raw := rawRequest + "\x81\x82\x00\x00\x00\x00Hi"
	trace := command(t, raw, "trace", "read", "-")
	if trace.status != exitOK || trace.err != "" {
		t.Fatalf("status %d, %s", trace.status, trace.err)
	}
	r := command(t, trace.out, "replay", "-", "--step")
	for _, want := range []string{"\n2 {\"call\":\"Receive\",", "\t1 http method-start --token--> method / add\n", `{"kind":"message","message":"text","data":"Hi",`} {
		if !strings.Contains("\n"+r.out, want) {
			t.Errorf("no %q in\n%s", want, r.out)
		}
	}
	file := filepath.Join(t.TempDir(), "a.trace")
	if err := os.WriteFile(file, []byte(trace.out), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := command(t, "\n\n", "replay", file, "--step"); r.status != exitOK || strings.Count(r.out, `{"call":`) != 3 {
		t.Errorf("with two lines of input: status %d, %s", r.status, r.out)
	}
}

const rawRequest = "GET /chat HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"

// TestTraceReadRaw walks through raw octets of both directions, and tells what is wrong
// with them.
func TestTraceReadRaw(t *testing.T) {
	response := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: unknown\r\nSec-WebSocket-Protocol: chat\r\n\r\n"
	for _, c := range []struct {
		input, args string
		status      int
		out, err    string
	}{
		{rawRequest + "\x81\x80\x00\x00\x00\x00", "", exitOK, `"role":"server"`, ""},
		{rawRequest + "\x81\x00", "", exitFound, `"kind":"error"`, "not masked"},
		{response + "\x81\x02Hi", "", exitOK, `"message":"text","data":"Hi"`, ""},
		{response + "\x81\x02Hi", "--role server", exitFound, "", "do not begin with"},
		{response + "\x81\x02Hi", "--redact --no-steps", exitOK, `"data":"xx"`, ""},
		{"\x81\x02Hi", "", exitFound, "", "do not begin with"},
		{"", "--role waiter", exitUsage, "", "no \"waiter\""},
		{"", "--version 99", exitUsage, "", "unknown version"},
	} {
		r := command(t, c.input, append([]string{"trace", "read", "-"}, strings.Fields(c.args)...)...)
		if r.status != c.status || !strings.Contains(r.out, c.out) || !strings.Contains(r.err, c.err) {
			t.Errorf("%.20q %s: status %d, %q, %s", c.input, c.args, r.status, r.out, r.err)
		}
	}
}

// ethernet returns the packets of a connection over IPv4. Each segment is a direction,
// an offset and octets.
func ethernet(segments []packet) (frames [][]byte) {
	for _, s := range segments {
		tcp := binary.BigEndian.AppendUint16(nil, s.from())
		tcp = binary.BigEndian.AppendUint16(tcp, packet{server: !s.server}.from())
		tcp = binary.BigEndian.AppendUint32(tcp, uint32(0xFFFFFF00+s.at)) // wraps around
		tcp = append(tcp, 0, 0, 0, 0, 5<<4, s.flags, 0xFF, 0xFF, 0, 0, 0, 0)
		tcp = append(tcp, s.octets...)
		ip := binary.BigEndian.AppendUint16([]byte{0x45, 0}, uint16(20+len(tcp)))
		ip = append(ip, 0, 0, 0, 0, 64, 6, 0, 0)
		ip = append(append(ip, s.address()...), packet{server: !s.server}.address()...)
		frames = append(frames, append(append(make([]byte, 12), 8, 0), append(ip, tcp...)...))
	}
	return frames
}

// pcapFile writes a capture of a connection.
func pcapFile(segments []packet) []byte {
	file := binary.LittleEndian.AppendUint32(nil, 0xA1B2C3D4)
	file = append(file, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0)
	for _, frame := range ethernet(segments) {
		file = append(file, make([]byte, 8)...)
		file = binary.LittleEndian.AppendUint32(file, uint32(len(frame)))
		file = binary.LittleEndian.AppendUint32(file, uint32(len(frame)))
		file = append(file, frame...)
	}
	return file
}

// pcapngFile writes it in the newer format: the blocks of a section, an interface and
// its packets.
func pcapngFile(segments []packet) []byte {
	block := func(kind uint32, body ...byte) (b []byte) {
		body = append(body, make([]byte, -len(body)&3)...)
		size := uint32(12 + len(body))
		b = binary.LittleEndian.AppendUint32(nil, kind)
		b = append(binary.LittleEndian.AppendUint32(b, size), body...)
		return binary.LittleEndian.AppendUint32(b, size)
	}
	file := block(0x0A0D0D0A, 0x4D, 0x3C, 0x2B, 0x1A, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF)
	file = append(file, block(1, 1, 0, 0, 0, 0, 0, 4, 0)...)
	for _, frame := range ethernet(segments) {
		body := make([]byte, 12) // interface and time
		body = binary.LittleEndian.AppendUint32(body, uint32(len(frame)))
		body = binary.LittleEndian.AppendUint32(body, uint32(len(frame)))
		file = append(file, block(6, append(body, frame...)...)...)
	}
	return file
}

type packet struct {
	server bool
	at     int
	octets string
	flags  byte
}

func (p packet) from() uint16 {
	if p.server {
		return 80
	}
	return 40000
}

func (p packet) address() []byte {
	if p.server {
		return []byte{10, 0, 0, 2}
	}
	return []byte{10, 0, 0, 1}
}

// TestTraceReadPcap reads a connection whose segments came out of order and twice, from
// both sides, and one with a gap. The sequence numbers wrap around.
func TestTraceReadPcap(t *testing.T) {
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{AutoStart: true})
	if err != nil {
		t.Fatal(err)
	}
	client, _ := ep.Client("ws://example.com/")
	server := ep.Server()
	client.Start()
	sent := string(client.Output())
	client.Sent(1000)
	server.Receive([]byte(sent))
	for range server.Events() {
	}
	response := string(server.Output())
	server.Sent(1000)
	client.Receive([]byte(response))
	for range client.Events() {
	}
	client.Text([]byte("from the client"))
	frame := string(client.Output())
	server.Text([]byte("from the server"))
	answer := string(server.Output())
	const syn = 2
	good := []packet{
		{at: -1, flags: syn}, {server: true, at: -1, flags: syn},
		{at: 10, octets: sent[10:]}, {at: 0, octets: sent[:50]}, {at: 5, octets: sent[5:20]},
		{server: true, octets: response}, {server: true, octets: response},
		{at: len(sent), octets: frame}, {server: true, at: len(response), octets: answer},
	}
	for _, c := range []struct {
		file     []byte
		args     string
		status   int
		out, err string
	}{
		{pcapFile(good), "", exitOK, `"data":"from the client"`, "connection 1 of 1, from 10.0.0.1:40000 to 10.0.0.2:80"},
		{pcapFile(good), "--role client", exitOK, `"data":"from the server"`, ""},
		{pcapngFile(good), "", exitOK, `"data":"from the client"`, "connection 1 of 1, from 10.0.0.1:40000 to 10.0.0.2:80"},
		{pcapngFile(good), "--role client", exitOK, `"data":"from the server"`, ""},
		{pcapngFile(good), "--redact", exitOK, `"data":"xxxxxxxxxxxxxxx"`, ""},
		{pcapngFile(good)[:200], "", exitFound, "", "EOF"},
		{pcapFile(good), "--connection 2", exitFound, "", "no connection 2; the file has 1"},
		{pcapFile(good[:7]), "--role client", exitOK, `"kind":"open"`, ""},
		{pcapFile(append(good[:7:7], packet{at: len(sent) + 1, octets: frame[1:]})), "", exitFound, `"kind":"open"`, "was not captured"},
		{pcapFile(good)[:200], "", exitFound, "", "unexpected EOF"},
	} {
		r := command(t, string(c.file), append([]string{"trace", "read", "-"}, strings.Fields(c.args)...)...)
		if r.status != c.status || !strings.Contains(r.out, c.out) || !strings.Contains(r.err, c.err) {
			t.Errorf("%s: status %d, %q, %s", c.args, r.status, r.out, r.err)
		}
		if r.status != exitOK || strings.Contains(c.args, "--redact") {
			continue
		}
		if played := command(t, r.out, "replay", "-"); played.status != exitOK {
			t.Errorf("%s: replay: %s", c.args, fmt.Sprint(played))
		}
	}
}
