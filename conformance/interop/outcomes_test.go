package interop

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

const (
	outcomesFile = "testdata/outcomes.txt"
	faultsFile   = "testdata/faults.yaml"
)

// outcomes are what came out of the matrix, or what is expected.
type outcomes struct {
	peers  map[string]string   // versions
	lines  map[string][]string // a word for each exercise, by row and direction
	faults map[string]fault    // by cell and exercise
}

// fault is an exercise that does not come out as it should.
type fault struct {
	Cell     string `yaml:"cell"`
	Exercise string `yaml:"exercise"`
	Outcome  string `yaml:"outcome"`
	Why      string `yaml:"why"`                // written by hand
	Sent     string `yaml:"sent,omitempty"`     // by us, after the opening handshake, in hex
	Received string `yaml:"received,omitempty"` // from the peer
}

func (f fault) key() string { return f.Cell + ": " + f.Exercise }

func (o *outcomes) add(line string, words []string, faults []fault) {
	o.lines[line] = words
	for _, f := range faults {
		o.faults[f.key()] = f
	}
}

// adopt takes over what is expected of the rows that have not run, and the
// reasons of the faults.
func (o *outcomes) adopt(expected *outcomes) {
	for peer, version := range expected.peers {
		if _, ok := o.peers[peer]; !ok {
			o.peers[peer] = version
		}
	}
	for key, f := range expected.faults {
		now, again := o.faults[key]
		if again {
			now.Why = f.Why
			o.faults[key] = now
		} else if _, ran := o.lines[f.Cell]; !ran {
			o.faults[key] = f
		}
	}
	known := lineNames()
	for line, words := range expected.lines {
		if _, ran := o.lines[line]; !ran && slices.Contains(known, line) {
			o.lines[line] = words
		}
	}
}

