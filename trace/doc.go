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
// A redacted trace has no octets that came from or go to anybody: payloads, random
// octets and output are given by their sizes, heads by the names of their fields. What
// remains are calls, transitions, events and errors. It cannot be replayed.
package trace
