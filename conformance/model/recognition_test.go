package model

import (
	"slices"
	"strings"
	"testing"
)

// Which of the enabled versions a request asks for.
func TestRecognition(t *testing.T) {
	const all = "hixie-75 hixie-76 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 rfc6455"
	const key1, key2, key = "Sec-WebSocket-Key1: x 1", "Sec-WebSocket-Key2: x 1", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
	const keys = key1 + "|" + key2 + "|"
	const v, d = "Sec-WebSocket-Version: ", "Sec-WebSocket-Draft: "
	tests := []struct{ enabled, fields, want string }{
		{all, key + "|" + v + "13", "rfc6455"}, {all, key + "|" + v + "8", "12"}, {all, key + "|" + v + "7", "07"},
		{all, key + "|" + v + "6", "06"}, {all, key + "|" + v + "5", "05"}, {all, key + "|" + v + "4", "04"},
		{"13 14 09", key + "|" + v + "13", "14"}, {"14 13 09", key + "|" + v + "13", "14"}, {"08 09 10", key + "|" + v + "8", "10"},
		{all, key + "|" + v + "9", ""}, {all, key + "|" + v + "0", ""}, {all, key + "|" + v + "3", ""}, {all, key + "|" + v + "013", ""},
		{all, key + "|" + v + "14", ""}, {all, key + "|" + v + "13, 8", ""}, {all, key + "|" + v + "13|+" + v + "13", ""},
		{all, key + "|" + v, ""}, {"07 rfc6455", key + "|" + v + "8", ""}, {"hixie-75 hixie-76", key + "|" + v + "13", ""},
		{"rfc6455", key, ""}, {all, keys + v + "13|" + key + "|" + d + "2", "rfc6455"}, {all, keys + v + "99", ""},

		{all, keys + d + "3", "03"}, {all, keys + d + "2", "03"}, {all, keys + d + "1", "03"}, {all, keys + d + "0", "hixie-76"},
		{"02 01", keys + d + "2", "02"}, {"02 01 hixie-76", keys + d + "1", "01"}, {"02 01 hixie-76", keys + d + "3", ""},
		{all, keys + d + "4", ""}, {all, keys + d + "02", ""}, {all, keys + d, ""}, {all, keys + d + "2|+" + d + "2", ""},
		{"hixie-75 hixie-76 01", keys + d + "2", ""}, {"01", keys + d + "0", ""}, {"01 hixie-76", keys + d + "0", "hixie-76"},
		{"hixie-76", keys + d + "0|+" + d + "0", ""}, {all, d + "0", ""}, {all, d + "2", "03"},

		{"hixie-76", keys, "hixie-76"}, {"01", keys, "01"}, {"01 hixie-76", keys, "01"}, {"hixie-76 01", keys, "hixie-76"},
		{"rfc6455 03 01 hixie-75 hixie-76", keys, "01"}, {"02 03", keys, ""}, {"hixie-75", keys, ""}, {"rfc6455", keys, ""},
		{"hixie-76", key1, "hixie-76"}, {"hixie-76", key2, ""},

		{"hixie-75", "", "hixie-75"}, {all, "", "hixie-75"}, {"hixie-76 rfc6455", "", ""}, {"hixie-75", key1, ""}, {"hixie-75", key2, ""},
		{"hixie-75", key, ""}, {"hixie-75", d + "0", ""}, {"hixie-75", v + "75", ""}, {"hixie-75", "WebSocket-Protocol: a", "hixie-75"},
	}
	for _, tt := range tests {
		enabled := long(strings.Fields(tt.enabled)...)
		r := Request{Method: "GET", Version: "HTTP/1.1", Headers: edit([]Header{
			{"Host", "h"}, {"Upgrade", "WebSocket"}, {"Connection", "Upgrade"}, {"Origin", "http://h"},
		}, strings.FieldsFunc(tt.fields, func(c rune) bool { return c == '|' }))}
		want := ""
		if tt.want != "" {
			want = long(tt.want)[0]
		}
		version, status := Judge(enabled, r)
		if version != want || (status == 426) != (want == "") {
			t.Errorf("%s with %q: %q, %d; want %q", tt.enabled, tt.fields, version, status, want)
		}
	}
}

// long returns names of versions with "hybi-" before bare numbers.
func long(names ...string) []string {
	out := slices.Clone(names)
	for i, name := range out {
		if len(name) == 2 {
			out[i] = "hybi-" + name
		}
	}
	return out
}

