package interop

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/wsfsm/wsfsm/extension/deflate"
)

const compressionFile = "testdata/compression.yaml"

// compression is what came out with permessage-deflate for a peer in a role, or
// what is expected: of how many combinations the extension was agreed on and all
// went well, of how many the server left it out or refused the request.
type compression struct {
	Peer         string             `yaml:"peer"`
	Version      string             `yaml:"version,omitempty"`
	Role         string             `yaml:"role"`
	Combinations int                `yaml:"combinations"`
	Agreed       int                `yaml:"agreed"`
	Without      int                `yaml:"without"`
	Refused      int                `yaml:"refused"`
	Faults       []compressionFault `yaml:"faults,omitempty"`
}

// compressionFault is what does not come out as it should, with the first
// combination that shows it.
type compressionFault struct {
	Outcome string `yaml:"outcome"`
	Times   int    `yaml:"times"` // combinations
	Why     string `yaml:"why"`   // written by hand
	Offers  string `yaml:"offers"`
	Answer  string `yaml:"answer"`
	// After the opening handshake, in hex; of faults that show there.
	Sent     string `yaml:"sent,omitempty"`
	Received string `yaml:"received,omitempty"`

	first int
}

// name identifies what a peer in a role has come out with.
func (c compression) name() string { return c.Peer + " " + c.Role }

// add counts what came out for the combination with that number.
func (c *compression) add(number int, r trial) {
	c.Combinations++
	switch {
	case r.err != nil:
		c.addFault(number, r)
	case r.refused:
		c.Refused++
	case r.agreed:
		c.Agreed++
	default:
		c.Without++
	}
}

func (c *compression) addFault(number int, r trial) {
	outcome := strings.ReplaceAll(r.err.Error(), "\n", "; ")
	at := slices.IndexFunc(c.Faults, func(f compressionFault) bool { return f.Outcome == outcome })
	if at < 0 {
		at = len(c.Faults)
		c.Faults = append(c.Faults, compressionFault{Outcome: outcome, first: number + 1})
	}
	f := &c.Faults[at]
	f.Times++
	if number >= f.first {
		return
	}
	f.first, f.Offers, f.Answer = number, field(r.offers...), "none"
	if r.agreed {
		f.Answer = field(r.answer)
	}
	if f.Sent, f.Received = "", ""; r.opened {
		f.Sent, f.Received = octets(r.wire.sent), octets(unmasked(r.wire.received))
	}
}

// field writes elements as the header field has them.
func field(elements ...parameters) string {
	var words []string
	for _, p := range elements {
		words = append(words, strings.TrimSuffix(deflate.Name+"; "+p.String(), "; "))
	}
	return strings.Join(words, ", ")
}

// compareCompression reports each difference to what is expected. In short runs,
// which try a few combinations only, faults must be known and something agreed on.
func compareCompression(t *testing.T, got, expected []compression) {
	t.Helper()
	for _, g := range got {
		want := find(expected, g.name())
		g.explain(want)
		for i := range g.Faults {
			g.Faults[i].first = 0
			if want.fault(g.Faults[i].Outcome).Times == 0 {
				t.Errorf("%s: %+v", g.name(), g.Faults[i])
			}
		}
		if g.Version != want.Version || g.Agreed == 0 || !testing.Short() && !reflect.DeepEqual(g, want) {
			t.Errorf("%+v, want\n%+v", g, want)
		}
	}
}

// explain takes over the reasons of faults, and sorts them.
func (c *compression) explain(from compression) {
	for i := range c.Faults {
		c.Faults[i].Why = from.fault(c.Faults[i].Outcome).Why
	}
	slices.SortFunc(c.Faults, func(a, b compressionFault) int { return strings.Compare(a.Outcome, b.Outcome) })
}

func (c compression) fault(outcome string) (f compressionFault) {
	for _, f := range c.Faults {
		if f.Outcome == outcome {
			return f
		}
	}
	return f
}

func find(list []compression, name string) (c compression) {
	for _, c := range list {
		if c.name() == name {
			return c
		}
	}
	return c
}

