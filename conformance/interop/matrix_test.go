package interop

import (
	"errors"
	"flag"
	"strings"
	"sync"
	"testing"

	"github.com/wsfsm/wsfsm/internal/peer"
)

var update = flag.Bool("update", false, "write the outcomes, the faults and the page")

// Words of the table of outcomes.
const (
	isOK      = "ok"
	isFault   = "fault"    // in testdata/faults.yaml
	isLacking = "-"        // the version has no such thing
	isMissing = "none"     // the peer has no function for it
	isBeyond  = "unopened" // the connection does not open
	isUntried = "untried"  // too often nothing came before
)

const mostSilences = 4

// TestPeers starts the peers once for all tests that need them.
func TestPeers(t *testing.T) {
	m := newRoom(t)
	t.Run("matrix", m.testMatrix)
	t.Run("serve ends connections", m.testServeEnds)
	t.Run("serve speaks all versions at once", m.testServeAll)
}

// testMatrix runs all exercises of all rows and compares what came out with what
// is expected.
func (m *room) testMatrix(t *testing.T) {
	expected := readOutcomes(t)
	got := &outcomes{lines: map[string][]string{}, faults: map[string]fault{}, peers: map[string]string{}}
	var mu sync.Mutex // guards got
	for kind, process := range m.processes {
		for library, l := range process.listening {
			got.peers[kind+":"+library] = l.Version
		}
	}
	t.Run("rows", func(t *testing.T) {
		for _, r := range rows() {
			if testing.Short() && r.version.name != "rfc6455" && !r.own() {
				continue
			}
			t.Run(r.name(), func(t *testing.T) {
				if !m.has(r) {
					peer.Require(t, requirements(r)...)
				}
				t.Parallel()
				for _, direction := range r.directions() {
					words, faults := m.line(t, r, direction)
					mu.Lock()
					got.add(r.name()+" "+direction, words, faults)
					mu.Unlock()
				}
			})
		}
	})
	if m.silences.Load() > mostSilences {
		t.Error("too often nothing came; the exercises behind that were not tried")
	} else if *update {
		got.adopt(expected)
		got.write(t)
		expected = readOutcomes(t)
	}
	got.compare(t, expected)
}

// line does all exercises of a row in one direction, each on a connection of
// its own.
func (m *room) line(t *testing.T, r row, direction string) (words []string, faults []fault) {
	opening := isOK
	for _, x := range exercises() {
		word, f := opening, fault{}
		switch {
		case opening != isOK:
		case x.lacks(r.version):
			word = isLacking
		default:
			word, f = m.exercise(t, r, direction, x)
		}
		if x.name == "open" && word == isUntried {
			opening = isUntried
		} else if x.name == "open" && word != isOK {
			opening = isBeyond
		}
		words = append(words, word)
		if word == isFault {
			faults = append(faults, f)
		}
	}
	return words, faults
}

// exercise does one exercise. After too much silence it does none any more, so
// that the test ends in time.
func (m *room) exercise(t *testing.T, r row, direction string, x exercise) (word string, f fault) {
	if m.silences.Load() > mostSilences {
		return isUntried, f
	}
	d, theirs, err := m.meet(t, r)
	if err == nil {
		from, to := ends(d, theirs, direction)
		err = x.run(r.version, from, to)
	}
	f = fault{Cell: r.name() + " " + direction, Exercise: x.name}
	if d != nil {
		seen := d.seen(err != nil && !errors.Is(err, errCannot))
		f.Sent, f.Received = octets(seen.sent), octets(plain(r, seen.received))
		d.leave()
	}
	if theirs != nil {
		theirs.leave()
	}
	switch {
	case err == nil:
		return isOK, f
	case errors.Is(err, errCannot):
		return isMissing, f
	}
	if errors.Is(err, errSilence) {
		m.silences.Add(1)
	}
	f.Outcome = strings.ReplaceAll(err.Error(), "\n", "; ")
	return isFault, f
}

// ends returns who begins and who must see it.
func ends(d *driven, theirs end, direction string) (from, to end) {
	switch {
	case theirs == nil:
		return d, d
	case d == nil:
		return theirs, theirs
	case direction == "to":
		return d, theirs
	}
	return theirs, d
}
