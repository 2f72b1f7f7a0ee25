package emit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestGoName(t *testing.T) {
	for _, c := range []struct{ kebab, exported, local string }{
		{"head", "Head", "head"},
		{"mask-missing", "MaskMissing", "maskMissing"},
		{"length-16", "Length16", "length16"},
		{"http", "HTTP", "http"},
		{"bad-http-version", "BadHTTPVersion", "badHTTPVersion"},
		{"http-version", "HTTPVersion", "httpVersion"},
		{"not-websocket", "NotWebSocket", "notWebSocket"},
		{"hybi-07", "Hybi07", "hybi07"},
		{"rfc6455", "Rfc6455", "rfc6455"},
		{"type", "Type", "type_"},
	} {
		if got := goName(c.kebab); got != c.exported {
			t.Errorf("goName(%q) = %q, want %q", c.kebab, got, c.exported)
		}
		if got := goLocal(c.kebab); got != c.local {
			t.Errorf("goLocal(%q) = %q, want %q", c.kebab, got, c.local)
		}
	}
}

func TestDeclareRefusesWhatGoWould(t *testing.T) {
	var n goNames
	n.declare("Open", "one")
	n.declare("Closed", "another")
	if err := n.err(); err != nil {
		t.Fatal(err)
	}
	n.declare("Open", "a third")
	n.declare("2nd", "a fourth")
	want := "the Go name Open would stand for both one and a third\na fourth: \"2nd\" is no Go name"
	if err := n.err(); err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestGoComment(t *testing.T) {
	text := goComment("a comment " + strings.Repeat("of many words ", 12))
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "// ") || len(line) > 81 || strings.HasSuffix(line, " \n") {
			t.Errorf("line %q", line)
		}
	}
	if words := strings.Fields(strings.ReplaceAll(text, "// ", "")); len(words) != 38 {
		t.Errorf("%d words", len(words))
	}
}

// TestLayoutJSON holds that layout changes white space only, and that no line
// is longer than it need be.
func TestLayoutJSON(t *testing.T) {
	value := map[string]any{
		"text":   `quotes " and \ and , and ] and "`,
		"empty":  []int{},
		"number": 1.5,
		"nested": []any{map[string]any{"a": strings.Repeat("x", 100), "b": []int{1, 2}}, nil, true, strings.Repeat("y", 100)},
		"filled": slices.Repeat([][]int{{1, 2, 3}}, 50),
	}
	text, err := layoutJSON(value)
	if err != nil {
		t.Fatal(err)
	}
	var compact, want bytes.Buffer
	if err := json.Compact(&compact, text); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if err := json.NewEncoder(&want).Encode(value); err != nil {
		t.Fatal(err)
	}
	if got := compact.String() + "\n"; got != want.String() {
		t.Errorf("got  %s\nwant %s", got, &want)
	}
	for line := range strings.Lines(string(text)) {
		if len(line) > jsonWidth+40 {
			t.Errorf("a line of %d characters: %s", len(line), line)
		}
	}
	if n := bytes.Count(text, []byte("\n")); n > 22 {
		t.Errorf("%d lines:\n%s", n, text)
	}
}

func TestRanges(t *testing.T) {
	var table [256]uint8
	table[0], table[7], table[8], table[255] = 1, 2, 2, 3
	want := []octetRange{{0, 0, 1}, {1, 6, 0}, {7, 8, 2}, {9, 254, 0}, {255, 255, 3}}
	if got := ranges(&table); !slices.Equal(got, want) {
		t.Errorf("ranges %v, want %v", got, want)
	}
	if got := octetText(&table, 2); got != "0x07 0x08" {
		t.Errorf("octets %q", got)
	}
	if got := octetText(&table, 0); got != "0x01–0x06 0x09–0xFE" {
		t.Errorf("octets %q", got)
	}
}