// A lawful request of each version, changed.
func TestJudge(t *testing.T) {
	const nonToken = " a/b c"
	tests := []struct {
		from, to draft
		edit     string
		want     int
	}{
		{-1, 18, "X: y", 101}, {-1, 18, "-Host", 400}, {-1, 18, "-Upgrade", 426}, {-1, 18, "Connection: close", 426},
		{-1, 18, "Upgrade: wEbSocket", 101}, {-1, 18, "Connection: keep-alive, Upgrade", 101}, {-1, 18, "Content-Length: 8", 400},
		{-1, 18, "Transfer-Encoding: chunked", 400},
		{0, 3, "-Sec-WebSocket-Key2", 400}, {0, 3, "+Sec-WebSocket-Key2: x 1", 400}, {0, 3, "+Sec-WebSocket-Key1: x 1", 400},
		{0, 3, "Sec-WebSocket-Key1: 12", 400}, {0, 3, "Sec-WebSocket-Key2: x  3", 400}, {0, 3, "Sec-WebSocket-Key1: x  4", 101},
		{4, 18, "-Sec-WebSocket-Key", 400}, {4, 18, "Sec-WebSocket-Key: eA==", 400},
		{-1, -1, "WebSocket-Protocol:" + nonToken, 101}, {-1, -1, "WebSocket-Protocol:", 400}, {-1, -1, "+WebSocket-Protocol: b", 400},
		{-1, -1, "WebSocket-Protocol: a\x1f", 400}, {-1, -1, "WebSocket-Protocol: a\x7f", 400}, {-1, -1, "WebSocket-Protocol: \u00e4", 400},
		{-1, -1, "Sec-WebSocket-Protocol:", 101},
		{0, 3, "Sec-WebSocket-Protocol:" + nonToken, 101}, {0, 3, "Sec-WebSocket-Protocol:", 400},
		{0, 3, "+Sec-WebSocket-Protocol: b", 400}, {0, 3, "Sec-WebSocket-Protocol: a\x7f", 400},
		{4, 18, "Sec-WebSocket-Protocol:" + nonToken, 400}, {4, 18, "+Sec-WebSocket-Protocol: b", 101},
		{4, 18, "Sec-WebSocket-Protocol: b, b", 400}, {4, 18, "Sec-WebSocket-Protocol:", 400},
		{-1, 3, "Sec-WebSocket-Extensions: =", 101}, {4, 18, "Sec-WebSocket-Extensions: =", 400},
		{4, 18, "Sec-WebSocket-Extensions: a; b=c", 101},

		{-1, 3, "-Origin", 400}, {4, 4, "-Sec-WebSocket-Origin", 400}, {5, 10, "-Sec-WebSocket-Origin", 101}, {11, 18, "-Origin", 101},
		{-1, 3, "Origin: http://evil", 403}, {11, 18, "Origin: http://evil", 403}, {4, 10, "Sec-WebSocket-Origin: http://evil", 403},
		{4, 6, "Origin: http://evil", 101}, {7, 12, "Origin: http://evil", 403}, {13, 18, "Sec-WebSocket-Origin: http://evil", 101},
		{11, 12, "Sec-WebSocket-Origin: http://evil", 403}, {-1, 3, "Sec-WebSocket-Origin: http://evil", 101},
		{11, 12, "-Origin|Sec-WebSocket-Origin: http://example.com:8080", 101}, {7, 10, "Origin: http://example.com:8080", 101},
		{-1, 3, "+Origin: http://example.com:8080", 403}, {4, 10, "+Sec-WebSocket-Origin: http://example.com:8080", 403},
		{-1, 3, "Origin: HTTPS://EXAMPLE.com:8080", 101},
	}
	used := make(map[string]bool)
	everyRule(t, func(t *testing.T, r rule, p Params) {
		for _, tt := range tests {
			if p.draft() < tt.from || p.draft() > tt.to {
				continue
			}
			used[tt.edit] = true
			request := p.OpeningRequest(offered(t))
			request.Headers = edit(request.Headers, strings.Split(tt.edit, "|"))
			if _, got := Judge([]string{r.version}, request); got != tt.want {
				t.Errorf("%q: %d, want %d", tt.edit, got, tt.want)
			}
		}
		// Faults come in the order of the list: the first line decides.
		request := p.OpeningRequest(offered(t))
		request.Method, request.Version = "POST", "HTTP/1.0"
		if _, got := Judge([]string{r.version}, request); got != 405 {
			t.Errorf("POST: %d", got)
		}
		request.Method = "GET"
		if _, got := Judge([]string{r.version}, request); got != 505 {
			t.Errorf("HTTP/1.0: %d", got)
		}
	})
}
