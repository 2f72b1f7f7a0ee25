package conformance

import (
	"crypto/md5"
	"strings"
	"testing"
)

// TestFrameMask: behind a handshake with a nonce, masks are made by SHA-1. The
// octets are those of the vectors of hybi-04.
func TestFrameMask(t *testing.T) {
	t.Parallel()
	for steps, want := range map[string]string{
		"> \"GET / HTTP/1.1\\r\\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n\"\n< \"HTTP/1.1 101\\r\\nSec-WebSocket-Nonce: \" nonce \"\\r\\n\"\n": "\xb4\x65\x52\x35\x03\xbe\x58",
		"> \"GET / HTTP/1.1\\r\\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n\"\n":                                                                 "\xb3\xff\x69\x58\x5b\x96\x4e",
	} {
		c := parsed(t, "handshake: in case\nrand: 1fe70d8f97a56b26df18842fd5eb25db\n", steps+"state open\n> 37fa213d ^84 ^05 ^\"Hello\"")
		if got := string(c.Bytes(&c.Steps[len(c.Steps)-1])); got != "\x37\xfa\x21\x3d"+want {
			t.Errorf("%s: got %x, want %x", steps, got[4:], want)
		}
	}
}

// TestOpeningLendsRandom: a case of a server without random octets has those of
// its standard handshake.
func TestOpeningLendsRandom(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{"": "MTIzNDEyMzQxMjM0MTIzNA==", "rand: \"5\"\n": "NTU1NTU1NTU1NTU1NTU1NQ=="} {
		c := parsed(t, header, "state open")
		c.Opening.Rand = Octets{{Data: []byte("1234"), Repeat: 1}}
		if got := string(c.named("nonce")); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}

// drawnRequest is a request with the keys of the first vector of hixie-76.
const drawnRequest = "Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\nSec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\n\r\n^n:ds[4U"

func TestReadDrawn(t *testing.T) {
	t.Parallel()
	d, err := readDrawn([]byte(drawnRequest))
	if err != nil || string(d.digest()) != "8jKS'y:G*Co,Wxa-" {
		t.Errorf("%v, %q", err, d.digest())
	}
	if want := md5.Sum([]byte("\x31\x6e\x41\x13\x0f\x7e\xd6\x3c^n:ds[4U")); string(want[:]) != string(d.digest()) {
		t.Errorf("the digest is %x, want %x", d.digest(), want)
	}
	for replace, want := range map[string]string{
		"[4U| ":                   "eight octets behind the request are missing",
		"4 @1  46546xW%0l 1 5|":   "has 0 spaces",
		"4 @1  46546xW%0l 1 5|a1": "has 0 spaces",
		"12998 5 Y3 1  .P00|1 2 3 4 5 6 7 8 9 0 1 2 3 x4":  "has 13 spaces",
		"12998 5 Y3 1  .P00| 12998 5 Y3 1 .P00":            "has a space at an end",
		"12998 5 Y3 1  .P00|12998 5 3 1  00":               "has 0 characters beside digits and spaces",
		"12998 5 Y3 1  .P00|12998 5 aaaaaaaaaaaaaY3 1  00": "has 14 characters beside digits and spaces",
		"12998 5 Y3 1  .P00|12998 5 Y3 1  .P01":            "hides no number of 32 bits: 1299853101 divided by 5",
		"12998 5 Y3 1  .P00|4294967296 x 0":                "hides no number of 32 bits: 42949672960 divided by 2",
		"12998 5 Y3 1  .P00|12998 5 Y3\x01 1  .P00":        "holds the octet 01",
	} {
		old, with, _ := strings.Cut(replace, "|")
		if _, err := readDrawn([]byte(strings.Replace(drawnRequest, old, with, 1))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", replace, err, want)
		}
	}
}

// TestWrongKeys: a request without the keys fails the case, also when its output
// is taken octet by octet.
func TestWrongKeys(t *testing.T) {
	t.Parallel()
	text := strings.Replace(head, "server", "client", 1) + "handshake: in case\nrand: 00\n\ndo start\n< key1\n"
	c, err := Parse("self/test.case", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, cfg := range []Config{{}, {Trickle: true}} {
		if err := Run(c, cfg); err == nil || !strings.Contains(err.Error(), "the keys of the request do not hold") {
			t.Errorf("%v: %v", cfg, err)
		}
	}
}

func TestOctets(t *testing.T) {
	for text, want := range map[string]string{
		`00ff "a\r\n\t\"\\\x80" "é"`:       "\x00\xffa\r\n\t\"\\\x80é",
		`6162*3`:                           "ababab",
		`01020304 ^"abcde" ^"f"`:           "\x01\x02\x03\x04" + "\x60\x60\x60\x60\x64\x64",
		`01020304 ^61*5 00 00000001 ^00*4`: "\x01\x02\x03\x04" + "\x60\x63\x62\x65\x60" + "\x00" + "\x00\x00\x00\x01" + "\x00\x00\x00\x01",
		`37fa213d ^"Hello"`:                "\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58",
		`key " " accept`:                   "dGhlIHNhbXBsZSBub25jZQ== s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
		`"*2" "a*b"*2`:                     "*2a*ba*b",
	} {
		words, _, err := splitWords(text)
		if err != nil {
			t.Fatal(err)
		}
		o, err := parseOctets(words)
		if err != nil {
			t.Fatal(err)
		}
		c := &Case{Rand: Octets{{Data: []byte("the sample nonce"), Repeat: 1}}}
		if got := string(o.Bytes(c.named)); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}
