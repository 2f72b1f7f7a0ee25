package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wsfsm/wsfsm/bench/measure"
)

// oldest has a row for each load of the versions: the slowest of those before hybi-07,
// beside gws, and for text beside gws with its check of UTF-8.
func oldest(s measure.Store) string {
	old := []string{"hixie-75", "hixie-76", "hybi-01", "hybi-02", "hybi-03", "hybi-04", "hybi-05", "hybi-06"}
	var b strings.Builder
	b.WriteString("| message | slowest | ns | beside gws | beside gws+utf8 |\n|---|---|---|---|---|\n")
	for _, r := range s.Group("versions") {
		var slowest measure.Figure
		for _, f := range r.Figures {
			if slices.Contains(old, f.Name) && f.Median > slowest.Median {
				slowest = f
			}
		}
		if slowest.Name == "" {
			continue
		}
		checked := ""
		if !strings.HasSuffix(r.Name, "binary") {
			checked = besidePeer(r, slowest, "gws+utf8")
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", r.Name, slowest.Name, number(slowest.Median), besidePeer(r, slowest, "gws"), checked)
	}
	return b.String()
}

// besidePeer is a figure as ratio to that of a peer in the same row.
func besidePeer(r measure.Result, f measure.Figure, peer string) string {
	other, there := r.Figure(peer)
	if !there {
		return ""
	}
	return ratio(f.Median / other.Median)
}
