package interop

import (
	"slices"
	"strings"
)

// row is a line of the matrix but for the direction: a peer, the role that it
// plays, the version that is spoken, and who is at the other end.
type row struct {
	peer    string // as for peer.Require; "wsfsm:driver" and "wsfsm:serve" are our own servers
	role    string // "server" or "client": the peer's
	version version
	ours    string // "driver", or "serve" for the command's echo server
}

// name identifies the row in the files of outcomes.
func (r row) name() string {
	return strings.Join([]string{r.peer, r.role, r.version.name, r.ours}, " ")
}

// directions are who begins an exercise: an echo server never does.
func (r row) directions() []string {
	if r.ours == "serve" || r.peer == "wsfsm:serve" {
		return []string{"echo"}
	}
	return []string{"to", "from"}
}

// implementation splits off the kind of a peer: the program that it runs in.
func (r row) implementation() (kind, name string) {
	kind, name, _ = strings.Cut(r.peer, ":")
	return kind, name
}

// own says whether the peer is this module.
func (r row) own() bool { return strings.HasPrefix(r.peer, "wsfsm:") }

// field returns the field that a client's request needs for the peer's sake:
// hybi-01 has no number on the wire, so that it cannot be told from hixie-76;
// em-websocket wants the number in the field of its successors.
func (r row) field() string {
	if r.peer == "ruby:em-websocket" && r.version.name == "hybi-01" {
		return "Sec-WebSocket-Draft: 1"
	}
	return ""
}

// rows returns the whole matrix. Drafts that share their number on the wire are
// spoken with a peer in the oldest and in the newest of them, or in the one
// that changed the handshake.
func rows() (all []row) {
	wire8 := named("hybi-08", "hybi-12")
	wire13 := named("hybi-13", "rfc6455")
	mask := slices.Concat(wire8, wire13)
	drafts := named("hixie-75", "hixie-76")
	ruby := slices.Concat(drafts, named("hybi-07"), mask)
	em := slices.Concat(drafts, named("hybi-01", "hybi-02", "hybi-03", "hybi-05", "hybi-06", "hybi-07"), mask)
	for _, p := range []struct {
		peer            string
		servers, client []version
	}{
		{"npm:faye-websocket", wire13, wire13},
		{"npm:websocket", mask, mask},
		{"npm:websocket-driver", slices.Concat(drafts, wire13), wire13},
		{"npm:ws", mask, mask},
		{"python:websockets", wire13, wire13},
		{"ruby:em-websocket", em, nil},
		{"ruby:faye-websocket", ruby, wire13},
		{"ruby:websocket-driver", ruby, wire13},
		{"wsfsm:driver", versions(), nil},
		{"wsfsm:serve", versions(), nil},
	} {
		for _, v := range p.servers {
			all = append(all, row{p.peer, "server", v, "driver"})
		}
		for _, ours := range []string{"driver", "serve"} {
			for _, v := range p.client {
				all = append(all, row{p.peer, "client", v, ours})
			}
		}
	}
	return all
}
