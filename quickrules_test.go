package wsfsm

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm/states"
)

// quickEndpoint speaks all versions that can be told apart.
func quickEndpoint(t *testing.T) *Endpoint {
	t.Helper()
	ep, err := NewEndpoint(Options{Versions: []string{AllVersions}, AutoStart: true, Subprotocols: []string{"chat"}, Origins: []string{"https://other.example"}})
	if err != nil {
		t.Fatal(err)
	}
	return ep
}

// The quick rules hold where the rules do, one after the other; but for fields that
// occur twice.
func TestQuickRulesAreTheRules(t *testing.T) {
	ep, random := quickEndpoint(t), rand.New(rand.NewPCG(31, 32))
	kept, broken := map[string]int{}, map[states.HandshakeEvent]int{}
	for range 60_000 {
		head := []byte(someRequest(random))
		d := ep.Server()
		var fields headFields
		if n := d.prog.parts.split(head, &fields, ep); n != len(head) || fields.twice {
			continue
		}
		fields.text = string(head)
		r := fields.split.request(fields.text)
		rules := d.noteRequest(&opened{request: &Request{}}, r.Target, &fields)
		line := newFirstLine(r.Proto)
		line[methodPart], line[targetPart] = r.Method, r.Target
		finding := d.checkHead(rules, &line, &fields)
		if quick := d.holdsQuickly(&rules.quick, &fields); quick != (finding == states.HandshakeOnAcceptable) {
			t.Fatalf("%s: quickly %v, one after the other %v\n%s", d.Version(), quick, finding, head)
		}
		if broken[finding]++; finding == states.HandshakeOnAcceptable {
			kept[d.Version()]++
		}
	}
	if len(broken) < 10 || len(kept) < 7 {
		t.Errorf("findings %v, versions %v", broken, kept)
	}
}

// Nothing that rules of a first line may want is asked of a driver that there is not.
func TestQuickRulesOfAnyFirstLine(t *testing.T) {
	for _, name := range []string{partMethod, partTarget, partProtocol, partVersion, partStatus} {
		for form := states.Form(0); form < 32; form++ {
			for value := states.Value(0); value < 32; value++ {
				head := Head{Lines: []HeadLine{{Name: name, Form: form, Equals: value}, {Name: name, Form: form, Is: "1.1"}}}
				var names fieldNames
				if rules := names.rules(&head); !rules.quick.complete || len(rules.quick.line)+len(rules.quick.protocol) != 2 {
					t.Errorf("%s %v %v: %v", name, form, value, rules.quick)
				}
			}
		}
	}
}

// someRequest is a request that is nearly right.
func someRequest(random *rand.Rand) string {
	one := func(values ...string) string { return values[random.IntN(len(values))] }
	mostly := func(usual string, values ...string) string {
		if random.IntN(8) > 0 {
			return usual
		}
		return one(values...)
	}
	fields := []string{
		mostly("Host: a.example", "Host:", "Host: a b", "Host: [::1]:80", "host: a", ""),
		mostly("Upgrade: websocket", "Upgrade: WebSocket", "Upgrade:websocket", "upgrade:  websocket ", "UPGRADE: websocket, x", "Upgrade: websockets", "Upgrade: x", ""),
		mostly("Connection: Upgrade", "Connection: keep-alive, Upgrade", "Connection: close", "connection: UPGRADE", ""),
		mostly("Sec-WebSocket-Version: "+one("13", "13", "8", "7", "6", "5", "4"), "Sec-WebSocket-Version: 12", "Sec-WebSocket-Version: 013", "Sec-WebSocket-Version:", ""),
		mostly("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Key: x", "Sec-WebSocket-Key:", ""),
		mostly("", "Origin: http://a.example", "Origin: https://other.example", "Origin: http://evil.example", "Origin: null"),
		mostly("", "Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Protocol: chat, chat", "Sec-WebSocket-Protocol: a b"),
		mostly("", "Sec-WebSocket-Extensions: permessage-deflate", "Sec-WebSocket-Extensions: ;"),
		mostly("", "Content-Length: 0", "Transfer-Encoding: chunked", "X-Other: x", "Sec-WebSocket-Draft: 2", "Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5", "Sec-WebSocket-Key2: 12998 5 Y3 1  .P00"),
	}
	random.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
	text := mostly("GET / HTTP/1.1", "GET / HTTP/1.0", "GET / HTTP/1.2", "POST / HTTP/1.1", "GET /#a HTTP/1.1", "GET http://a/ HTTP/1.1", "GET a HTTP/1.1", "GET / HTTP/11", "GET / XTTP/1.1")
	for _, field := range fields {
		if field != "" {
			text += "\r\n" + field
		}
	}
	return text + "\r\n\r\n"
}

