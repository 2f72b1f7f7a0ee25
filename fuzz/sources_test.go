package fuzz_test

import (
	"bytes"
	stdflate "compress/flate"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance"
	"github.com/wsfsm/wsfsm/fuzz"
	"github.com/wsfsm/wsfsm/states"
	"github.com/wsfsm/wsfsm/trace"
)

// targets makes the seeds of each target, by its name without Fuzz: with it, only
// targets_test.go may have it, among whose lines OSS-Fuzz looks for a target.
func targets(t *testing.T) map[string]map[string][]byte {
	t.Helper()
	few := random()
	maps.DeleteFunc(few, func(name string, _ fuzz.Program) bool { return name >= "random-20" })
	return map[string]map[string][]byte{
		"ServerStream":    encoded(programs(t, states.Server)),
		"ClientStream":    encoded(programs(t, states.Client)),
		"Request":         encoded(ofCases(t, isAbout(states.Server, "request", "detection", "opening", "http")), openings(t, states.Server)),
		"Response":        encoded(ofCases(t, isAbout(states.Client, "response", "opening")), openings(t, states.Client)),
		"ProxyAnswer":     encoded(ofCases(t, isAbout(states.Client, "tunnel")), proxied(t)),
		"Pair":            encoded(conversations(few)),
		"ExtensionHeader": fields(t),
		"Deflate":         encoded(conversations(few), compressed(t)),
		"Spec":            edits(),
		"Trace":           merged(encoded(few, openings(t, states.Server)), lines(t)),
		"Snapshot":        merged(encoded(few, openings(t, states.Client)), bodies(t)),
	}
}

// encoded writes programs.
func encoded(all ...map[string]fuzz.Program) map[string][]byte {
	octets := map[string][]byte{}
	for _, programs := range all {
		for name, p := range programs {
			octets[name] = fuzz.Encode(p)
		}
	}
	return octets
}

func merged(all ...map[string][]byte) map[string][]byte {
	for _, more := range all[1:] {
		maps.Copy(all[0], more)
	}
	return all[0]
}

// isAbout wants cases of a role that begin before the opening handshake, of the
// versions in which something of the opening is new.
func isAbout(role states.Role, topics ...string) func(*conformance.Case) bool {
	versions := []string{"hixie-75", "hixie-76", "hybi-01", "hybi-04", "hybi-07", "rfc6455"}
	return func(c *conformance.Case) bool {
		return c.Role == role && slices.Contains(versions, c.Version) && c.HandshakeInCase && slices.Contains(topics, strings.Split(c.ID, "/")[1])
	}
}

// openings open a connection of each version and have a frame behind that.
func openings(t *testing.T, role states.Role) map[string]fuzz.Program {
	t.Helper()
	all := map[string]fuzz.Program{}
	for _, p := range wsfsm.Protocols() {
		version := strings.TrimPrefix(p.Name, "rfc6455")
		opening, err := fuzz.Opening(role, version)
		if err != nil {
			t.Fatal(err)
		}
		frame := fuzz.Op{Kind: fuzz.OpFrame, Type: fuzz.FrameText, Octet: fuzz.Plain("é")}
		if p.Name == "hixie-75" || p.Name == "hixie-76" {
			frame.Type = 0
		}
		all["opening-"+p.Name] = fuzz.Program{Options: fuzz.Options{Version: version, Handshake: true, AutoStart: true, Cut: 1},
			Ops: []fuzz.Op{{Kind: fuzz.OpStart}, {Kind: fuzz.OpLiteral, Octet: fuzz.Plain(opening)}, frame}}
	}
	return all
}

// proxied are answers of one and two proxies and of the server behind them.
func proxied(t *testing.T) map[string]fuzz.Program {
	t.Helper()
	opening, err := fuzz.Opening(states.Client, "")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]fuzz.Program{}
	for i, answers := range []string{
		"HTTP/1.1 200 Connection established\r\n\r\n",
		"HTTP/1.0 299 \r\nVia: 1.1 a\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
		"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 200 OK\r\nVia: 1.1 a\r\n\r\nHTTP/1.1 204 No Content\r\nVia: 1.1 b\r\n\r\n",
		"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 502 Bad Gateway\r\n\r\n",
		"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
	} {
		p := fuzz.Program{Options: fuzz.Options{AutoStart: strings.Count(answers, "HTTP/") == 2, Cut: i}}
		p.Ops = []fuzz.Op{{Octet: fuzz.Plain(answers + string(opening))}, {Kind: fuzz.OpFrame, Type: fuzz.FrameText, Octet: fuzz.Plain("é")}}
		all[fmt.Sprintf("text-%d", i)] = p
	}
	return all
}

