// Package states holds the WebSocket versions as specifications, and the words
// they are written in as Go types.
//
// The YAML files of this directory are the only place where a transition of a
// protocol is written down. The file vocabulary.go is generated from
// vocabulary.yaml: each list of words is a type, each word a constant whose
// number is its place in the list. For each of the five machines there are
// three types, of its states, events and actions, as in [FrameState],
// [FrameEvent] and [FrameAction]; constants of events have On after the name
// of the machine, those of actions Do. The failures of all machines are the
// constants of [Violation], an error type.
//
// Zero is no word: "none" of an action type does nothing, of any other type it
// is never what a table holds. Numbers are append-only, as tables in other
// languages and recorded traces depend on them.
//
// The directory tables has the same machines as JSON.
package states
