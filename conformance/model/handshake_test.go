package model

import (
	"strings"
	"testing"
)

func TestAcceptKey(t *testing.T) {
	for key, want := range map[string]string{
		"dGhlIHNhbXBsZSBub25jZQ==": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
		"x3JJHMbDL1EzLkh9GBhXDw==": "HSmrc0sMlYUkAGmm5OPpG2HaGWk=",
	} {
		if got := AcceptKey(key); got != want {
			t.Errorf("%s: %s, want %s", key, got, want)
		}
	}
}

// request returns a lawful request changed by edits. "Name: value" replaces all
// fields of that name, or adds one; "+Name: value" adds one; "-Name" removes.
func request(edits ...string) Request {
	return Request{Method: "GET", Target: "/chat", Version: "HTTP/1.1", Headers: edit([]Header{
		{"Host", "example.com:8000"}, {"Upgrade", "websocket"}, {"Connection", "Upgrade"},
		{"Sec-WebSocket-Version", "13"}, {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
	}, edits)}
}

func edit(headers []Header, edits []string) []Header {
	for _, e := range edits {
		name, value, _ := strings.Cut(strings.TrimLeft(e, "+-"), ":")
		var kept []Header
		for _, h := range headers {
			if h.Name != name || e[0] == '+' {
				kept = append(kept, h)
			}
		}
		if e[0] != '-' {
			kept = append(kept, Header{name, value})
		}
		headers = kept
	}
	return headers
}

func TestCheckRequest(t *testing.T) {
	const proto, ext = "Sec-WebSocket-Protocol:", "Sec-WebSocket-Extensions:"
	tests := []struct {
		edit string // one edit, or several joined by "|"
		want int
	}{
		{"X-Other: anything", 101},
		{"-Host", 400}, {"Host:", 400}, {"Host: \t", 400}, {"+Host: example.com:8000", 400},

		{"-Upgrade", 426}, {"Upgrade: WebSocket", 101}, {"Upgrade: h2c, websocket", 101}, {"+Upgrade: h2c", 101},
		{"Upgrade: websocket/13", 426}, {"Upgrade: web\u017focket", 426}, {"Upgrade: websockets", 426},
		{"-Connection", 426}, {"Connection: keep-alive, UPGRADE", 101}, {"+Connection: keep-alive", 101},
		{"Connection: keep-alive", 426}, {"Connection: close, notupgrade", 426},

		{"Content-Length: 0", 400}, {"content-length: 5", 400}, {"Transfer-Encoding: chunked", 400},

		{"-Sec-WebSocket-Version", 426}, {"Sec-WebSocket-Version: 8", 426}, {"Sec-WebSocket-Version: 013", 426},
		{"Sec-WebSocket-Version: 13, 8", 426}, {"+Sec-WebSocket-Version: 13", 426}, {"Sec-WebSocket-Version:\t13 ", 101},

		{"-Sec-WebSocket-Key", 400}, {"+Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", 400},
		{"Sec-WebSocket-Key:", 400}, {"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=", 400},
		{"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ", 400}, {"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQAA", 400},
		{"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j====", 400}, {"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25-ZQ==", 400},
		{"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZR==", 101}, {"Sec-WebSocket-Key: ++++++++++////////09AZ==", 101},
		{"Sec-WebSocket-Key: dGhlIHNhbXBs ZSBub25jZ==", 400},

		{proto + " chat", 101}, {proto + " chat, super.chat", 101}, {proto + "chat|+" + proto + "other", 101},
		{proto + " , chat,,", 101}, {proto, 400}, {proto + " ,", 400}, {proto + " a b", 400}, {proto + " a;b", 400},
		{proto + " \"a\"", 400}, {proto + " a, a", 400}, {proto + "a|+" + proto + "a", 400}, {proto + " a, A", 101},
		{proto + " \u00e4", 400}, {proto + " a\x7f", 400}, {proto + " a\x1f", 400}, {proto + " !#$%&'*+-.^_`|~", 101},

		{ext + " permessage-deflate", 101}, {ext + " a; b; c=d; e=\"f\"", 101}, {ext + " a, b ;c = d , a", 101},
		{ext + "a|+" + ext + "b; c", 101}, {ext + " ,a,,b,", 101}, {ext, 400}, {ext + " , ,", 400},
		{ext + " a;", 400}, {ext + " a;;b", 400}, {ext + " a; =b", 400}, {ext + " a; b=", 400}, {ext + " a b", 400},
		{ext + " ;a", 400}, {ext + " a; b=c d", 400}, {ext + " a=b", 400}, {ext + " a; b=\"\"", 400},
		{ext + " a; b=\"c d\"", 400}, {ext + " a; b=\"c", 400}, {ext + " a; b=\"c\\", 400}, {ext + " a; b=\"\\c\"", 101},
		{ext + " a; b=\"\\\"\"", 400}, {ext + " a; b=\"c\"d", 400}, {ext + " a; b=\"c,d\"", 400}, {ext + " a/b", 400},
		{ext + " a; b=\"c|+" + ext + "d\"", 400},

		{"Origin: http://example.com:8000", 101}, {"Origin: https://EXAMPLE.com:8000", 101}, {"Origin: null", 403},
		{"Origin: http://example.com", 403}, {"Origin: http://evil.com:8000", 403}, {"Origin:", 403},
		{"Origin: example.com:8000", 403}, {"Origin: ://example.com:8000", 403}, {"Origin: h\xa4tp://example.com:8000", 403}, {"Origin: 1a://example.com:8000", 403},
		{"Origin: http://example.com:8000/", 403}, {"Origin: http://example.com:8000.evil.com", 403},
		{"Origin: http://example.com:8000|+Origin: http://example.com:8000", 403},
	}
	for _, tt := range tests {
		edits := []string{tt.edit}
		if strings.Contains(tt.edit, "|+") {
			edits = strings.Split(tt.edit, "|")
		}
		if got := CheckRequest(request(edits...)); got != tt.want {
			t.Errorf("%q: %d, want %d", tt.edit, got, tt.want)
		}
	}
}

func TestRequestLine(t *testing.T) {
	for version, want := range map[string]int{
		"HTTP/1.1": 101, "HTTP/1.2": 101, "HTTP/1.9": 101, "HTTP/2.0": 101, "HTTP/9.9": 101, "HTTP/1.0": 505, "HTTP/0.9": 505, "": 505,
		"http/1.1": 505, "HTTP/1.10": 505, "HTTP/1,1": 505, "HTTP/:.1": 505, "HTTP/1.:": 505, "HTTP/2./": 505, "HTTP/1": 505,
	} {
		r := request()
		r.Version = version
		if got := CheckRequest(r); got != want {
			t.Errorf("%q: %d, want %d", version, got, want)
		}
	}
	for method, want := range map[string]int{"GET": 101, "get": 405, "POST": 405, "": 405} {
		r := request()
		r.Method = method
		if got := CheckRequest(r); got != want {
			t.Errorf("%q: %d, want %d", method, got, want)
		}
	}
}

// Every octet at every place of a key, judged by membership in the alphabet.
func TestKeyAlphabet(t *testing.T) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for place := range 24 {
		for b := range 256 {
			key := []byte("dGhlIHNhbXBsZSBub25jZQ==")
			key[place] = byte(b)
			want := strings.IndexByte(alphabet, byte(b)) >= 0
			if place >= 22 {
				want = b == '='
			}
			if isKey(string(key)) != want {
				t.Errorf("%q: %t", key, !want)
			}
		}
	}
}

