package model

import "strings"

// Judge judges an opening request as a server does that speaks the versions
// enabled only, serves every target, and takes requests from pages of its own
// host only. It returns 101 and the version that the request asks for, or the
// status of the first failure in this order, with the version as far as it was
// settled:
//
//	405  the method is not GET
//	505  the HTTP version is below 1.1 or none
//	400  not exactly one Host, or an empty one
//	426  Upgrade does not list websocket, or Connection does not list upgrade
//	400  a body is announced
//	426  no enabled version is asked for, or several contradict one another
//	400  the keys are not what the version has, or not exactly one of each
//	400  the subprotocol field is not what the version has
//	400  Sec-WebSocket-Extensions breaks its grammar (RFC 6455 §9.1; hybi-04 on)
//	400  no origin in a version that needs one
//	403  an origin other than one of the same host and port as Host
//
// The order of enabled counts between hixie-76 and hybi-01 only, whose requests
// do not differ: the one listed first is taken. It panics on an undefined version.
func Judge(enabled []string, r Request) (version string, status int) {
	for _, name := range enabled {
		draftOf(name)
	}
	if r.Method != "GET" {
		return "", 405
	}
	if !atLeastHTTP11(r.Version) {
		return "", 505
	}
	host, ok := single(r.Headers, "host")
	if !ok || host == "" {
		return "", 400
	}
	if !lists(r.Headers, "upgrade", "websocket") || !lists(r.Headers, "connection", "upgrade") {
		return "", 426
	}
	if has(r.Headers, "content-length") || has(r.Headers, "transfer-encoding") {
		return "", 400
	}
	version = recognise(enabled, r.Headers)
	if version == "" {
		return "", 426
	}
	d := draftOf(version)
	if !d.keysValid(r.Headers) || !d.protocolsValid(r.Headers) || !d.extensionsValid(r.Headers) {
		return version, 400
	}
	return version, d.checkOrigin(r.Headers, host)
}

// CheckRequest returns the status that [Judge] gives r where only RFC 6455 is
// spoken.
func CheckRequest(r Request) int {
	_, status := Judge([]string{"rfc6455"}, r)
	return status
}

// recognise returns the newest enabled version that headers ask for, empty if
// none.
func recognise(enabled []string, headers []Header) string {
	names := Versions()
	for i := len(names) - 1; i >= 0; i-- {
		if !among(names[i], enabled) || !draftOf(names[i]).isAskedFor(headers) {
			continue
		}
		if names[i] == "hybi-01" && position("hixie-76", enabled) < position("hybi-01", enabled) {
			continue
		}
		return names[i]
	}
	return ""
}

// position returns the index of s in list, len(list) if it is not there.
func position(s string, list []string) int {
	for i, each := range list {
		if each == s {
			return i
		}
	}
	return len(list)
}

// isAskedFor tells whether headers ask for the version: by
// Sec-WebSocket-Version, without that by Sec-WebSocket-Draft, without that by the
// keys of 76. Whatever has none of these asks for 75.
func (d draft) isAskedFor(headers []Header) bool {
	if d >= 4 {
		value, ok := single(headers, "sec-websocket-version")
		return ok && value == Params{Version: Versions()[d-hixie75]}.WireVersion()
	}
	if has(headers, "sec-websocket-version") {
		return false
	}
	value, _ := single(headers, "sec-websocket-draft")
	none := !has(headers, "sec-websocket-draft")
	switch d {
	case 3:
		return value == "1" || value == "2" || value == "3"
	case 2:
		return value == "2"
	case 1:
		return (none || value == "1") && has(headers, "sec-websocket-key1")
	case hixie76:
		return (none || value == "0") && has(headers, "sec-websocket-key1")
	}
	return none && !has(headers, "sec-websocket-key1") && !has(headers, "sec-websocket-key2") &&
		!has(headers, "sec-websocket-key")
}

// keysValid judges what the proof is computed from.
func (d draft) keysValid(headers []Header) bool {
	if d == hixie75 {
		return true
	}
	if d.usesChallenge() {
		key1, ok1 := single(headers, "sec-websocket-key1")
		key2, ok2 := single(headers, "sec-websocket-key2")
		_, ok := Digest(key1, key2, "")
		return ok1 && ok2 && ok
	}
	key, ok := single(headers, "sec-websocket-key")
	return ok && isKey(key)
}

// protocolsValid judges the subprotocols asked for: one text in 75 and 76, a
// list with spaces between in hybi-01 to -03, a list of different tokens later.
func (d draft) protocolsValid(headers []Header) bool {
	name := lower(d.protocolName())
	if !has(headers, name) {
		return true
	}
	if d >= 4 {
		return isSubprotocolList(strings.Join(values(headers, name), ","))
	}
	value, ok := single(headers, name)
	return ok && isPlainText(value)
}

// extensionsValid judges the grammar of the extensions asked for.
func (d draft) extensionsValid(headers []Header) bool {
	if d <= 3 || !has(headers, "sec-websocket-extensions") {
		return true
	}
	return isExtensionList(strings.Join(values(headers, "sec-websocket-extensions"), ","))
}

// checkOrigin judges every field that may hold the origin.
func (d draft) checkOrigin(headers []Header, host string) int {
	found := false
	for _, name := range d.originNames() {
		found = found || has(headers, name)
	}
	if !found && d.needsOrigin() {
		return 400
	}
	for _, name := range d.originNames() {
		if !originAllowed(headers, name, host) {
			return 403
		}
	}
	return 101
}
