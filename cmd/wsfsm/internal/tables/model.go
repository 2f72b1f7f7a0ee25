// Package tables shows the JSON tables of a version as text for people.
package tables

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Tables are the machines of one version, as far as they are shown.
type Tables struct {
	Version     string             `json:"version"`
	Title       string             `json:"title"`
	Confidence  string             `json:"confidence"`
	WireVersion *int               `json:"wireVersion"`
	Recognise   *recognition       `json:"recognise"`
	Close       *closing           `json:"close"`
	TooBig      int                `json:"tooBig"`
	Machines    map[string]machine `json:"machines"`
	Words       words              `json:"words"`
}

type recognition struct {
	Header string
	Values []string
}

type closing struct {
	Body           string
	Own            map[string]string
	Received, Sent [][2]int
}

type words struct {
	Roles    []word
	Machines []word
	Failures []failure
}

type word struct{ Name, Means string }

type failure struct {
	Name, Means, Fault, Cite string
	Code, Status             int
}

type machine struct {
	Initial map[string]string
	Limits  []string
	States  []state
	Events  []word
	Actions []word
	Rows    []row
	Classes map[string][]class
	Heads   map[string][]line
}

type state struct {
	word
	Final bool
	Read  *read
	Input string
	Waits map[string]string
}

type read struct {
	Kind     string
	Argument map[string]any
	As       string
	Through  string
}

type row struct{ From, Event, To, Do, Fail, Cite, Doubt string }

// class is one table of a class. Octets are first, last, event.
type class struct {
	Roles  []string
	RSV    []string
	Octets [][3]any
}

type line struct {
	Name     string
	Count    *int
	Optional bool
	Fold     bool
	Is       string
	OneOf    []string
	Has      string
	AtLeast  string
	Form     string
	Equals   string
	Send     string
	From     string
	Else     string
}

// Parse reads JSON tables.
func Parse(text []byte) (*Tables, error) {
	t := new(Tables)
	if err := json.Unmarshal(text, t); err != nil {
		return nil, fmt.Errorf("tables: %w", err)
	}
	return t, nil
}

// Names lists the machines in the order in which octets meet them.
func (t *Tables) Names() []string {
	var list []string
	for _, w := range t.Words.Machines {
		if _, ok := t.Machines[w.Name]; ok {
			list = append(list, w.Name)
		}
	}
	return list
}

// Only leaves one machine in the JSON tables, and all that is beside machines.
func Only(text []byte, machine string) ([]byte, error) {
	var document map[string]json.RawMessage
	if err := json.Unmarshal(text, &document); err != nil {
		return nil, fmt.Errorf("tables: %w", err)
	}
	var machines map[string]json.RawMessage
	if err := json.Unmarshal(document["machines"], &machines); err != nil {
		return nil, fmt.Errorf("tables: %w", err)
	}
	one, ok := machines[machine]
	if !ok {
		return nil, fmt.Errorf("tables: no machine %s", machine)
	}
	only, err := json.Marshal(map[string]json.RawMessage{machine: one})
	if err != nil {
		return nil, err
	}
	document["machines"] = only
	out, err := json.MarshalIndent(document, "", "  ")
	return append(out, '\n'), err
}

// means finds what a word means.
func means(list []word, name string) string {
	i := slices.IndexFunc(list, func(w word) bool { return w.Name == name })
	if i < 0 {
		return ""
	}
	return list[i].Means
}