// A value is the usual one by one comparison if it is so octet by octet, with every
// octet at every place, and also where the input ends soon.
func TestUsualValues(t *testing.T) {
	ep := quickEndpoint(t)
	parts := ep.servers[0].parts
	single := parts
	single.parts = append([]headPart(nil), parts.parts...)
	for i := range single.parts {
		single.parts[i].usual = 0
	}
	found := 0
	for i := range ep.names.list {
		name := &ep.names.list[i]
		if name.usual.line == 0 {
			continue
		}
		found++
		for _, value := range []string{name.usual.text, strings.ToUpper(name.usual.text)} {
			head := "GET / HTTP/1.1\r\n" + name.name + ": " + value + "\r\n"
			for _, behind := range []string{"\r\n", "A: b\r\n\r\n", "Another-Field: something\r\n\r\n"} {
				for at := len("GET / HTTP/1.1\r\n" + name.name + ":"); at < len(head); at++ {
					for octet := range 256 {
						in := []byte(head + behind)
						in[at] = byte(octet)
						var got, want headFields
						n, m := parts.split(in, &got, ep), single.split(in, &want, ep)
						if n != m || n > 0 && got.split != want.split {
							t.Fatalf("%q: %d %v, octet by octet %d %v", in, n, got.split.fields[0], m, want.split.fields[0])
						}
						if usual := n > 0 && equalFold(got.split.fields[0].value.of(string(in)), name.usual.text); got.usual != 0 && !usual {
							t.Fatalf("%q is not the usual value", in)
						}
					}
				}
			}
		}
	}
	if ep.names.usual([2]byte{'\n', '\n'}, func([]byte) bool { return true }) {
		t.Error("usual values are prepared for two ends of lines")
	}
	if found < 3 {
		t.Errorf("%d names have usual values", found)
	}
}

// What is known of usual values is so by the rules themselves.
func TestUsualValuesAreWanted(t *testing.T) {
	ep := quickEndpoint(t)
	rules, claims := 0, 0
	for _, prog := range ep.servers {
		d := newDriver(ep, prog)
		for i := range prog.rules {
			quick := &prog.rules[i].quick
			for field, r := range quick.values {
				if quick.usual>>field&1 == 0 {
					continue
				}
				rules++
				usual := ep.names.list[field].usual.text
				for _, value := range []string{usual, strings.ToUpper(usual)} {
					if usual == "" || !d.keeps(r, value) {
						t.Errorf("%s %s: %q", prog.Name, r.Name, value)
					}
				}
			}
		}
		for field := range ep.names.list {
			if prog.claim.usual>>field&1 == 0 {
				continue
			}
			claims++
			if values := prog.Recognise.Values; field != prog.claim.field || !slices.Contains(values, ep.names.list[field].usual.text) {
				t.Errorf("%s is asked for by %s: %q", prog.Name, ep.names.list[field].name, ep.names.list[field].usual.text)
			}
		}
	}
	if rules < 10 || claims != 1 {
		t.Errorf("%d rules, %d claims", rules, claims)
	}
}

// A request that is accepted at once leads where single steps lead, whatever version
// it asks for.
func TestAcceptanceIsByTheRows(t *testing.T) {
	ep := quickEndpoint(t)
	at := map[bool]int{}
	for _, prog := range ep.servers {
		at[prog.acceptsAtOnce]++
		if !prog.acceptsAtOnce {
			continue
		}
		p := *prog.Protocol
		for _, cell := range []struct {
			from states.HandshakeState
			ev   states.HandshakeEvent
		}{{prog.first.handshake, states.HandshakeOnAcceptable}, {p.Handshake.Table.At(prog.first.handshake, states.HandshakeOnAcceptable).To, states.HandshakeOnStart}} {
			table := *p.Handshake.Table
			table.Rows[cell.from][cell.ev].Do = states.HandshakeDoHandOver
			q := p
			q.Handshake.Table = &table
			other := newProgram(&q, states.Server, false)
			if other.composeAcceptance() {
				t.Errorf("%s accepts at once with another row", prog.Name)
			}
		}
	}
	if at[true] == 0 {
		t.Error("no version accepts at once")
	}
}
