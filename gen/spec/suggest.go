package spec

import (
	"fmt"
	"slices"
)

// longestWord bounds what is compared: longer names have no likely typo.
const longestWord = 64

// Suggest returns `did you mean "x"?` with the candidate that is most like
// name, and "" if none is.
func Suggest(name string, candidates []string) string {
	best, least := "", min(3, 1+len(name)/4)+1
	sorted := slices.Clone(candidates)
	slices.Sort(sorted)
	for _, c := range sorted {
		if d := distance(name, c, least); d < least && d < len(name) {
			best, least = c, d
		}
	}
	if best == "" || best == name {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", best)
}

// distance is the number of octets to insert, delete, change or swap with
// their neighbour to make b of a; anything from bound on is as good as bound.
func distance(a, b string, bound int) int {
	if len(a) > longestWord || len(b) > longestWord || len(a)-len(b) >= bound || len(b)-len(a) >= bound {
		return bound
	}
	var rows [3][longestWord + 1]int
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, row := &rows[(i-1)%3], &rows[i%3]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(before[j]+1, row[j-1]+1, before[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], rows[(i-2)%3][j-2]+1)
			}
		}
	}
	return rows[len(a)%3][len(b)]
}
