package conformance

import (
	"errors"
	"fmt"
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
	if cfg.Protocol != nil {
		words = append(words, "protocol "+cfg.Protocol.Name+" as given")
	}
	return strings.Join(words, ", ")
}

// Run plays a case on a new driver. The error is a *Mismatch, or says that no
// driver could be made.
func Run(c *Case, cfg Config) error {
	r, err := newRunner(c, cfg)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	if c.Opening != nil {
		if err := r.play(c.Opening); err != nil {
			return err
		}
		r.origin, r.runs = r.d.Offset(), 0
	}
	r.cut = cfg.Cut
	return r.play(c)
}

// runner plays the steps of one case on one driver.
type runner struct {
	c      *Case
	cfg    Config
	cut    Cut
	pieces bool // messages come in pieces, the case expects whole ones
	ep     *wsfsm.Endpoint
	d      *wsfsm.Driver
	file   string // of the step at hand
	step   *Step
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
}

// errReset is the cause of "do eof reset".
var errReset = errors.New("conformance: connection reset by peer")

func newRunner(c *Case, cfg Config) (*runner, error) {
	s := c.settings()
	s.Versions = []string{c.Version}
	if cfg.Protocol != nil {
		s.Protocols = []*wsfsm.Protocol{cfg.Protocol}
	}
	r := &runner{c: c, cfg: cfg, pieces: cfg.Pieces || cfg.Cut != nil && s.Deliver == wsfsm.DeliverPieces}
	if cfg.Pieces {
		s.Deliver = wsfsm.DeliverPieces
	}
	s.Observer = cfg.Observer
	var err error
	if r.ep, err = wsfsm.NewEndpoint(s.Options); err != nil {
		return nil, err
	}
	if r.d, err = r.newDriver(s.url); err != nil {
		return nil, err
	}
	return r, nil
}

func (r *runner) newDriver(url string) (*wsfsm.Driver, error) {
	if r.c.Role == states.Client {
		return r.ep.Client(url)
	}
	return r.ep.Server(), nil
}

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
	r.step = nil
	if err := r.settled(0); err != nil {
		return err
	}
	return r.loansReturned()
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
	if r.step != nil {
		m.Line, m.Step = r.step.Line, r.step.String()
	}
	return m
}
