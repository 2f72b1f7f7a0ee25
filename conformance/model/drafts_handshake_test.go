package model

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// A challenge is two keys and eight octets, with the digest that other
// implementations compute; the last two have a third key that is not text.
type challenge struct{ key1, key2, key3, digest string }

func challenges(t *testing.T) []challenge {
	hex := func(s string) string { return string(unhex(t, s)) }
	return []challenge{
		{"4 @1  46546xW%0l 1 5", "12998 5 Y3 1  .P00", "^n:ds[4U", "8jKS'y:G*Co,Wxa-"},
		{"18x 6]8vM;54 *(5:  {   U1]8  z [  8", "1_ tx7X d  <  nw  334J702) 7]o}` 0", "Tm[K T2u", "fQJ,fN/4F4!~K~MH"},
		{"3e6b263  4 17 80", "17  9 G`ZD9   2 2b 7X 3 /r90", "WjN}|M(6", "n`9eBk9z$R8pOtVb"},
		{"P388 O503D&ul7 {K%gX( %7  15", "1 N ?|k UT0or 3o  4 I97N 5-S3O 31", hex("47 30 22 2d 5a 3f 47 58"), "0st3Rl&q-2ZU^weu"},
		{"1   38 wZ3f9 23O0 3l 0r", "27   0E 6 2  1665:< ;U 1H", hex("91 25 3e d3 a9 e7 6a 88"),
			hex("b4 9c 6e 40 53 04 04 26 e5 1b bf 6c b7 9f 1d f9")},
	}
}

func TestDigest(t *testing.T) {
	for _, c := range challenges(t) {
		if got, ok := Digest(c.key1, c.key2, c.key3); !ok || got != c.digest {
			t.Errorf("%q: %q, %t", c.key1, got, ok)
		}
	}
}

func TestKeyParts(t *testing.T) {
	for key, want := range map[string]string{
		"4 @1  46546xW%0l 1 5": "31 6e 41 13", // 829309203
		"12998 5 Y3 1  .P00":   "0f 7e d6 3c", // 259970620
		"a 0":                  "00 00 00 00",
		"x 4294967295":         "ff ff ff ff",
		"x  8589934590":        "ff ff ff ff",
		"x 000000000000000000000000000000000000000007": "00 00 00 07",
		"x 4294967296": "", "x  8589934592": "", "x 99999999999999999999999999999": "",
		"x  3": "", "3": "", "x y": "", "": "", " ": "", "2 L785 8o% s9Sy9@V. 4<1P5": "", "x\t4": "",
	} {
		got, ok := keyPart(key)
		if ok != (want != "") || got != string(unhex(t, want)) {
			t.Errorf("%q: % x, %t", key, got, ok)
		}
	}
}

func TestConnectionKey(t *testing.T) {
	want := unhex(t, "63 22 a2 ad c0 2b c4 33 e3 89 6d 34 41 0b 74 bb 77 39 f9 60")
	if exampleConnectionKey != [20]byte(want) {
		t.Errorf("% x", exampleConnectionKey)
	}
	p := Params{Version: "hybi-04", ConnectionKey: [20]byte(want)}
	if got := p.prefixKey(k); fmt.Sprintf("% x", got) != "30 60 1a 50 6f d2 37 11 3b d6 87 47 11 b7 90 f7 4d 80 68 37" {
		t.Errorf("frame key % x", got)
	}
}

// offered is what the client asks for in the handshakes below.
func offered(t *testing.T) Offer {
	c := challenges(t)[0]
	return Offer{Host: "example.com:8080", Resource: "/demo?x=1", Origin: "http://example.com:8080", Protocols: []string{"chat"},
		Key: "dGhlIHNhbXBsZSBub25jZQ==", Key1: c.key1, Key2: c.key2, Key3: c.key3}
}

const (
	exampleNonce  = "H+cNj5elaybfGIQv1esl2w=="
	exampleAccept = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
)

