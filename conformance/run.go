package conformance

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// Config says how a case is run. The zero Config runs it as written, on the
// compiled protocol that it names.
type Config struct {
	// Protocol is run in place of the compiled one. Nil: the compiled one.
	Protocol *wsfsm.Protocol
	// Observer is the driver's observer. With one, the driver takes each
	// transition by itself; without, it may fuse those of a frame.
	Observer func(wsfsm.Transition)
	// Cut cuts the input; nil leaves it as written.
	Cut Cut
	// Pieces has messages delivered in pieces, which are then put together and
	// compared with the messages of the case.
	Pieces bool
	// Trickle takes the output octet by octet.
	Trickle bool
	// Room reads input where the driver lends Room for it.
	Room bool
}

// String describes the config for messages.
func (cfg Config) String() string {
	words := []string{"input as written"}
	if cfg.Cut != nil {
		words[0] = cfg.Cut.String()
	}
	if cfg.Observer != nil {
		words = append(words, "observed, without the fused path")
	}
	if cfg.Pieces {
		words = append(words, "messages in pieces")
	}
	if cfg.Trickle {
		words = append(words, "output octet by octet")
	}
	if cfg.Room {
		words = append(words, "input read into room of the driver")
	}
	if cfg.Protocol != nil {
		words = append(words, "protocol "+cfg.Protocol.Name+" as given")
	}
	return strings.Join(words, ", ")
}

// Run plays a case on a new driver. The error is a *Mismatch, or says that no
// driver could be made.
func Run(c *Case, cfg Config) error {
	s, err := newStage(c, cfg)
	if err != nil {
		return err
	}
	return s.run(cfg)
}

// stage is what all runs of a case share that differ in cuts only.
type stage struct {
	c      *Case
	ep     *wsfsm.Endpoint
	url    string
	random *cycle
	mask   func([]byte) []byte
	stood  *stood // nil without an observer
}

func newStage(c *Case, cfg Config) (*stage, error) {
	random := c.random()
	o := c.settings()
	o.Rand = random
	if len(o.Versions) == 0 {
		o.Versions = []string{c.Version}
	}
	var machines *stood
	if cfg.Observer != nil {
		machines = &stood{}
		o.Observer = machines.watch(cfg.Observer)
	}
	if o.Versions[0] == defaultVersions {
		o.Versions = nil
	}
	if cfg.Protocol != nil {
		o.Protocols = replaced(o.Versions, c.Version, cfg.Protocol)
	}
	if cfg.Pieces {
		o.Deliver = wsfsm.DeliverPieces
	}
	ep, err := wsfsm.NewEndpoint(o.Options)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.File, err)
	}
	return &stage{c: c, ep: ep, url: o.url, random: random, mask: c.mask(), stood: machines}, nil
}

// replaced returns the protocols of the versions named, the default ones if none
// is, the newest first of all, with p in place of the one of that name.
func replaced(versions []string, name string, p *wsfsm.Protocol) (list []*wsfsm.Protocol) {
	if len(versions) == 0 {
		versions = []string{"13", "8", "7"}
	}
	for _, v := range versions {
		if v == wsfsm.AllVersions {
			for _, q := range slices.Backward(wsfsm.Protocols()) {
				if q.Name != "hybi-01" { // cannot be told from hixie-76
					list = append(list, replaced([]string{q.Name}, name, p)...)
				}
			}
			continue
		}
		if q := wsfsm.ProtocolNamed(v); v != name && q.Name != name {
			list = append(list, q)
			continue
		}
		list = append(list, p)
	}
	return list
}