// Every octet as a token, judged by the list of token characters, and in lower
// case.
func TestOctetsOfTokens(t *testing.T) {
	const upper, letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
	const token = upper + letters + "0123456789!#$%&'*+-.^_`|~"
	for b := range 256 {
		s := string([]byte{byte(b)})
		if want := strings.Contains(token, s); isToken(s) != want || isToken("a"+s) != want {
			t.Errorf("%q: token %t, want %t", s, !want, want)
		}
		want := s
		if i := strings.Index(upper, s); i >= 0 {
			want = letters[i : i+1]
		}
		if lower(s) != want {
			t.Errorf("lower(%q) = %q", s, lower(s))
		}
	}
	if isToken("") {
		t.Error("nothing is a token")
	}
}

// All faults at once; mended one by one, each in its turn is the first.
func TestRequestOrder(t *testing.T) {
	r := Request{Method: "POST", Version: "HTTP/1.0", Headers: []Header{
		{"Content-Length", "1"}, {"Sec-WebSocket-Version", "8"}, {"Sec-WebSocket-Key", "?"},
		{"Sec-WebSocket-Protocol", "?"}, {"Sec-WebSocket-Extensions", "?"}, {"Origin", "null"},
	}}
	mend := func(want int, change func()) {
		t.Helper()
		if got := CheckRequest(r); got != want {
			t.Errorf("%d, want %d", got, want)
		}
		change()
	}
	headers := func(edits ...string) func() {
		return func() { r.Headers = edit(r.Headers, edits) }
	}
	mend(405, func() { r.Method = "GET" })
	mend(505, func() { r.Version = "HTTP/1.1" })
	mend(400, headers("Host: h"))
	mend(426, headers("Upgrade: websocket"))
	mend(426, headers("Connection: upgrade"))
	mend(400, headers("-Content-Length"))
	mend(426, headers("Sec-WebSocket-Version: 13"))
	mend(400, headers("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="))
	mend(400, headers("Sec-WebSocket-Protocol: a"))
	mend(400, headers("Sec-WebSocket-Extensions: a"))
	mend(403, headers("Origin: http://h"))
	mend(101, func() {})
}

