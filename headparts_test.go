package wsfsm

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
	"testing"
)

// All right heads are taken in one step.
func TestRightHeadsAreTakenWhole(t *testing.T) {
	ep, err := NewEndpoint(Options{Protocols: Protocols()})
	if err != nil {
		t.Fatal(err)
	}
	for head, side := range map[string][]*program{
		"GET / HTTP/1.1\r\nHost: a\r\nOrigin: \t b \t\r\nX-None: \xE9\tc\r\n\r\n":      ep.servers,
		"HTTP/1.1 101 Switching Protocols\r\nHost:a\r\nOrigin: b\r\nX-None: c\r\n\r\n": ep.clients,
	} {
		for _, prog := range side {
			var fields headFields
			if n := prog.parts.split([]byte(head+"rest"), &fields, ep); n != len(head) || fields.split.count != 3 {
				t.Errorf("%s: %d octets of %q, %d fields", prog.Name, n, head, fields.split.count)
			}
			for n := range len(head) {
				if prog.parts.split([]byte(head[:n]), &headFields{}, ep) != 0 {
					t.Errorf("%s: %q is taken for a head", prog.Name, head[:n])
				}
			}
			checkKnown(t, prog)
		}
	}
}

// checkKnown wants one kind of part whose names need not be looked at octet by
// octet, and none that has other octets.
func checkKnown(t *testing.T, prog *program) {
	t.Helper()
	knows := 0
	for i := range prog.parts.parts {
		p := &prog.parts.parts[i]
		knows += int(p.knows)
		for _, name := range []string{"Ho st", "Host:", ":Host", " Host", "H\xF6st"} {
			if p.knows > 0 && p.keptName(name) {
				t.Errorf("%s: %q is kept as a name", prog.Name, name)
			}
		}
	}
	if knows != 1 {
		t.Errorf("%s: %d kinds of parts know the names", prog.Name, knows)
	}
}

// Names are found in any letters, and no other name is.
func TestFieldNames(t *testing.T) {
	var n fieldNames
	names := []string{"A", "ab", "Abc", "Host", "Origin", "Upgrade", "X-Y~^_`", "Sec-WebSocket-Key", "Sec-WebSocket-Key1", "Sec-WebSocket-Key2",
		"Sec-WebSocket-Extensions", "Sec-WebSocket-Extensions-And-More", "Content-Length", "12345678"}
	for i, name := range names {
		if n.number(name) != i || n.number(strings.ToUpper(name)) != i {
			t.Fatal(name)
		}
	}
	for i, name := range names {
		for _, form := range []string{name, strings.ToLower(name), strings.ToUpper(name)} {
			if got := n.lookUp([]byte(form)); got != i {
				t.Errorf("%q is %d, not %d", form, got, i)
			}
			padded := []byte(form + ":" + strings.Repeat("x", 40))
			if got, at := n.inFront(padded, 0, ':'); len(form) <= 24 && (got != i || at != len(form)) {
				t.Errorf("in front is %d up to %d, not %q", got, at, form)
			}
		}
		for at := range len(name) {
			for octet := range 256 {
				p := []byte(name)
				p[at] = byte(octet)
				want := unknownName
				for j := range names {
					if strings.EqualFold(string(p), names[j]) && octet < 0x80 {
						want = j
					}
				}
				if got := n.lookUp(p); got != want {
					t.Errorf("%q is %d, not %d", p, got, want)
				}
			}
		}
		for _, other := range []string{name + "x", name[1:], ""} {
			if got := n.lookUp([]byte(other)); got >= 0 && !strings.EqualFold(names[got], other) {
				t.Errorf("%q is %q", other, names[got])
			}
		}
	}
}

func TestOctetRange(t *testing.T) {
	for low := 0; low < 0x80; low += 3 {
		for high := low; high < 0x80; high += 5 {
			r := rangeOf(byte(low), byte(high))
			for octet := range 256 {
				for at := range 8 {
					p := [8]byte{byte(low), byte(high), byte(low), byte(high), byte(low), byte(high), byte(low), byte(high)}
					p[at] = byte(octet)
					var want uint64
					if octet < low || octet > high {
						want = 0x80 << (8 * at)
					}
					if got := r.outside(binary.LittleEndian.Uint64(p[:])); got != want {
						t.Fatalf("%#x to %#x: %#x at %d gives %#x", low, high, octet, at, got)
					}
				}
			}
		}
	}
}

// A key is what the decoder of the standard library takes for 16 octets, line ends
// apart, which no value has.
func TestBase64Of16Octets(t *testing.T) {
	const key = "dGhlIHNhbXBsZSBub25jZQ=="
	for at := range len(key) {
		for octet := range 256 {
			p := []byte(key)
			p[at] = byte(octet)
			nonce, err := base64.StdEncoding.DecodeString(string(p))
			want := err == nil && len(nonce) == 16 && octet != '\r' && octet != '\n'
			if got := (&Driver{}).formBase6416(string(p)); got != want {
				t.Errorf("%q: %v", p, got)
			}
		}
	}
	for _, other := range []string{"", key[1:], key + "=", "AAAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAA="} {
		if (&Driver{}).formBase6416(other) {
			t.Errorf("%q is taken for 16 octets", other)
		}
	}
}

// Where an origin needs no parsing the answer is that of parsing it.
func TestSameHost(t *testing.T) {
	ep := &Endpoint{}
	for _, host := range []string{"a", "example.com", "example.com:8080", "a:", "a:80", "a:443", "127.0.0.1:1", "[::1]", "[::1]:80", "a_b", "a%41", ":1", "a:b", "a:1:2", "a:99999", ""} {
		for _, origin := range []string{"http://" + host, "https://" + host, "HTTP://" + host, "http:/" + host, "ftp://" + host, "httpss://" + host, "http://" + host + "/", host, "http://b@" + host} {
			if sameHost(origin, host) && !ep.parsedOrigin(origin, host) {
				t.Errorf("%q is taken for an origin on %q", origin, host)
			}
		}
	}
	if !sameHost("http://example.com:8080", "example.com:8080") || sameHost("http://example.com", "example.org") {
		t.Error("plain origins are mistaken")
	}
}
