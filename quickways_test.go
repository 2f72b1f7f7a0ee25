package wsfsm

import (
	"crypto/sha1"
	"slices"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm/states"
)

// The state of SHA-1 behind a padded text is its sum, whatever its length.
func TestPaddedTextIsSummedUp(t *testing.T) {
	for n := range 4 * sha1.BlockSize {
		text := newPaddedText(n)
		for round := range 3 { // it is used again and again
			for i := range n {
				text.octets[i] = byte(7*i + 31*round + n)
			}
			if got, want := *text.sum(), sha1.Sum(text.octets[:n]); got != want {
				t.Errorf("%d octets: %x, not %x", n, got, want)
			}
		}
	}
}

func TestAcceptKeyIsAppended(t *testing.T) {
	var o opening
	for n := range 80 {
		for _, octet := range []byte("A=\x00\xFF") {
			o.key = strings.Repeat(string([]byte{octet}), n)
			if got, want := string(o.appendAcceptKey([]byte("> "))), "> "+AcceptKey(o.key); got != want {
				t.Errorf("%d octets %q: %s, not %s", n, octet, got, want)
			}
		}
	}
	o.key = "dGhlIHNhbXBsZSBub25jZQ==" // RFC 6455 §1.3
	if got := string(o.appendAcceptKey(nil)); got != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		t.Error(got)
	}
}

// The short way of an authority is that of the complete check, with every octet at
// every place.
func TestAuthorityByBothWays(t *testing.T) {
	for _, host := range []string{"", "a", "example.com", "example.com:8080", "a%41b", "[::1]", "[::1]:80", "-._~!$&'()*+,;=", ":", "1.2.3.4"} {
		for at := range len(host) + 1 {
			for octet := range 256 {
				for _, v := range []string{host, host[:at] + string([]byte{byte(octet)}) + host[at:], host[:at] + string([]byte{byte(octet)}) + host[min(at+1, len(host)):]} {
					if got := (&Driver{}).formAuthority(v); got != isAuthority(v) {
						t.Fatalf("%q: %v", v, got)
					}
				}
			}
		}
	}
}

// The sets hold what the RFCs list.
func TestOctetSets(t *testing.T) {
	const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	for set, octets := range map[octetSet]string{inRegName: alphanumeric + "-._~" + "!$&'()*+,;=", inBase64: alphanumeric + "+/"} {
		for octet := range 256 {
			if got, want := allIn(set, string([]byte{byte(octet)})), strings.IndexByte(octets, byte(octet)) >= 0; got != want {
				t.Errorf("%#x in set %d: %v", octet, set, got)
			}
		}
		for at := range 20 {
			text := []byte(strings.Repeat("a", 20))
			if text[at] = 0x80; allIn(set, string(text)) {
				t.Errorf("%q is in set %d", text, set)
			}
		}
	}
}

// A line of a head is checked by the one thing that it wants as it is by all that a
// line may want.
func TestLinesByTheOneThingTheyWant(t *testing.T) {
	values := []string{"", "GET", "get", "HTTP/1.1", "HTTP/1.0", "1.1", "1.0", "2.0", "1.10", "101", "13", "8", "websocket", "WebSocket", "web\u017Focket", "websocket, x",
		"x,\twebsocket", "x", "y, x", "Upgrade", "upgrade", "keep-alive, Upgrade", "upgradf", "upgrade ", "a", "a:1", "a:x", "[::1]", "/", "#", "*", "http://a", "http://a/b",
		"dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ=", "chat, x", "chat, chat", "x; y=1", "x;;", "4 @1  46546xW%0l 1 5", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}
	ep, err := NewEndpoint(Options{Protocols: Protocols(), Subprotocols: []string{"chat"}})
	if err != nil {
		t.Fatal(err)
	}
	wanted := map[want]int{}
	for _, prog := range append(append([]*program(nil), ep.servers...), ep.clients...) {
		lone := append([]headRules(nil), prog.rules...)
		text := Head{Lines: []HeadLine{{Name: ":status", Is: "13", Equals: states.ValueWireVersion}, {Name: ":status", Equals: states.ValueNonce}, {Name: ":status", Equals: states.ValueWireVersion}, {Name: "Host", Count: 1},
			{Name: "Host", Count: 1, Fold: true, Is: "WebSocket"}, {Name: "Host", Count: 1, OneOf: []string{"13"}, AtLeast: "1.1"}, {Name: "Host", Count: 1, Has: "x", Is: "y, x"}}}
		for i := range text.Lines {
			text.Lines[i].Else = states.HandshakeOnBadKey
		}
		lone = append(lone, ep.names.rules(&text))
		for _, rules := range lone {
			for i := range rules.checks {
				one := headRules{checks: rules.checks[i : i+1]}
				r := &one.checks[0]
				wanted[r.want]++
				d := newDriver(ep, prog)
				d.opening.key, d.opening.host = "dGhlIHNhbXBsZSBub25jZQ==", "a"
				for _, value := range values {
					var fields headFields
					line := newFirstLine(value)
					if r.field >= 0 {
						if r.most == 0 || r.Equals != 0 && d.value(r.Equals) == "" {
							continue
						}
						fields.find(&ep.names, Header{{r.Name, value}})
					}
					if r.part == versionPart {
						line[versionPart] = value
					}
					got := d.checkHead(&one, &line, &fields) == states.HandshakeOnAcceptable
					if want := d.holds(r.HeadLine, value); got != want {
						t.Errorf("%s %s %q: %v", prog.Name, r.Name, value, got)
					}
				}
			}
		}
	}
	for w := wantNothing; w <= wantSeveral; w++ {
		if wanted[w] == 0 {
			t.Errorf("no line wants %d", w)
		}
	}
}

