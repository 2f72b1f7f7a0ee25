package trace

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension"
)

// Errors of a Player.
var (
	// ErrFormat: a line is not one of a trace.
	ErrFormat = errors.New("trace: not a trace that can be read")
	// ErrRedacted: the trace lacks the octets that a replay needs.
	ErrRedacted = errors.New("trace: a redacted trace cannot be replayed")
	// ErrForeign: the driver that was recorded cannot be made here.
	ErrForeign = errors.New("trace: the trace is a foreign one")
)

// maxLine is the length of the longest line read, in octets: the largest message by
// default, as hex, several times.
const maxLine = 1 << 30

// PlayerOptions are what a trace names and cannot hold.
type PlayerOptions struct {
	// Extensions that were spoken; their offers must be those of the trace.
	Extensions []extension.Extension
	// Protocols that are looked among for those of the trace. Nil: the compiled ones.
	Protocols []*wsfsm.Protocol
}

// Player plays a trace again.
type Player struct {
	header  Header
	machine *machine
	supply  supply
	lines   *bufio.Scanner
	line    int // number of the last line read
}

// supply gives the random octets of a trace.
type supply struct{ left []byte }

// errNoRandom: the driver draws octets that it has not drawn before.
var errNoRandom = errors.New("trace: the trace has no random octets here")

// Read draws octets.
func (s *supply) Read(p []byte) (int, error) {
	if len(s.left) == 0 {
		return 0, errNoRandom
	}
	n := copy(p, s.left)
	s.left = s.left[n:]
	return n, nil
}

// Difference says that a call did not come to what the trace says.
type Difference struct {
	Line int    // of the trace
	What string // which result differs, by its name in the format
	Want Call   // as in the trace
	Got  Call
}

// Error implements error.
func (e *Difference) Error() string {
	return fmt.Sprintf("trace: line %d: %s differs in %s", e.Line, e.What, e.Want.Call)
}

// readHeader reads the first line of a trace.
func readHeader(lines *bufio.Scanner) (h Header, err error) {
	if !lines.Scan() {
		return h, fmt.Errorf("%w: it is empty: %w", ErrFormat, errors.Join(lines.Err(), io.ErrUnexpectedEOF))
	}
	var version struct{ Trace int }
	if err := json.Unmarshal(lines.Bytes(), &version); err != nil || version.Trace == 0 {
		return h, fmt.Errorf("%w: line 1 is not the header of a trace", ErrFormat)
	}
	if version.Trace != Version {
		return h, fmt.Errorf("%w: format %d; this is %d", ErrForeign, version.Trace, Version)
	}
	if err := unmarshal(lines.Bytes(), &h); err != nil {
		return h, fmt.Errorf("%w: line 1: %w", ErrFormat, err)
	}
	return h, nil
}

func unmarshal(line []byte, to any) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	return d.Decode(to)
}

// Open reads the header of a trace and makes its driver.
func Open(r io.Reader, o PlayerOptions) (*Player, error) {
	p := &Player{lines: bufio.NewScanner(r), line: 1}
	p.lines.Buffer(nil, maxLine)
	var err error
	if p.header, err = readHeader(p.lines); err != nil {
		return nil, err
	}
	if p.header.Redacted {
		return nil, ErrRedacted
	}
	options, err := p.header.options(o)
	if err != nil {
		return nil, err
	}
	p.machine, err = newMachine(&p.header, options, &p.supply)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrForeign, err)
	}
	return p, nil
}