// conversations are programs for pairs: frames become octets that arrive, and each
// end has its turn. To them come a few for each version.
func conversations(programs map[string]fuzz.Program) map[string]fuzz.Program {
	all := map[string]fuzz.Program{}
	for name, p := range programs {
		p.Ops = slices.Clone(p.Ops)
		for i := range p.Ops {
			switch op := &p.Ops[i]; op.Kind {
			case fuzz.OpFrame, fuzz.OpBroken:
				*op = fuzz.Op{Kind: []fuzz.OpKind{fuzz.OpSent, fuzz.OpNext}[i%2], N: op.Octet.Size}
			case fuzz.OpLiteral, fuzz.OpHead:
				*op = fuzz.Op{Kind: fuzz.OpCut, N: i % 4}
			}
		}
		all[name] = p
	}
	turn := fuzz.Op{Kind: fuzz.OpCut, N: 3}
	for _, p := range wsfsm.Protocols() {
		ops := []fuzz.Op{{Kind: fuzz.OpText, Octet: fuzz.Plain("a€")}, {Kind: fuzz.OpPing, Octet: fuzz.Plain("p")}, {Kind: fuzz.OpSent, N: 5},
			turn, {Kind: fuzz.OpNext}, {Kind: fuzz.OpBegin, Octet: fuzz.Plain("é\xC3")}, {Kind: fuzz.OpPong, Octet: fuzz.Plain("q")}, {Kind: fuzz.OpEnd, Octet: fuzz.Plain("\xA9")},
			{Kind: fuzz.OpBinary, Octet: fuzz.Octets{Size: 300}}, {Kind: fuzz.OpSent, N: 9}, turn, {Kind: fuzz.OpNext, N: 4},
			{Kind: fuzz.OpClose, N: 1001, Octet: fuzz.Plain("gone")}, turn, {Kind: fuzz.OpClose, N: 1000}}
		for _, handshake := range []bool{false, true} {
			all[fmt.Sprintf("opening-%s-%v", p.Name, handshake)] = fuzz.Program{Ops: ops,
				Options: fuzz.Options{Version: strings.TrimPrefix(p.Name, "rfc6455"), Handshake: handshake, Echo: true, Pieces: handshake}}
		}
	}
	return all
}

// fields are the values of Sec-WebSocket-Extensions in the cases, behind some
// options.
func fields(t *testing.T) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	cases, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		for i := range c.Steps {
			s := &c.Steps[i]
			if _, value, ok := strings.Cut(string(s.Octets.Bytes(named)), "Sec-WebSocket-Extensions: "); ok && s.Kind == conformance.Input {
				value, _, _ = strings.Cut(value, "\r\n")
				options := []byte{byte(len(value) % 3), byte(len(value) % 2 * 5), byte(len(value) % 4)}
				all[fmt.Sprintf("case-%s-%d", strings.ReplaceAll(c.ID, "/", "-"), i)] = append(options, value...)
			}
		}
	}
	return all
}

// compressed are frames with payloads that compress/flate has written, without the
// octets that RFC 7692 §7.2.1 takes off.
func compressed(t *testing.T) map[string]fuzz.Program {
	t.Helper()
	all := map[string]fuzz.Program{}
	for level := stdflate.HuffmanOnly; level <= stdflate.BestCompression; level++ {
		var b bytes.Buffer
		w, err := stdflate.NewWriter(&b, level)
		if err != nil {
			t.Fatal(err)
		}
		p := fuzz.Program{Options: fuzz.Options{Cut: level + 2}}
		for _, text := range []string{"Hello", strings.Repeat("a€", 200), "\x00\xff\x01", strings.Repeat("Hello, world. ", 20)} {
			b.Reset()
			if _, err := w.Write([]byte(text)); err != nil {
				t.Fatal(err)
			}
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
			p.Ops = append(p.Ops, fuzz.Op{Kind: fuzz.OpFrame, Octet: fuzz.Plain(bytes.TrimSuffix(b.Bytes(), []byte("\x00\x00\xff\xff")))})
		}
		all[fmt.Sprintf("text-level-%d", level)] = p
	}
	return all
}

