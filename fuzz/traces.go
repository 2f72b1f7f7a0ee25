package fuzz

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
	"github.com/wsfsm/wsfsm/trace"
)

// playTrace records a program and plays the trace again, which must not differ,
// nor must what came of it. Octets that begin with 0 and are no program are the
// role, the version and the lines of a trace behind a header that fits them; all
// others are a trace as a whole.
func playTrace(octets []byte) error {
	p, ok := Decode(octets)
	if !ok {
		return replayLines(octets)
	}
	for _, role := range []states.Role{states.Server, states.Client} {
		log := &bytes.Buffer{}
		plain, err := play(Config{Role: role}, p, way{})
		if err != nil {
			return err
		}
		traced, err := play(Config{Role: role, record: recorder(log, role)}, p, way{})
		if err != nil {
			return fmt.Errorf("recorded: %w", err)
		}
		if err := same(plain, traced); err != nil {
			return fmt.Errorf("recorded: %w", err)
		}
		lines := bytes.Count(log.Bytes(), []byte("\n"))
		if n, err := replay(log); err != nil || n != lines-1 {
			return fmt.Errorf("%v: line %d of %d: %w", role, n+1, lines, err)
		}
	}
	return nil
}

// replayLines plays lines that anybody has written: each is played, differs, or is
// told to be none.
func replayLines(octets []byte) error {
	log := &bytes.Buffer{}
	if len(octets) > 2 && octets[0] == 0 {
		role := states.Server + states.Role(octets[1]&1)
		o := wsfsm.Options{Versions: []string{side{version: versionNamed(octets[2])}.name()}, AutoStart: true, MaxOutput: 300}
		if _, err := recorder(log, role)(o); err != nil {
			return err
		}
		octets = octets[3:]
	}
	log.Write(octets)
	var differs *trace.Difference
	if _, err := replay(log); err != nil && !errors.Is(err, trace.ErrFormat) && !errors.As(err, &differs) && !errors.Is(err, trace.ErrForeign) {
		return err
	}
	return nil
}

// replay plays a trace up to its end or the first error, and returns how many calls
// were played.
func replay(r io.Reader) (calls int, err error) {
	p, err := trace.Open(r, trace.PlayerOptions{})
	for err == nil {
		if _, err = p.Step(); err == nil {
			calls++
		}
		if err != io.EOF && p.Line() != calls+1 && err == nil {
			return calls, fmt.Errorf("line %d is number %d", calls+1, p.Line())
		}
	}
	if err == io.EOF {
		return calls, nil
	}
	return calls, err
}

// recorder makes drivers whose calls are written to w.
func recorder(w io.Writer, role states.Role) func(wsfsm.Options) (Driver, error) {
	return func(o wsfsm.Options) (Driver, error) {
		var r *trace.Recorder
		var err error
		if role == states.Client {
			r, err = trace.NewClient(w, clientURL, o, trace.Settings{})
		} else {
			r, err = trace.NewServer(w, o, trace.Settings{})
		}
		if err != nil {
			return nil, err
		}
		return recorded{r, unrecorded{r.Driver()}}, nil
	}
}

// recorded is a driver whose calls are recorded. What is asked, it is asked itself.
type recorded struct {
	*trace.Recorder
	unrecorded
}

// unrecorded has the methods of a driver that its recorder lacks: those of the
// recorder are nearer to recorded.
type unrecorded struct{ *wsfsm.Driver }

// Err implements Driver; that of the recorder is about writing.
func (r recorded) Err() error { return r.unrecorded.Err() }