func TestCheckResponse(t *testing.T) {
	const key = "dGhlIHNhbXBsZSBub25jZQ=="
	const accept, proto = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "Sec-WebSocket-Protocol:"
	tests := []struct {
		edit string
		want ResponseFault
	}{
		{"X-Other: anything", ""},
		{"-Upgrade", "upgrade"}, {"Upgrade: WebSocket", ""}, {"Upgrade: h2c, websocket", "upgrade"},
		{"Upgrade: web\u017focket", "upgrade"}, {"+Upgrade: websocket", "upgrade"},
		{"-Connection", "connection"}, {"Connection: x, upgrade", ""}, {"Connection: close", "connection"},
		{"-Sec-WebSocket-Accept", "accept"}, {"+" + accept, "accept"}, {accept + "\t", ""},
		{"Sec-WebSocket-Accept: S3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "accept"}, {"Sec-WebSocket-Accept:", "accept"},
		{proto + " chat", ""}, {proto + "v2.chat", ""}, {proto + " Chat", "protocol"}, {proto + " other", "protocol"},
		{proto, "protocol"}, {proto + " chat, v2.chat", "protocol"}, {proto + "chat|+" + proto + "chat", "protocol"},
		{"Sec-WebSocket-Extensions:", ""}, {"Sec-WebSocket-Extensions: x", "extensions"},
		{"Sec-WebSocket-Extensions:|+Sec-WebSocket-Extensions:", "extensions"},
	}
	for _, tt := range tests {
		r := Response{Status: 101, Headers: edit([]Header{
			{"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="},
		}, strings.Split(tt.edit, "|"))}
		if got := CheckResponse(key, []string{"chat", "v2.chat"}, r); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.edit, got, tt.want)
		}
	}
	if got := CheckResponse(key, nil, Response{Status: 200}); got != FaultStatus {
		t.Errorf("status 200: %q", got)
	}
}
