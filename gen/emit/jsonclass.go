package emit

import (
	"slices"

	"github.com/wsfsm/wsfsm/gen/lower"
)

// jsonClass is one table of a class, for the roles and modes of reserved bits
// that it holds for.
type jsonClass struct {
	Roles  []string    `json:"roles,omitempty"`
	RSV    []string    `json:"rsv,omitempty"` // modes of RSV1, RSV2, RSV3; absent if they make no difference
	Octets []jsonRange `json:"octets"`        // cover 0 to 255, ascending
}

// jsonRange is [first, last, event]; the event is null if it cannot happen.
type jsonRange [3]any

func (d view) jsonClasses() map[string][]jsonClass {
	classes := make(map[string][]jsonClass)
	for _, c := range d.machine.Classes {
		var list []jsonClass
		for role, tables := range c.Tables {
			if earlier := slices.IndexFunc(c.Tables[:role], func(t [][256]uint8) bool { return slices.Equal(t, tables) }); earlier >= 0 {
				addRole(list, at(d.Vocabulary.Roles, earlier).Name, at(d.Vocabulary.Roles, role).Name)
				continue
			}
			for i := range tables {
				list = append(list, d.jsonClass(role, i, len(tables), &tables[i]))
			}
		}
		classes[c.Name] = list
	}
	return classes
}

// addRole lets what holds for one role hold for another.
func addRole(list []jsonClass, has, add string) {
	for i := range list {
		if list[i].Roles[0] == has {
			list[i].Roles = append(list[i].Roles, add)
		}
	}
}

func (d view) jsonClass(role, i, of int, table *[256]uint8) jsonClass {
	c := jsonClass{Roles: []string{at(d.Vocabulary.Roles, role).Name}}
	if of == lower.HeadTables {
		c.RSV = []string{modeName(i), modeName(i / 3), modeName(i / 9)}
	}
	for _, r := range ranges(table) {
		var event any
		if name := d.eventName(r.event); name != "" {
			event = name
		}
		c.Octets = append(c.Octets, jsonRange{r.first, r.last, event})
	}
	return c
}

// octetRange is a run of octets with the same event, both ends inclusive.
type octetRange struct {
	first, last int
	event       uint8
}

// ranges puts equal neighbours in a table together.
func ranges(table *[256]uint8) []octetRange {
	var list []octetRange
	for o, event := range table {
		if n := len(list); n > 0 && list[n-1].event == event {
			list[n-1].last = o
			continue
		}
		list = append(list, octetRange{o, o, event})
	}
	return list
}

// jsonLine is one line of an HTTP head. An absent count means any number.
type jsonLine struct {
	Name     string   `json:"name"`
	Count    *int     `json:"count,omitempty"`
	Optional bool     `json:"optional,omitempty"`
	Is       string   `json:"is,omitempty"`
	OneOf    []string `json:"oneOf,omitempty"`
	Has      string   `json:"has,omitempty"`
	AtLeast  string   `json:"atLeast,omitempty"`
	Fold     bool     `json:"fold,omitempty"`
	Form     string   `json:"form,omitempty"`
	Equals   string   `json:"equals,omitempty"`
	Send     string   `json:"send,omitempty"`
	From     string   `json:"from,omitempty"`
	Else     string   `json:"else,omitempty"`
}

func (d view) jsonHeads() map[string][]jsonLine {
	heads := make(map[string][]jsonLine)
	v := d.Vocabulary
	for _, h := range d.machine.Heads {
		list := []jsonLine{}
		for _, l := range h.Lines {
			line := jsonLine{
				Name: l.Name, Optional: l.Optional, Is: l.Is, OneOf: l.OneOf, Has: l.Has, AtLeast: l.AtLeast, Fold: l.Fold,
				Form: wordOf(v.Forms, plainWord, l.Form), Equals: wordOf(v.Values, plainWord, l.Equals),
				Send: l.Send, From: wordOf(v.Values, plainWord, l.From), Else: d.eventName(l.Else),
			}
			if l.Count >= 0 {
				line.Count = &l.Count
			}
			list = append(list, line)
		}
		heads[h.Name] = list
	}
	return heads
}