// Names in front of an octet are those that are looked up, with every octet at every
// place, and also where the input ends soon.
func TestNamesInFront(t *testing.T) {
	var n fieldNames
	names := []string{"A", "ab", "Host", "Origin", "Upgrade", "Content-Length", "Sec-WebSocket-Key", "Transfer-Encoding", "Sec-WebSocket-Key1",
		"Sec-WebSocket-Protocol", "abcdefghijklmnopqrstuvw", "Sec-WebSocket-Extensions", "abcdefghijklmnopqrstuvwxy", "Sec-WebSocket-Extensions-And-More"}
	for _, name := range names {
		n.number(name)
	}
	for i, name := range names {
		for at := range len(name) + 1 {
			for octet := range 256 {
				in := []byte("-" + name + ":" + strings.Repeat("x", 30))
				in[1+at] = byte(octet)
				number, behind := n.inFront(in, 1, ':')
				if end := strings.IndexByte(string(in), ':'); end < 0 || end-1 > wordedName {
					if number != notLookedUp || behind != 1 {
						t.Fatalf("%q: %d up to %d", in, number, behind)
					}
				} else if number != n.lookUp(in[1:end]) || behind != end {
					t.Fatalf("%q: %d up to %d", in, number, behind)
				}
			}
		}
		in := []byte(name + ": \r\n\r\n")
		for size := range len(in) + 1 {
			want := i
			if size <= len(name) || len(name) > wordedName {
				want = notLookedUp
			}
			if number, _ := n.inFront(in[:size:size], 0, ':'); number != want {
				t.Errorf("%q is %d, not %d", in[:size], number, want)
			}
			if number, _ := n.inFront(in[:size:size], 0, 0); number != notLookedUp {
				t.Errorf("%q without an end is %d", in[:size], number)
			}
		}
	}
}

// The version is the one that is asked for most surely, wherever it stands among the
// options.
func TestVersionAskedForMostSurely(t *testing.T) {
	ep, err := NewEndpoint(Options{Protocols: Protocols()})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		for _, number := range []string{"", "13", "8", "7", "6", "99"} {
			for others := range 8 {
				var header Header
				for i, f := range []Field{{"Sec-WebSocket-Draft", "2"}, {"Sec-WebSocket-Key1", "1 2"}, {"Origin", "http://a"}} {
					if others>>i&1 > 0 {
						header = append(header, f)
					}
				}
				if number != "" {
					header = append(header, Field{"Sec-WebSocket-Version", number})
				}
				var fields headFields
				fields.find(&ep.names, header)
				want, rank := ep.servers[0], 0
				for _, prog := range ep.servers {
					if n := prog.claims(&fields); n > rank {
						want, rank = prog, n
					}
				}
				d := newDriver(ep, ep.servers[0])
				d.adopt(ep.recognise(&fields))
				if d.prog != want || d.frame != want.first.frame || d.message != want.first.message {
					t.Errorf("%q: %s, not %s", header, d.prog.Name, want.Name)
				}
			}
		}
		slices.Reverse(ep.servers)
	}
}