// run plays the case. cfg differs from that of newStage in its cut and in the ways
// of reading input and taking output only.
func (s *stage) run(cfg Config) error {
	s.random.at = 0
	r := &runner{c: s.c, cfg: cfg, ep: s.ep, mask: s.mask, pieces: cfg.Pieces || cfg.Cut != nil && s.c.inPieces()}
	if s.c.Role == states.Server {
		r.d = s.ep.Server()
	} else {
		var err error
		if r.d, err = s.ep.Client(s.url); err != nil {
			return fmt.Errorf("%s: %w", s.c.File, err)
		}
	}
	if r.stood = s.stood; r.stood != nil {
		r.stood.begin(r.d.Protocol(), s.c.Role)
	}
	if s.c.Opening != nil {
		if err := r.play(s.c.Opening); err != nil {
			return err
		}
		r.origin, r.runs = r.d.Offset(), 0
	}
	r.cut = cfg.Cut
	return r.play(s.c)
}

// runner plays the steps of one case on one driver.
type runner struct {
	c      *Case
	cfg    Config
	cut    Cut
	pieces bool // messages come in pieces, the case expects whole ones
	ep     *wsfsm.Endpoint
	d      *wsfsm.Driver
	stood  *stood // where the machines stand; nil without an observer
	file   string // of the step at hand
	step   *Step
	ending bool  // all steps have been played
	origin int64 // octets of the standard handshake

	runs     int           // contiguous runs of input so far
	held     [][]byte      // input that the driver did not take yet
	borrowed []byte        // input that the driver may still read and overwrite
	events   []wsfsm.Event // not expected yet
	ended    bool          // EventError or EventClosed came
	closed   bool          // EventClosed came
	stated   int           // unsent octets that a getter stated just now
	pings    wsfsm.PingID
	loans    []*loan
	message  message // put together from pieces
	expected []byte  // pieces expected, put together
	mask     func([]byte) []byte
	drawn    *drawn // what the client drew for its request; nil if that was not needed
	undrawn  error  // why it could not be read
}

// errReset is the cause of "do eof reset".
var errReset = errors.New("conformance: connection reset by peer")

// play plays the steps of one file.
func (r *runner) play(c *Case) error {
	r.file = c.File
	for i := 0; i < len(c.Steps); i++ {
		r.step = &c.Steps[i]
		n := 1 // steps played at once
		for r.step.Kind == Input && i+n < len(c.Steps) && c.Steps[i+n].Kind == Input {
			n++
		}
		if err := r.playSteps(c.Steps[i : i+n]); err != nil {
			return err
		}
		i += n - 1
	}
	r.ending = true
	defer func() { r.ending = false }()
	if err := r.settled(0); err != nil {
		return err
	}
	return errors.Join(r.unfinished(), r.loansReturned())
}

func (r *runner) playSteps(steps []Step) error {
	if kind := steps[0].Kind; kind == Input || kind == Command {
		if err := r.settled(kind); err != nil {
			return err
		}
	}
	switch steps[0].Kind {
	case Input:
		return r.receive(steps)
	case Output:
		return r.send(r.step)
	case Answer:
		return r.expectAnswer(r.step)
	case Command:
		return r.command(r.step)
	case Event:
		return r.expectEvent(r.step)
	}
	return r.get(r.step)
}

// settled checks, before a step of that kind, that the case has mentioned all
// that happened. Octets out may gather over several commands; before the next
// input they have been taken, or a getter has stated how many there are. At the
// end of a file (kind 0) none is left.
func (r *runner) settled(kind StepKind) error {
	if len(r.events) > 0 {
		return r.mismatch("an event that the case does not mention comes before this step", "", eventString(r.events[0], r))
	}
	n := r.d.Unsent()
	if n != 0 && (kind == 0 || kind == Input && n != r.stated) {
		return r.mismatch("octets out that the case does not mention come before this step", "", describe(r.output()))
	}
	r.stated = 0
	return nil
}

// mismatch makes the error for the step at hand.
func (r *runner) mismatch(problem, want, got string) error {
	m := &Mismatch{Case: r.c, File: r.file, Problem: problem, Want: want, Got: got, Settings: r.cfg.String()}
	if want == "" && got != "" {
		m.Want = "nothing"
	}
	m.Line, m.Step = r.step.Line, r.step.String()
	if r.ending {
		m.Step = "the end, behind " + m.Step
	}
	return m
}
