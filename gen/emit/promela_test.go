package emit_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm/gen"
	"github.com/wsfsm/wsfsm/gen/emit"
	"github.com/wsfsm/wsfsm/states"
)

func specs(t *testing.T) emit.Input {
	t.Helper()
	set, err := gen.Load(states.Files())
	if err != nil {
		t.Fatal(err)
	}
	in, err := gen.Compile(set, "states/")
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestGenerations(t *testing.T) {
	var got []string
	for _, generation := range specs(t).Generations() {
		got = append(got, generation[len(generation)-1].Lowered.Name+"-"+generation[0].Lowered.Name)
	}
	if want := []string{"hybi-06-rfc6455", "hybi-01-hybi-05", "hixie-76-hixie-76", "hixie-75-hixie-75"}; !slices.Equal(got, want) {
		t.Errorf("generations %q, want %q", got, want)
	}
}

// TestPromelaRows: each row of the connection machine is one line of the model.
func TestPromelaRows(t *testing.T) {
	in := specs(t)
	for _, generation := range in.Generations() {
		rows := 0
		for _, m := range generation[0].Lowered.Machines {
			if m.Name == "connection" {
				for _, row := range m.Rows {
					for _, c := range row {
						if c.To != 0 {
							rows++
						}
					}
				}
			}
		}
		if got := strings.Count(string(emit.Promela(in, generation)), `printf("%d row `); got != rows || rows == 0 {
			t.Errorf("%s: %d lines for %d rows", generation[0].Lowered.Name, got, rows)
		}
	}
}