// What both sides send, written out, for each generation of handshakes.
func TestOpening(t *testing.T) {
	const keys = "Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5|Sec-WebSocket-Key2: 12998 5 Y3 1  .P00"
	const old = "Upgrade: WebSocket|Connection: Upgrade|"
	const key = "|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==|Sec-WebSocket-Version: "
	everyRule(t, func(t *testing.T, r rule, p Params) {
		protocol := "|Sec-WebSocket-Protocol: chat"
		request := old + "Host: example.com:8080|Origin: http://example.com:8080" + protocol + "|" + keys
		answer := old + "Sec-WebSocket-Origin: http://example.com:8080|Sec-WebSocket-Location: ws://example.com:8080/demo?x=1" + protocol
		reason, body, digest := "WebSocket Protocol Handshake", "^n:ds[4U", "8jKS'y:G*Co,Wxa-"
		switch d := p.draft(); {
		case d == hixie75:
			request = old + "Host: example.com:8080|Origin: http://example.com:8080|WebSocket-Protocol: chat"
			answer = old + "WebSocket-Origin: http://example.com:8080|WebSocket-Location: ws://example.com:8080/demo?x=1|WebSocket-Protocol: chat"
			reason, body, digest = "Web Socket Protocol Handshake", "", ""
		case d == 2 || d == 3:
			request += "|Sec-WebSocket-Draft: 2"
		case d >= 4:
			name := "Sec-WebSocket-Origin"
			if d >= 11 {
				name = "Origin"
			}
			request = "Host: example.com:8080|Upgrade: websocket|Connection: Upgrade|" + name + ": http://example.com:8080" + protocol + key + r.wire
			answer = "Upgrade: websocket|Connection: Upgrade|" + exampleAccept
			if d == 4 {
				answer += "|Sec-WebSocket-Nonce: " + exampleNonce
			}
			answer += protocol
			reason, body, digest = "Switching Protocols", "", ""
		}
		got := p.OpeningRequest(offered(t))
		if join(got.Headers) != request || got.Body != body || got.Method+got.Target+got.Version != "GET/demo?x=1HTTP/1.1" {
			t.Errorf("request %+v\nwant %s", got, request)
		}
		version, status := Judge([]string{r.version}, got)
		if version != r.version || status != 101 {
			t.Fatalf("judged %s, %d", version, status)
		}
		back := p.OpeningAnswer(got, Choice{Protocol: "chat", Nonce: exampleNonce})
		if join(back.Headers) != answer || back.Reason != reason || back.Status != 101 || back.Body != digest {
			t.Errorf("answer %+v\nwant %s", back, answer)
		}
		if fault := p.CheckAnswer(offered(t), back); fault != "" {
			t.Errorf("fault %s", fault)
		}
		if body != "" {
			got.Body = body[:7]
			if early := p.OpeningAnswer(got, Choice{Protocol: "chat"}); early.Body != "" || join(early.Headers) != answer {
				t.Errorf("seven octets: %+v", early)
			}
			got.Body = body + "\x00frame\xff"
			if pipelined := p.OpeningAnswer(got, Choice{}); pipelined.Body != digest {
				t.Errorf("octets behind the key: %+v", pipelined)
			}
		}
	})
}

func join(headers []Header) string {
	var lines []string
	for _, h := range headers {
		lines = append(lines, h.Name+": "+h.Value)
	}
	return strings.Join(lines, "|")
}

// Origins that nobody set, capital letters, default ports, lists of names.
func TestOpeningDetails(t *testing.T) {
	everyRule(t, func(t *testing.T, r rule, p Params) {
		find := func(headers []Header, name string) string { return strings.Join(values(headers, name), "|") }
		field := p.draft().originNames()[0]
		for _, tt := range []struct {
			offer     Offer
			old, late string // up to hybi-04, later
		}{
			{Offer{Host: "h"}, "http://h", ""}, {Offer{Host: "h:81", Secure: true}, "https://h:81", ""},
			{Offer{Host: "h", Origin: "http://o"}, "http://o", "http://o"},
		} {
			want := tt.late
			if p.draft() <= 4 {
				want = tt.old
			}
			if got := find(p.OpeningRequest(tt.offer).Headers, field); got != want {
				t.Errorf("%+v: origin %q, want %q", tt.offer, got, want)
			}
		}
		if p.draft() <= 3 {
			upper := p.OpeningRequest(Offer{Host: "h", Origin: "HTTP://H"})
			if got := find(upper.Headers, field); got != "http://h" {
				t.Errorf("origin %q", got)
			}
		}
		if p.draft() >= 1 {
			want := "a, b"
			if p.draft() <= 3 {
				want = "a b"
			}
			request := p.OpeningRequest(Offer{Protocols: []string{"a", "b"}})
			if got := find(request.Headers, "sec-websocket-protocol"); got != want {
				t.Errorf("protocols %q", got)
			}
		}
	})
	for _, tt := range []struct {
		secure     bool
		host, want string
	}{
		{false, "Example.COM", "ws://example.com/X"}, {true, "example.com", "wss://example.com/X"},
		{false, "h:80", "ws://h/X"}, {true, "h:443", "wss://h/X"}, {true, "h:80", "wss://h:80/X"}, {false, "h:443", "ws://h:443/X"},
		{false, "h:8080", "ws://h:8080/X"},
	} {
		request := Request{Target: "/X", Headers: []Header{{"host", tt.host}, {"ORIGIN", "HTTP://O"}}}
		got := New("hixie-75", Server).OpeningAnswer(request, Choice{Secure: tt.secure}).Headers
		want := []Header{{"Upgrade", "WebSocket"}, {"Connection", "Upgrade"}, {"WebSocket-Origin", "http://o"}, {"WebSocket-Location", tt.want}}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v", tt.host, got)
		}
	}
}

