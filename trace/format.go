package trace

import (
	"encoding/hex"
	"encoding/json"
	"unicode/utf8"

	"github.com/wsfsm/wsfsm"
)

// Version is the version of the format that is written.
const Version = 1

// Header is the first line of a trace: what the driver was made of.
type Header struct {
	Trace     int        `json:"trace"` // Version
	Role      string     `json:"role"`  // server or client
	URL       string     `json:"url,omitempty"`
	Protocols []Protocol `json:"protocols"`          // that are spoken, the preferred one first
	Passive   bool       `json:"passive,omitempty"`  // see Decode
	Redacted  bool       `json:"redacted,omitempty"` // not replayable to the octet: see the package's documentation
	Steps     bool       `json:"steps,omitempty"`    // calls have their transitions
	Options   Options    `json:"options"`
}

// Protocol is a protocol by its name and the hash of its tables.
type Protocol struct {
	Name string `json:"name"`
	Hash string `json:"hash"` // hex, as of wsfsm.Protocol.Hash
}

// Options are those of wsfsm.Options that can be written. Extensions are the names of
// those that the endpoint speaks, as they are offered.
type Options struct {
	MaxMessage   int64         `json:"maxMessage,omitempty"`
	MaxHead      int           `json:"maxHead,omitempty"`
	MaxLine      int           `json:"maxLine,omitempty"`
	MaxFields    int           `json:"maxFields,omitempty"`
	MaxOutput    int           `json:"maxOutput,omitempty"`
	KeepReading  bool          `json:"keepReading,omitempty"`
	Pieces       bool          `json:"pieces,omitempty"` // wsfsm.DeliverPieces
	AutoStart    bool          `json:"autoStart,omitempty"`
	Subprotocols []string      `json:"subprotocols,omitempty"`
	Origins      []string      `json:"origins,omitempty"`
	Origin       string        `json:"origin,omitempty"`
	Secure       bool          `json:"secure,omitempty"`
	Extensions   []string      `json:"extensions,omitempty"`
	Header       []wsfsm.Field `json:"header,omitempty"`
}

// Call is a call of a driver: its name, its arguments, and what came of it.
type Call struct {
	Call string `json:"call"` // name of the method

	// arguments
	Data   Octets        `json:"data,omitzero"`
	Kind   string        `json:"kind,omitempty"` // text or binary
	Code   int64         `json:"code,omitempty"` // close code, status, limit or number of octets
	Text   string        `json:"text,omitempty"` // close reason, subprotocol or cause
	Header []wsfsm.Field `json:"header,omitempty"`

	// results
	Error  string   `json:"error,omitempty"`
	Ping   int64    `json:"ping,omitempty"` // that Ping returned
	Event  *Event   `json:"event,omitempty"`
	Unread Octets   `json:"unread,omitzero"` // that Detach returned
	Random Octets   `json:"random,omitzero"` // that were drawn
	Out    Octets   `json:"out,omitzero"`    // that the output has got
	Steps  []string `json:"steps,omitempty"` // transitions, as wsfsm.Transition spells them, behind their offsets

	event   wsfsm.Event // as Next returned it
	failure error       // whose text Error is
}

// Event is an event that Next returned.
type Event struct {
	Kind    string `json:"kind"`
	Message string `json:"message,omitempty"` // text or binary
	Data    Octets `json:"data,omitzero"`
	First   bool   `json:"first,omitempty"`
	Last    bool   `json:"last,omitempty"`
	Code    int    `json:"code,omitempty"`
	Clean   bool   `json:"clean,omitempty"`
	Ping    int64  `json:"ping,omitempty"`
	Error   string `json:"error,omitempty"` // what Driver.Err says behind error and closed
	Version string `json:"version,omitempty"`
}

// Octets are octets. In a redacted trace those that are secret are filler.
type Octets struct{ P []byte }

// IsZero reports whether there are none.
func (o Octets) IsZero() bool { return len(o.P) == 0 }

// octetsObject is how Octets that are no text are written.
type octetsObject struct {
	Hex string `json:"hex"`
}

// MarshalJSON writes text as a string and others as an object.
func (o Octets) MarshalJSON() ([]byte, error) {
	if utf8.Valid(o.P) {
		return json.Marshal(string(o.P))
	}
	return json.Marshal(octetsObject{hex.EncodeToString(o.P)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (o *Octets) UnmarshalJSON(text []byte) error {
	*o = Octets{}
	if len(text) > 0 && text[0] == '"' {
		var s string
		err := json.Unmarshal(text, &s)
		o.P = []byte(s)
		return err
	}
	var object octetsObject
	if err := unmarshal(text, &object); err != nil {
		return err
	}
	var err error
	o.P, err = hex.DecodeString(object.Hex)
	return err
}
