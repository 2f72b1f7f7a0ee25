// Package trace spells transitions for lines of JSON.
package trace

import (
	"strings"

	"github.com/wsfsm/wsfsm"
)

// Line is a transition in words.
type Line struct {
	Type       string `json:"type"`                 // transition
	Connection int    `json:"connection,omitempty"` // number of the connection; 0 where there is only one
	Machine    string `json:"machine"`
	From       string `json:"from"`
	Event      string `json:"event"`
	To         string `json:"to"`
	Action     string `json:"action,omitempty"`
	Offset     int64  `json:"offset"` // octets received before it was taken
}

// Of spells a transition.
func Of(t wsfsm.Transition) Line {
	machine := t.Machine.String()
	rest := strings.TrimPrefix(t.String(), machine+" ")
	from, rest, _ := strings.Cut(rest, " --")
	event, rest, _ := strings.Cut(rest, "--> ")
	to, action, _ := strings.Cut(rest, " / ")
	return Line{Type: "transition", Machine: machine, From: from, Event: event, To: to, Action: action, Offset: t.Offset}
}