// options are those of the driver that was recorded.
func (h *Header) options(from PlayerOptions) (wsfsm.Options, error) {
	o := wsfsm.Options{
		MaxMessage: h.Options.MaxMessage, MaxHead: h.Options.MaxHead, MaxLine: h.Options.MaxLine, MaxFields: h.Options.MaxFields,
		MaxOutput: h.Options.MaxOutput, KeepReading: h.Options.KeepReading, AutoStart: h.Options.AutoStart,
		Subprotocols: h.Options.Subprotocols, Origins: h.Options.Origins, Origin: h.Options.Origin, Secure: h.Options.Secure,
		Header: h.Options.Header,
	}
	if h.Options.Pieces {
		o.Deliver = wsfsm.DeliverPieces
	}
	if len(h.Options.Extensions) > 0 {
		o.Extensions = from.Extensions
	}
	if got := offers(o.Extensions); !slices.Equal(got, h.Options.Extensions) {
		return o, fmt.Errorf("%w: its extensions are %q, not %q", ErrForeign, h.Options.Extensions, got)
	}
	known := from.Protocols
	if known == nil {
		known = wsfsm.Protocols()
	}
	for _, want := range h.Protocols {
		i := slices.IndexFunc(known, func(p *wsfsm.Protocol) bool { return p.Name == want.Name })
		if i < 0 {
			return o, fmt.Errorf("%w: there is no protocol %q", ErrForeign, want.Name)
		}
		p := known[i]
		if hash := p.Hash(); hex.EncodeToString(hash[:]) != want.Hash {
			return o, fmt.Errorf("%w: it was made with other tables of %q", ErrForeign, want.Name)
		}
		if h.Passive {
			p = passive(p)
		}
		o.Protocols = append(o.Protocols, p)
	}
	return o, nil
}

// Header returns the first line of the trace.
func (p *Player) Header() Header { return p.header }

// Driver returns the driver, for its getters.
func (p *Player) Driver() *wsfsm.Driver { return p.machine.driver }

// Line returns the number of the line that Step has read last.
func (p *Player) Line() int { return p.line }

// Step plays the next call and returns it with what came of it. The error is io.EOF
// behind the last call, a *Difference if something else came of it than the trace says,
// which does not keep Step from going on, or ErrFormat.
func (p *Player) Step() (Call, error) {
	if !p.lines.Scan() {
		if err := p.lines.Err(); err != nil {
			return Call{}, fmt.Errorf("%w: behind line %d: %w", ErrFormat, p.line, err)
		}
		return Call{}, io.EOF
	}
	p.line++
	var want Call
	if err := unmarshal(p.lines.Bytes(), &want); err != nil {
		return want, fmt.Errorf("%w: line %d: %w", ErrFormat, p.line, err)
	}
	got := Call{Call: want.Call, Data: Octets{P: bytes.Clone(want.Data.P)}, Kind: want.Kind, Code: want.Code, Text: want.Text, Header: want.Header}
	p.supply.left = want.Random.P
	if err := p.machine.carryOut(&got, func() {}); err != nil {
		return got, fmt.Errorf("%w: line %d: %w", ErrFormat, p.line, err)
	}
	got.Data = want.Data
	if what := want.differs(&got, p.header.Steps); what != "" {
		return got, &Difference{p.line, what, want, got}
	}
	return got, nil
}

// differs names the first result that differs; "" if none does.
func (c *Call) differs(got *Call, steps bool) string {
	switch {
	case steps && !slices.Equal(c.Steps, got.Steps):
		return "steps"
	case c.Error != got.Error:
		return "error"
	case (c.Event == nil) != (got.Event == nil), c.Event != nil && !c.Event.equals(got.Event):
		return "event"
	case !bytes.Equal(c.Out.P, got.Out.P):
		return "out"
	case !bytes.Equal(c.Random.P, got.Random.P):
		return "random"
	case !bytes.Equal(c.Unread.P, got.Unread.P):
		return "unread"
	case c.Ping != got.Ping:
		return "ping"
	}
	return ""
}

func (e *Event) equals(got *Event) bool {
	a, b := e, got
	return bytes.Equal(a.Data.P, b.Data.P) && a.Kind == b.Kind && a.Message == b.Message && a.First == b.First && a.Last == b.Last && a.Code == b.Code &&
		a.Clean == b.Clean && a.Ping == b.Ping && a.Error == b.Error && a.Version == b.Version
}
