package emit

import (
	"strconv"

	"github.com/wsfsm/wsfsm/gen/lower"
)

// JSONFormat is the version of the form of the JSON tables.
const JSONFormat = 1

// JSON writes a version as tables for programs in any language: names and
// numbers of everything that its machines need. schema is where the schema of
// the tables lies, seen from the file.
func JSON(in Input, v Version, schema string) ([]byte, error) {
	p := v.Lowered
	t := jsonTables{
		Schema:    schema,
		Generated: in.mark(in.files(v)...),
		Format:    JSONFormat,
		Version:   p.Name,
		Title:     p.Title,
		FailBase:  lower.FailBase,
		Words:     jsonWordsOf(in.Vocabulary),
		Machines:  make(map[string]jsonMachine, len(p.Machines)),
	}
	t.constants(in, v)
	for i := range p.Machines {
		t.Machines[p.Machines[i].Name] = in.view(v, &p.Machines[i]).json()
	}
	return layoutJSON(t)
}

// jsonTables is the whole file.
type jsonTables struct {
	Schema      string                 `json:"$schema,omitempty"`
	Generated   string                 `json:"generated"`
	Format      int                    `json:"format"`
	Version     string                 `json:"version"`
	Title       string                 `json:"title"`
	Confidence  string                 `json:"confidence,omitempty"`
	WireVersion *int                   `json:"wireVersion,omitempty"`
	Recognise   *jsonRecognise         `json:"recognise,omitempty"`
	Close       *jsonClose             `json:"close,omitempty"`
	TooBig      uint16                 `json:"tooBig,omitempty"`
	FailBase    int                    `json:"failBase"`
	Machines    map[string]jsonMachine `json:"machines"`
	Words       jsonWords              `json:"words"`
}

type jsonRecognise struct {
	Header string   `json:"header"`
	Values []string `json:"values,omitempty"`
}

type jsonClose struct {
	Body     string            `json:"body"`
	Own      map[string]string `json:"own,omitempty"` // by role
	Received [][2]uint16       `json:"received,omitempty"`
	Sent     [][2]uint16       `json:"sent,omitempty"`
}

func (t *jsonTables) constants(in Input, v Version) {
	p := v.Lowered
	t.Confidence = v.Spec.Confidence
	t.TooBig = p.TooBig
	if p.WireVersion >= 0 && v.Spec.WireVersion != "" {
		t.WireVersion = &p.WireVersion
	}
	if p.RecogniseHeader != "" {
		t.Recognise = &jsonRecognise{p.RecogniseHeader, p.RecogniseValues}
	}
	if p.CloseBody != 0 {
		t.Close = &jsonClose{wordOf(in.Vocabulary.Closes, yielderWord, p.CloseBody), v.Spec.Close.Own, p.CloseReceived, p.CloseSent}
	}
}

// jsonMachine is one machine. Of its words only those that it uses are listed.
type jsonMachine struct {
	Initial map[string]string      `json:"initial"` // by role; "" where there are no roles
	Limits  []string               `json:"limits,omitempty"`
	States  []jsonState            `json:"states"`
	Events  []jsonEvent            `json:"events"`
	Actions []jsonAction           `json:"actions"`
	Rows    []jsonRow              `json:"rows"`
	Classes map[string][]jsonClass `json:"classes,omitempty"`
	Heads   map[string][]jsonLine  `json:"heads,omitempty"`
}

// jsonRow is a transition, in names and then in numbers.
type jsonRow struct {
	From  string   `json:"from"`
	Event string   `json:"event"`
	To    string   `json:"to"`
	Do    string   `json:"do,omitempty"`
	Fail  string   `json:"fail,omitempty"`
	Cite  string   `json:"cite,omitempty"`
	Doubt string   `json:"doubt,omitempty"` // why the row is uncertain
	Cell  [4]uint8 `json:"cell"`            // from, event, to, action
}

func (d view) json() jsonMachine {
	m := jsonMachine{Initial: make(map[string]string), Classes: d.jsonClasses(), Heads: d.jsonHeads()}
	for role, s := range d.machine.Initial {
		m.Initial[at(d.Vocabulary.Roles, role).Name] = d.stateName(s)
	}
	for _, l := range d.machine.Limits {
		m.Limits = append(m.Limits, wordOf(d.Vocabulary.Limits, yielderWord, l))
	}
	used := d.use()
	m.States, m.Events, m.Actions = d.jsonStates(used), d.jsonEvents(used), d.jsonActions(used)
	for s, row := range d.machine.Rows {
		for e, c := range row {
			if c.To != 0 {
				m.Rows = append(m.Rows, d.jsonRow(arrow{uint8(s), uint8(e), c.To, c.Do}))
			}
		}
	}
	return m
}

func (d view) jsonRow(a arrow) jsonRow {
	row := jsonRow{
		From: d.stateName(a.from), Event: d.eventName(a.event), To: d.stateName(a.to),
		Fail: d.failure(a.do), Cell: [4]uint8{a.from, a.event, a.to, a.do},
	}
	if row.Fail == "" {
		row.Do = d.actionName(a.do)
	}
	if r := d.rule(row.From, row.Event); r != nil {
		row.Cite, row.Doubt = r.Cite, r.Doubt
	}
	return row
}

// jsonNumber is an argument: a name, or the number of octets.
func jsonNumber(takes, name string) any {
	if n, err := strconv.Atoi(name); err == nil && takes == "count" {
		return n
	}
	return name
}