// A lawful answer, changed.
func TestCheckAnswer(t *testing.T) {
	const up, conn, proto = "Upgrade: ", "Connection: ", "Sec-WebSocket-Protocol"
	tests := []struct {
		from, to draft
		edit     string // as in request, several joined by "|"; "status", "reason" and "body" are not fields
		want     ResponseFault
	}{
		{-1, 18, "X-Other: y", ""}, {-1, 18, "status", FaultStatus}, {-1, -1, "reason", FaultStatus}, {0, 18, "reason", ""},
		{-1, 18, "-Upgrade", FaultUpgrade}, {-1, 3, up + "websocket", FaultUpgrade}, {4, 18, up + "WebSocket", ""},
		{0, 18, "+Upgrade: WebSocket", FaultUpgrade}, {-1, 18, up + "WebSocket/1", FaultUpgrade},
		{-1, -1, "+Upgrade: WebSocket", ""}, {-1, -1, "Upgrade: WebSocket", FaultUpgrade}, {0, 3, "Upgrade: WebSocket", ""},
		{-1, 18, "-Connection", FaultConnection}, {-1, -1, conn + "upgrade", FaultConnection}, {0, 18, conn + "UPGRADE", ""},
		{0, 3, conn + "x, upgrade", FaultConnection}, {4, 18, conn + "x, upgrade", ""}, {0, 3, "+" + conn + "Upgrade", FaultConnection},
		{-1, -1, "-WebSocket-Origin", FaultOrigin}, {-1, -1, "WebSocket-Origin: http://EXAMPLE.com:8080", FaultOrigin},
		{0, 3, "-Sec-WebSocket-Origin", FaultOrigin}, {0, 3, "+Sec-WebSocket-Origin: http://example.com:8080", FaultOrigin},
		{4, 18, "Sec-WebSocket-Origin: http://other", ""},
		{-1, -1, "-WebSocket-Location", FaultLocation}, {0, 3, "-Sec-WebSocket-Location", FaultLocation},
		{0, 3, "Sec-WebSocket-Location: wss://example.com:8080/demo?x=1", FaultLocation},
		{0, 3, "+Sec-WebSocket-Location: ws://example.com:8080/demo?x=1", FaultLocation},
		{4, 18, "-Sec-WebSocket-Accept", FaultAccept}, {4, 18, "+" + exampleAccept, FaultAccept},
		{4, 18, "Sec-WebSocket-Accept: S3pPLMBiTxaQ9kYGzzhZRbK+xOo=", FaultAccept},
		{4, 4, "-Sec-WebSocket-Nonce", FaultNonce}, {4, 4, "Sec-WebSocket-Nonce: eA==", FaultNonce},
		{4, 4, "+Sec-WebSocket-Nonce: " + exampleNonce, FaultNonce}, {5, 18, "Sec-WebSocket-Nonce: eA==", ""},
		{-1, -1, "-WebSocket-Protocol", FaultProtocol}, {0, 3, "-" + proto, FaultProtocol}, {4, 18, "-" + proto, ""},
		{0, 18, proto + ": Chat", FaultProtocol}, {0, 18, "+" + proto + ": chat", FaultProtocol}, {0, 18, proto + ":", FaultProtocol},
		{4, 18, "Sec-WebSocket-Extensions: x", FaultExtensions}, {4, 18, "Sec-WebSocket-Extensions:", ""},
		{4, 18, "Sec-WebSocket-Extensions:|+Sec-WebSocket-Extensions:", FaultExtensions}, {0, 3, "Sec-WebSocket-Extensions: x", ""},
		{0, 3, "body", FaultDigest}, {4, 18, "body", ""},
	}
	everyRule(t, func(t *testing.T, r rule, p Params) {
		for _, tt := range tests {
			if p.draft() < tt.from || p.draft() > tt.to {
				continue
			}
			a := p.OpeningAnswer(p.OpeningRequest(offered(t)), Choice{Protocol: "chat", Nonce: exampleNonce})
			switch tt.edit {
			case "status":
				a.Status = 200
			case "reason":
				a.Reason = "OK"
			case "body":
				a.Body = "8jKS'y:G*Co,Wxa"
			default:
				a.Headers = edit(a.Headers, strings.Split(tt.edit, "|"))
			}
			if got := p.CheckAnswer(offered(t), a); got != tt.want {
				t.Errorf("%q: %q, want %q", tt.edit, got, tt.want)
			}
		}
		if p.draft() <= 3 && p.draft() >= 0 {
			a := p.OpeningAnswer(p.OpeningRequest(offered(t)), Choice{Protocol: "chat"})
			a.Body += "\x00frame\xff"
			if got := p.CheckAnswer(offered(t), a); got != "" {
				t.Errorf("octets behind the digest: %s", got)
			}
			a.Body = "9" + a.Body[1:]
			if got := p.CheckAnswer(offered(t), a); got != FaultDigest {
				t.Errorf("another digest: %q", got)
			}
			wide := offered(t)
			wide.Protocols = nil
			a.Body = "8jKS'y:G*Co,Wxa-"
			if got := p.CheckAnswer(wide, a); got != "" {
				t.Errorf("a subprotocol that was not offered: %q", got)
			}
		}
		if p.draft() >= 4 {
			narrow := offered(t)
			narrow.Protocols = nil
			a := p.OpeningAnswer(p.OpeningRequest(offered(t)), Choice{Protocol: "chat", Nonce: exampleNonce})
			if got := p.CheckAnswer(narrow, a); got != FaultProtocol {
				t.Errorf("a subprotocol that was not offered: %q", got)
			}
		}
	})
}
