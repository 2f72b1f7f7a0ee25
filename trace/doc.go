// Package trace records what is done with a driver, call by call, and plays it again:
// bit for bit, as far as one wants, or up to the first difference.
//
//	r, err := trace.NewServer(file, wsfsm.Options{}, trace.Settings{})
//	… r.Receive(p), r.Next(), r.Text(p) …
//
//	p, err := trace.Open(file, trace.PlayerOptions{})
//	for { call, err := p.Step(); … }
//
// A driver has no clock, no I/O and no randomness but the octets that it draws. So its
// calls with their arguments and those octets decide everything; what came of each call
// is written beside it as a check.
//
// # Format, version 1
//
// A trace is lines of JSON. The first is a [Header], each other one a [Call], in order.
// Fields that are zero are left out. [Octets] are a JSON string where they are text, and
// {"hex": "…"} otherwise. docs/traces.md has examples. Version 1 stays readable; fields
// that a reader does not know are refused, since they may decide something.
//
// A redacted trace has filler, the letter x, in place of payloads, random octets, close
// reasons, request targets and the values of header fields, as many as they were; a
// masking key is zeros. What remains are calls, transitions, events, errors, sizes, and
// of the octets on the wire the heads of frames and the names of fields. The header
// marks it as not replayable to the octet, and Open refuses it.
package trace