func TestLabelLines(t *testing.T) {
	labels := []Label{
		{Events: []string{"ping"}, Action: "answer"},
		{Events: []string{"first", "second", "third"}, Action: "do-something"},
		{Events: []string{"fourth"}},
	}
	want := []string{"ping / answer", "first, second,", "third /", "do-something", "fourth"}
	if got := labelLines(labels, 16); !slices.Equal(got, want) {
		t.Errorf("lines %q, want %q", got, want)
	}
}

func TestFailLines(t *testing.T) {
	n := Node{Fails: []string{"one", "two"}}
	if got, want := failLines(n, 6), []string{"✗ one,", "two"}; !slices.Equal(got, want) {
		t.Errorf("lines %q, want %q", got, want)
	}
	n.Fails = slices.Repeat(n.Fails, 3)
	if got, want := failLines(n, 6), []string{"✗ 6 failures"}; !slices.Equal(got, want) {
		t.Errorf("lines %q, want %q", got, want)
	}
}

// graph makes a picture of states s0, s1, … with edges "0>1 1>2".
func graph(states int, edges string) Picture {
	p := Picture{Name: "m", Title: "m", FailTo: []string{"failed"}, Failed: []Node{{Name: "failed"}}}
	for i := range states {
		p.Nodes = append(p.Nodes, Node{Name: fmt.Sprintf("s%d", i), Initial: i == 0})
	}
	for edge := range strings.FieldsSeq(edges) {
		from, to, _ := strings.Cut(edge, ">")
		p.join("s"+from, "s"+to, "e", "")
	}
	return p
}

func TestDivide(t *testing.T) {
	chain := ""
	for i := range 19 {
		chain += fmt.Sprintf("%d>%d ", i, i+1)
	}
	petals := "0>1 1>2 2>3 3>4 4>5 5>6 6>7 7>0 0>8 8>9 9>10 10>11 11>12 12>13 13>0 0>14 14>0"
	ring := chain + "19>0 0>10 3>15 1>8 5>12 7>18"
	for _, c := range []struct {
		name   string
		graph  Picture
		pieces []string // name and states of each part
	}{
		{"small", graph(3, "0>1 1>2"), []string{"m 3"}},
		{"chain", graph(20, chain), []string{"m-s0 10", "m-s10 11"}},
		{"petals at the first state", graph(15, petals), []string{"m-s1 9", "m-s8 7"}},
		{"nowhere to cut", graph(20, ring), []string{"m 20"}},
	} {
		var got []string
		for _, p := range divide(c.graph) {
			got = append(got, fmt.Sprintf("%s %d", p.Name, len(p.Nodes)))
		}
		if !slices.Equal(got, c.pieces) {
			t.Errorf("%s: parts %q, want %q", c.name, got, c.pieces)
		}
	}
}

// TestDivideKeepsEverything holds that each state and each edge is in a part.
func TestDivideKeepsEverything(t *testing.T) {
	whole := graph(30, "0>1 1>2 2>0 0>3 3>4 4>5 5>3 5>6 6>7 7>8 8>9 9>10 10>11 11>6 0>12 12>13 13>14 14>15 15>16 16>17 17>18 18>12 18>19 19>20 20>21 21>22 22>23 23>24 24>25 25>26 26>27 27>28 28>29 29>19")
	nodes, edges := make(map[string]bool), make(map[string]bool)
	for _, p := range divide(whole) {
		if len(p.Nodes) > MaxNodes {
			t.Errorf("%s has %d states", p.Name, len(p.Nodes))
		}
		for _, n := range p.Nodes {
			nodes[n.Name] = true
		}
		for _, e := range p.Edges {
			edges[e.From+e.To] = true
		}
	}
	if len(nodes) != len(whole.Nodes) || len(edges) != len(whole.Edges) {
		t.Errorf("%d of %d states, %d of %d edges", len(nodes), len(whole.Nodes), len(edges), len(whole.Edges))
	}
}