// checkCompression reports faults without a reason, counts that do not add up,
// and peers that are not there.
func checkCompression(t *testing.T, expected []compression) {
	t.Helper()
	for _, c := range compressors() {
		if c.settings != nil && find(expected, c.peer+" server").Agreed == 0 || find(expected, c.peer+" client").Agreed == 0 {
			t.Errorf("%s: %s has agreed on nothing", compressionFile, c.peer)
		}
	}
	for _, c := range expected {
		sum := c.Agreed + c.Without + c.Refused
		for _, f := range c.Faults {
			if sum += f.Times; f.Why == "" {
				t.Errorf("%s: %s: why: %s", compressionFile, c.name(), f.Outcome)
			}
		}
		if sum != c.Combinations {
			t.Errorf("%s: %s: %d combinations, %d outcomes", compressionFile, c.name(), c.Combinations, sum)
		}
	}
}

func readCompression(t *testing.T) (list []compression) {
	t.Helper()
	text, err := os.ReadFile(compressionFile)
	if err != nil && !(*update && errors.Is(err, fs.ErrNotExist)) {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalWithOptions(text, &list, yaml.Strict()); err != nil && len(text) > 0 {
		t.Fatal(err)
	}
	return list
}

// writeCompression writes what came out, and what is expected of peers that have
// not run.
func writeCompression(t *testing.T, got, expected []compression) {
	t.Helper()
	list := []compression{}
	for _, peer := range compressors() {
		for _, role := range []string{"server", "client"} {
			c, old := find(got, peer.peer+" "+role), find(expected, peer.peer+" "+role)
			if c.explain(old); c.Combinations == 0 {
				c = old
			}
			if c.Combinations > 0 {
				list = append(list, c)
			}
		}
	}
	text, err := yaml.Marshal(list)
	if err := errors.Join(err, os.WriteFile(compressionFile, text, 0o644)); err != nil {
		t.Fatal(err)
	}
}

// writeCompressionTable writes a line for each peer and role. Reasons is the
// number of reasons for faults that the page has besides.
func writeCompressionTable(b *strings.Builder, list []compression, reasons int) {
	b.WriteString(`
## permessage-deflate

Over a connection for each combination of what the client offers and what the
server is set to go an empty message, such of 1, 127 and 130 octets, JSON of 5 KiB
twice, a text of 40 KiB, random octets and a text in fragments with a ping
between; over each ` + fmt.Sprintf("%dth", longEach) + ` also one of 200 KiB. The peer sends them back, ws and
websockets the fragments in fragments. Looked at are the echo, whether the answer
is valid for the offer and keeps to what the peer is set to (RFC 7692 §7.1), which
messages are compressed in either direction (of the driver's those from 128 octets
on that compression makes smaller, and fragments), and whether the driver takes
its context over from message to message. Each end decompresses with the window
that was agreed on.

To a peer as server goes each offer that there can be, while the server is as it
is by itself; and for each setting that the server can have the offers of one of
the driver's settings. A peer as client makes each offer that it can to the driver
as it is by itself; and one of them for each setting of the driver. Chromium has
one offer; it reports the header field that it got.

Agreed: all is as it should be, with compression. Without: the server leaves the
extension out. Refused: the server answers with 400 to offers that its settings
do not suit.

| peer | role | combinations | agreed | without | refused | faults |
|---|---|---|---|---|---|---|
`)
	for _, c := range list {
		var faults []string
		for _, f := range c.Faults {
			reasons++
			faults = append(faults, fmt.Sprintf("%d: [%d](#fault-%d)", f.Times, reasons, reasons))
		}
		library := "Chromium"
		if kind, name, ok := strings.Cut(c.Peer, ":"); ok {
			library = fmt.Sprintf("%s %s %s", source(kind), name, c.Version)
		}
		fmt.Fprintf(b, "| %s | %s | %d | %d | %d | %d | %s |\n", library, c.Role, c.Combinations, c.Agreed, c.Without, c.Refused, strings.Join(faults, ", "))
	}
}

// writeCompressionFaults writes the faults, numbered behind the others.
func writeCompressionFaults(b *strings.Builder, list []compression, reasons int) {
	for _, c := range list {
		for _, f := range c.Faults {
			reasons++
			fmt.Fprintf(b, "\n## Fault %d\n\n%s\n\n", reasons, f.Why)
			fmt.Fprintf(b, "- %s, permessage-deflate: %s: %d combinations, of which the first\n", c.name(), f.Outcome, f.Times)
			fmt.Fprintf(b, "  - offers: `%s`\n  - answer: `%s`\n", f.Offers, f.Answer)
			if f.Sent+f.Received != "" {
				fmt.Fprintf(b, "  - to the peer: %s\n  - from the peer: %s\n", quoted(f.Sent), quoted(f.Received))
			}
		}
	}
}
