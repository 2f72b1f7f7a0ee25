package main

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/trace"
)

// tell writes an event: messages as data, everything else as remarks.
func (s *session) tell(e wsfsm.Event) {
	switch e.Kind {
	case wsfsm.EventOpen:
		text := "connected, " + s.conn.Driver().Protocol().Title
		if name := s.conn.Driver().Subprotocol(); name != "" {
			text += ", subprotocol " + name
		}
		if agreed := s.conn.Driver().Extensions(); len(agreed) > 0 {
			text += ", extensions " + strings.Join(agreed, ", ")
		}
		s.console.Remark(text)
	case wsfsm.EventMessage:
		if e.Message == wsfsm.Binary {
			s.console.Data(hex.EncodeToString(e.Data))
			return
		}
		s.console.Data(string(e.Data))
	case wsfsm.EventPing:
		s.console.Remark(fmt.Sprintf("ping with %d octets, answered", len(e.Data)))
	case wsfsm.EventPong:
		if trip, ok := s.pings.last(); e.Ping() != 0 && ok {
			s.console.Remark(fmt.Sprintf("pong after %s", trip.Round(time.Microsecond)))
		}
	case wsfsm.EventClosed:
		if e.Clean() {
			s.console.Remark(fmt.Sprintf("closed with code %d%s", e.Code(), reason(e.Data)))
		}
	}
}

func reason(text []byte) string {
	if len(text) == 0 {
		return ""
	}
	return fmt.Sprintf(" (%q)", text)
}

// eventLine is an event as a line of JSON.
type eventLine struct {
	Type        string   `json:"type"` // open, text, binary, ping, pong, error or closed
	Time        string   `json:"time"` // RFC 3339
	Version     string   `json:"version,omitempty"`
	Subprotocol string   `json:"subprotocol,omitempty"`
	Extensions  []string `json:"extensions,omitempty"`
	Text        *string  `json:"text,omitempty"` // of a text
	Hex         *string  `json:"hex,omitempty"`  // of a binary message, a ping or a pong
	RoundTrip   float64  `json:"roundTrip,omitempty"`
	Violation   string   `json:"violation,omitempty"`
	Error       string   `json:"error,omitempty"`
	Status      int      `json:"status,omitempty"`
	Code        uint16   `json:"code,omitempty"`
	Reason      string   `json:"reason,omitempty"`
	Clean       *bool    `json:"clean,omitempty"`
}

// tellJSON writes an event as a line of JSON. Round trips are in seconds.
func (s *session) tellJSON(e wsfsm.Event) {
	line := eventLine{Type: e.Kind.String(), Time: time.Now().Format(time.RFC3339Nano)}
	text, octets := string(e.Data), hex.EncodeToString(e.Data)
	switch e.Kind {
	case wsfsm.EventOpen:
		line.Version, line.Subprotocol = s.conn.Driver().Version(), s.conn.Driver().Subprotocol()
		line.Extensions = s.conn.Driver().Extensions()
	case wsfsm.EventMessage:
		line.Type = e.Message.String()
		if e.Message == wsfsm.Text {
			line.Text = &text
		} else {
			line.Hex = &octets
		}
	case wsfsm.EventPing:
		line.Hex = &octets
	case wsfsm.EventPong:
		line.Hex = &octets
		if trip, ok := s.pings.last(); e.Ping() != 0 && ok {
			line.RoundTrip = trip.Seconds()
		}
	case wsfsm.EventError:
		err := s.conn.Driver().Err()
		line.Error = plain(err)
		var rule *wsfsm.Error
		if errors.As(err, &rule) {
			line.Violation, line.Status = rule.Violation.String(), rule.Status
		}
	case wsfsm.EventClosed:
		clean := e.Clean()
		line.Code, line.Reason, line.Clean = uint16(e.Code()), text, &clean
		if err := s.conn.Driver().Err(); !clean && err != nil {
			line.Error = plain(err)
		}
	}
	s.console.Data(marshal(line))
}

func marshal(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // cannot happen: lines are plain data
	}
	return string(text)
}

// transition prints a transition, or keeps it until there is a console.
func (s *session) transition(t wsfsm.Transition) {
	switch {
	case s.console == nil:
		s.early = append(s.early, t)
	case s.options.asJSON:
		s.console.Remark(marshal(trace.Of(t)))
	default:
		s.console.Remark(t.String())
	}
}

// sizes prints the sizes of a compressed message.
func (s *session) sizes(m trace.Message) {
	if s.options.asJSON {
		s.console.Remark(marshal(m))
		return
	}
	s.console.Remark(m.String())
}
