package gen_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm/gen"
	"github.com/wsfsm/wsfsm/gen/emit"
	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/gen/spec"
)

func compileAll(t *testing.T) emit.Input {
	t.Helper()
	set, err := gen.Load(os.DirFS(filepath.Join(root, "states")))
	if err != nil {
		t.Fatal(err)
	}
	in, err := gen.Compile(set, "states/")
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// TestPicturesAreSmall: what has more states than a picture takes is divided.
func TestPicturesAreSmall(t *testing.T) {
	in := compileAll(t)
	for _, v := range in.Versions {
		for _, m := range v.Lowered.Machines {
			var names []string
			for _, p := range emit.Pictures(in, v, m.Name) {
				if len(p.Nodes) > emit.MaxNodes {
					t.Errorf("%s: picture %s has %d states", v.Lowered.Name, p.Name, len(p.Nodes))
				}
				if slices.Contains(names, p.Name) {
					t.Errorf("%s: two pictures named %s", v.Lowered.Name, p.Name)
				}
				names = append(names, p.Name)
			}
			if len(names) == 0 {
				t.Errorf("%s: no picture of %s", v.Lowered.Name, m.Name)
			}
		}
	}
}

// TestPicturesShowEverything: each transition is in a picture, as part of an
// edge or, if it is a failure, in the state it comes from.
func TestPicturesShowEverything(t *testing.T) {
	in := compileAll(t)
	for _, v := range in.Versions {
		for i := range v.Lowered.Machines {
			m := &v.Lowered.Machines[i]
			drawn := drawnIn(emit.Pictures(in, v, m.Name))
			for _, row := range written(in, m) {
				if !drawn[row] {
					t.Errorf("%s %s: no picture shows %s", v.Lowered.Name, m.Name, row)
				}
				delete(drawn, row)
			}
			for row := range drawn {
				t.Errorf("%s %s: a picture shows %s, which is no transition", v.Lowered.Name, m.Name, row)
			}
		}
	}
}

// drawnIn lists what pictures show: "from event to action", "from failure".
func drawnIn(pictures []emit.Picture) map[string]bool {
	drawn := make(map[string]bool)
	for _, p := range pictures {
		for _, e := range p.Edges {
			for _, l := range e.Labels {
				for _, event := range l.Events {
					drawn[strings.TrimSpace(fmt.Sprintf("%s %s %s %s", e.From, event, e.To, l.Action))] = true
				}
			}
		}
		for _, n := range p.Nodes {
			for _, f := range n.Fails {
				drawn[n.Name+" "+f] = true
			}
		}
	}
	return drawn
}

// written lists the transitions of a machine in the form of drawnIn.
func written(in emit.Input, m *lower.Machine) []string {
	i := slices.IndexFunc(in.Vocabulary.Machines, func(w spec.MachineWords) bool { return w.Name == m.Name })
	words := in.Vocabulary.Machines[i]
	var list []string
	for s, row := range m.Rows {
		for e, c := range row {
			switch {
			case c.To == 0:
			case c.Do > lower.FailBase:
				list = append(list, words.States[s-1].Name+" "+in.Vocabulary.Failures[c.Do-lower.FailBase-1].Name)
			default:
				text := words.States[s-1].Name + " " + words.Events[e-1].Name + " " + words.States[c.To-1].Name
				if c.Do != 0 {
					text += " " + words.Actions[c.Do-1].Name
				}
				list = append(list, text)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