// compare reports each difference to what is expected. Rows that have not run
// are not looked at.
func (o *outcomes) compare(t *testing.T, expected *outcomes) {
	t.Helper()
	for peer, version := range o.peers {
		if expected.peers[peer] != version {
			t.Errorf("%s: version %s, but what is expected is known of %q", peer, version, expected.peers[peer])
		}
	}
	for _, line := range slices.Sorted(maps.Keys(o.lines)) {
		for i, x := range exercises() {
			want := "nothing"
			if i < len(expected.lines[line]) {
				want = expected.lines[line][i]
			}
			if got := o.lines[line][i]; got != want && got != isUntried {
				t.Errorf("%s: %s: %s, want %s %s", line, x.name, got, want, o.faults[line+": "+x.name].Outcome)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(o.faults)) {
		f, want := o.faults[key], expected.faults[key]
		if f.Why = want.Why; f != want {
			t.Errorf("%s:\n%+v, want\n%+v", key, f, want)
		}
	}
}

// check reports what in the files cannot be: lines of no row, faults that the
// table does not know and the reverse, faults without a reason, and anything
// wrong between this module's own ends.
func (o *outcomes) check(t *testing.T) {
	t.Helper()
	names := lineNames()
	for _, line := range slices.Sorted(maps.Keys(o.lines)) {
		words := o.lines[line]
		if !slices.Contains(names, line) || len(words) != len(exercises()) {
			t.Errorf("%s: %s is no line of the matrix", outcomesFile, line)
			continue
		}
		for i, x := range exercises() {
			f, found := o.faults[line+": "+x.name]
			if (words[i] == isFault) != found || found && f.Why == "" {
				t.Errorf("%s: %s: %s is %s; fault %+v", faultsFile, line, x.name, words[i], f)
			}
			if strings.HasPrefix(line, "wsfsm:") && words[i] != isOK && words[i] != isLacking {
				t.Errorf("%s: %s is %s", line, x.name, words[i])
			}
		}
	}
	for _, f := range o.faults {
		if o.lines[f.Cell] == nil {
			t.Errorf("%s: %s is no line of %s", faultsFile, f.Cell, outcomesFile)
		}
	}
}

// lineNames returns the names of all lines, in their order.
func lineNames() (names []string) {
	for _, r := range rows() {
		for _, direction := range r.directions() {
			names = append(names, r.name()+" "+direction)
		}
	}
	return names
}

func readOutcomes(t *testing.T) *outcomes {
	t.Helper()
	o := &outcomes{peers: map[string]string{}, lines: map[string][]string{}, faults: map[string]fault{}}
	table, err := os.ReadFile(outcomesFile)
	if err != nil && !(*update && errors.Is(err, fs.ErrNotExist)) {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(table)) {
		name, rest, isLine := strings.Cut(strings.TrimSpace(line), "|")
		if fields := strings.Fields(name); !isLine && len(fields) == 3 && fields[0] == "peer" {
			o.peers[fields[1]] = fields[2]
		} else if isLine && !strings.HasPrefix(name, "#") {
			words := strings.Split(rest, "|")
			for i := range words {
				words[i] = strings.TrimSpace(words[i])
			}
			o.lines[strings.TrimSpace(name)] = words
		}
	}
	text, err := os.ReadFile(faultsFile)
	if err != nil && !(*update && errors.Is(err, fs.ErrNotExist)) {
		t.Fatal(err)
	}
	var faults []fault
	if err := yaml.UnmarshalWithOptions(text, &faults, yaml.Strict()); err != nil && len(text) > 0 {
		t.Fatal(err)
	}
	for _, f := range faults {
		o.faults[f.key()] = f
	}
	return o
}

// write writes both files.
func (o *outcomes) write(t *testing.T) {
	t.Helper()
	var table strings.Builder
	table.WriteString("# What is expected of each peer in each exercise; written by go test ./conformance/interop -update.\n")
	for _, peer := range slices.Sorted(maps.Keys(o.peers)) {
		fmt.Fprintf(&table, "peer %s %s\n", peer, o.peers[peer])
	}
	fmt.Fprintf(&table, "%-46s", "# peer, its role, version, other end, direction")
	for _, x := range exercises() {
		fmt.Fprintf(&table, "|%-*s", max(len(x.name), 8), x.name)
	}
	table.WriteByte('\n')
	for _, line := range lineNames() {
		if words, ok := o.lines[line]; ok {
			fmt.Fprintf(&table, "%-47s", line)
			for i, x := range exercises() {
				fmt.Fprintf(&table, "|%-*s", max(len(x.name), 8), words[i])
			}
			table.WriteByte('\n')
		}
	}
	faults := []fault{}
	for _, line := range lineNames() {
		for _, x := range exercises() {
			if f, ok := o.faults[line+": "+x.name]; ok {
				faults = append(faults, f)
			}
		}
	}
	text, err := yaml.Marshal(faults)
	err = errors.Join(err, os.WriteFile(outcomesFile, []byte(table.String()), 0o644), os.WriteFile(faultsFile, text, 0o644))
	if err != nil {
		t.Fatal(err)
	}
}

// octets writes octets in hex, of many the first and how many there are.
func octets(p []byte) string {
	const most = 64
	if len(p) > most {
		return fmt.Sprintf("%s and %d more", hex.EncodeToString(p[:most]), len(p)-most)
	}
	return hex.EncodeToString(p)
}

// plain gives the frames of a peer's client the masking key 0, if its version
// has them like that.
func plain(r row, p []byte) []byte {
	if r.role != "client" || r.version.wire < 7 {
		return p
	}
	return unmasked(p)
}

// unmasked gives masked frames the masking key 0, which is the same in each run,
// unlike the key that was sent (RFC 6455 §5.3). What is no row of masked frames
// stays as it is.
func unmasked(p []byte) []byte {
	p = slices.Clone(p)
	for rest := p; len(rest) >= 6 && rest[1]&0x80 != 0; {
		length, at := int(rest[1]&0x7f), 2
		switch {
		case length == 126:
			length, at = int(rest[2])<<8|int(rest[3]), 4
		case length == 127:
			return p // the frames of faults are short
		}
		if len(rest) < at+4+length {
			return p
		}
		key := [4]byte(rest[at : at+4])
		clear(rest[at : at+4])
		for i := range rest[at+4 : at+4+length] {
			rest[at+4+i] ^= key[i%4]
		}
		rest = rest[at+4+length:]
	}
	return p
}