// edits are edits of spec files: none for each version, and each kind on some lines
// of files that the version stands on.
func edits() map[string][]byte {
	all := map[string][]byte{}
	program := fuzz.Encode(fuzz.Program{Options: fuzz.Options{Echo: true, Cut: 1}, Ops: []fuzz.Op{{Kind: fuzz.OpFrame, Octet: fuzz.Plain("é")}, {Kind: fuzz.OpClose, N: 1000}}})[1:]
	for i, p := range wsfsm.Protocols() {
		all["edit-none-"+p.Name] = append([]byte{byte(i), 0}, program...)
		for kind := range byte(4) {
			all[fmt.Sprintf("edit-%d-%s", kind, p.Name)] = append([]byte{byte(i), 1, kind, byte(4*i) + kind, byte(20 + i), byte(27 + 2*i), 1, 2}, program...)
		}
	}
	all["text-rfc6455"] = []byte("\x13\xffversion: rfc6455\nextends: [opening, framing-mask-bit]\nwire-version: \"13\"\nrecognise: {header: Sec-WebSocket-Version, value: \"13\"}\n" +
		"close: {body: code, received: \"1000-1003\", sent: \"1000\"}\ntoo-big: \"1009\"\n")
	return all
}

// lines are calls of a trace, behind the role and the version that they are played
// on.
func lines(t *testing.T) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for i, p := range wsfsm.Protocols() {
		var log bytes.Buffer
		r, err := trace.NewServer(&log, wsfsm.Options{Versions: []string{p.Name}, AutoStart: true, MaxOutput: 300, Rand: rand.NewChaCha8([32]byte{})}, trace.Settings{NoSteps: i%2 == 0})
		if err != nil {
			t.Fatal(err)
		}
		opening, err := fuzz.Opening(states.Server, strings.TrimPrefix(p.Name, "rfc6455"))
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Receive(opening); err != nil {
			t.Fatal(err)
		}
		for range r.Events() {
		}
		_ = r.Lend(wsfsm.Text, []byte("lent"), func() {}) // some versions refuse some of these
		_, _ = r.Ping([]byte("a"))
		r.Sent(3)
		_ = r.Close(0, "")
		r.DropOutput()
		r.ReceiveEOF(nil)
		for range r.Events() {
		}
		_, calls, _ := bytes.Cut(log.Bytes(), []byte("\n"))
		all["lines-"+p.Name] = append([]byte{0, 0, byte(i)}, calls...)
	}
	return all
}

// bodies are bodies of snapshots, with what is played on them.
func bodies(t *testing.T) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	program := fuzz.Encode(fuzz.Program{Ops: []fuzz.Op{{Kind: fuzz.OpFrame, Octet: fuzz.Plain("é")}, {Kind: fuzz.OpText, Octet: fuzz.Plain("a")}, {Kind: fuzz.OpClose, N: 1000}, {Kind: fuzz.OpEOF}}})[1:]
	for i, p := range wsfsm.Protocols() {
		ep, err := wsfsm.NewEndpoint(wsfsm.Options{Versions: []string{p.Name}, AutoStart: true, Rand: rand.NewChaCha8([32]byte{})})
		if err != nil {
			t.Fatal(err)
		}
		opening, err := fuzz.Opening(states.Server, strings.TrimPrefix(p.Name, "rfc6455"))
		if err != nil {
			t.Fatal(err)
		}
		for name, n := range map[string]int{"head": 20, "open": len(opening)} {
			d := ep.Server()
			if err := d.Receive(opening[:n]); err != nil {
				t.Fatal(err)
			}
			for range d.Events() {
			}
			_ = d.Text([]byte("waits"))
			s, err := d.Snapshot()
			if err != nil {
				t.Fatal(err)
			}
			const marker, hash, sum = 17, 32, 8 // octets around the body (docs/snapshots.md)
			s = s[marker+1+len(p.Name)+hash+1 : len(s)-sum]
			all["body-"+name+"-"+p.Name] = slices.Concat([]byte{0, byte(i), 0, byte(len(s)) | 0x80, byte(len(s) >> 7)}, s, program)
		}
	}
	return all
}
