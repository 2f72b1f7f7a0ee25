package measure

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"slices"
)

// Store is the results of several runs, with where and when they came from.
type Store struct {
	Machine Machine
	Results []Result
}

// Load reads a store; one that is not there is empty.
func Load(file string) (s Store, err error) {
	p, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(p, &s)
	}
	return s, err
}

// Add replaces the result of the same work, or adds it.
func (s *Store) Add(r Result) {
	at := slices.IndexFunc(s.Results, func(old Result) bool { return old.Group == r.Group && old.Name == r.Name })
	if at < 0 {
		s.Results = append(s.Results, r)
		return
	}
	s.Results[at] = r
}

// Find returns the result of a work.
func (s Store) Find(group, name string) (Result, bool) {
	for _, r := range s.Results {
		if r.Group == group && r.Name == name {
			return r, true
		}
	}
	return Result{}, false
}

// Group returns the results of a kind of work.
func (s Store) Group(group string) (list []Result) {
	for _, r := range s.Results {
		if r.Group == group {
			list = append(list, r)
		}
	}
	return list
}

// Save writes the store.
func (s Store) Save(file string) error {
	p, err := json.MarshalIndent(s, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(p, '\n'), 0o644)
}
