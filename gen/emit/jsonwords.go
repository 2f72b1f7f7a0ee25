package emit

import "github.com/wsfsm/wsfsm/gen/spec"

// jsonWords are the words that belong to no machine.
type jsonWords struct {
	Roles    []jsonWord    `json:"roles,omitempty"`
	Faults   []jsonWord    `json:"faults,omitempty"`
	Machines []jsonWord    `json:"machines"`
	Reads    []jsonWord    `json:"reads,omitempty"`
	Fields   []jsonWord    `json:"fields,omitempty"`
	Limits   []jsonWord    `json:"limits,omitempty"`
	Codings  []jsonWord    `json:"codings,omitempty"`
	Closes   []jsonWord    `json:"closes,omitempty"`
	Inputs   []jsonWord    `json:"inputs,omitempty"`
	Waits    []jsonWord    `json:"waits,omitempty"`
	Forms    []jsonWord    `json:"forms,omitempty"`
	Values   []jsonWord    `json:"values,omitempty"`
	Failures []jsonFailure `json:"failures,omitempty"`
}

// jsonWord is a word. Takes and eats belong to reads; yields are the verdicts
// that a word adds to what a read can give.
type jsonWord struct {
	Name   string   `json:"name"`
	Number int      `json:"number"`
	Takes  string   `json:"takes,omitempty"`
	Eats   string   `json:"eats,omitempty"`
	Yields []string `json:"yields,omitempty"`
	Means  string   `json:"means"`
}

type jsonFailure struct {
	Name   string `json:"name"`
	Number int    `json:"number"`
	Code   int    `json:"code,omitempty"`
	Status int    `json:"status,omitempty"`
	Fault  string `json:"fault,omitempty"`
	Cite   string `json:"cite,omitempty"`
	Means  string `json:"means"`
}

func jsonWordsOf(v *spec.Vocabulary) jsonWords {
	return jsonWords{
		Roles:    jsonList(v.Roles),
		Faults:   jsonList(v.Faults),
		Machines: jsonList(plain(v.Machines, machineWord)),
		Reads:    jsonReads(v.Reads),
		Fields:   jsonYielders(v.Fields),
		Limits:   jsonYielders(v.Limits),
		Codings:  jsonYielders(v.Codings),
		Closes:   jsonYielders(v.Closes),
		Inputs:   jsonList(v.Inputs),
		Waits:    jsonList(v.Waits),
		Forms:    jsonList(v.Forms),
		Values:   jsonList(v.Values),
		Failures: jsonFailures(v.Failures),
	}
}

func jsonList(words []spec.Word) []jsonWord {
	var list []jsonWord
	for _, w := range words {
		list = append(list, jsonWord{Name: w.Name, Number: w.Number, Means: w.Means})
	}
	return list
}

func jsonYielders(words []spec.Yielder) []jsonWord {
	var list []jsonWord
	for _, w := range words {
		list = append(list, jsonWord{Name: w.Name, Number: w.Number, Yields: w.Yields, Means: w.Means})
	}
	return list
}

func jsonReads(words []spec.ReadKind) []jsonWord {
	var list []jsonWord
	for _, w := range words {
		list = append(list, jsonWord{w.Name, w.Number, w.Takes, w.Eats, w.Yields, w.Means})
	}
	return list
}

func jsonFailures(failures []spec.Failure) []jsonFailure {
	var list []jsonFailure
	for _, f := range failures {
		list = append(list, jsonFailure{f.Name, f.Number, f.Code, f.Status, f.Fault, f.Cite, f.Means})
	}
	return list
}
