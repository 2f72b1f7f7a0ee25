package modelcheck

import (
	"errors"
	"fmt"
	"slices"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// Replay plays a run on two drivers of a protocol and compares after each step:
// the states, what is sent, the events, and with observe the rows taken. The
// error names the first step at which they differ. The ends are returned as the
// run leaves them. Without observe data frames take the fused path of the drivers.
func Replay(p *wsfsm.Protocol, run []Step, observe bool) (*Ends, error) {
	if len(run) == 0 || run[0].What != "start" {
		return nil, errors.New("a run that does not begin with start")
	}
	e, err := open(p, run[0].Detail, observe)
	if err != nil {
		return nil, err
	}
	if err := e.gather(client, []string{run[0].Detail}); err != nil {
		return nil, err
	}
	e.move(client)
	for i, s := range run[1:] {
		if err := e.step(s, observe); err != nil {
			return e, fmt.Errorf("step %d, %v: %w", i+1, s, err)
		}
	}
	return e, nil
}

// step plays one step and compares.
func (e *Ends) step(s Step, observe bool) error {
	e.rows, e.events = [2][]Row{}, nil
	before := e.drivers[s.End].State()
	if err := e.play(s); err != nil {
		return err
	}
	e.collect(s.End)
	for end := range e.drivers {
		if err := e.gather(end, s.Puts[end]); err != nil {
			return err
		}
		e.move(end)
	}
	if e.lost {
		e.drop()
	}
	if s.Broken == "unanswered" { // the model has nothing to compare with
		return nil
	}
	return e.compare(s, before, observe)
}

// play does what the caller of a driver does, or what the transport does.
func (e *Ends) play(s Step) error {
	d := e.drivers[s.End]
	switch s.What {
	case "command":
		return send(d, s.Detail)
	case "decide":
		return decide(d, s.Detail)
	case "take":
		return e.take(s.End, s.Detail)
	case "lost":
		d.ReceiveEOF(errLost)
	case "expire":
		d.Expire()
	case "hang-up":
		if d.CloseExpected() != states.WaitHangUp && !final(d) {
			return fmt.Errorf("the driver wants %v", d.CloseExpected())
		}
		e.hangUp(s.End)
	case "lose":
		e.lost = true
		e.drop()
	case "stall":
	default:
		return errors.New("no such step")
	}
	return nil
}

// decide answers the request.
func decide(d *wsfsm.Driver, how string) error {
	switch how {
	case "start":
		return d.Start()
	case "reject":
		return d.Reject(404, nil, nil)
	}
	_, err := d.Detach()
	return err
}

func final(d *wsfsm.Driver) bool { return d.Protocol().Connection.Final[d.State()] }

// compare compares the drivers with what a step of the model has done.
func (e *Ends) compare(s Step, before states.ConnectionState, observe bool) error {
	d := e.drivers[s.End]
	after := before.String()
	if n := len(s.Rows); n > 0 {
		after = s.Rows[n-1].To
	}
	if d.State().String() != after {
		return fmt.Errorf("the driver is %v, the model %s", d.State(), after)
	}
	if observe && (!slices.Equal(e.rows[s.End], s.Rows) || len(e.rows[1-s.End]) > 0) {
		return fmt.Errorf("the drivers take %v, the model %v", e.rows, s.Rows)
	}
	if want := reported(s, d.Protocol().Connection.Inputs[before]); !slices.Equal(e.events, want) {
		return fmt.Errorf("the driver reports %q, the model %q", e.events, want)
	}
	return nil
}

// reported are the events that a driver reports in a step.
func reported(s Step, eats states.Input) (want []string) {
	if s.What == "take" {
		switch {
		case s.Detail == "f_request":
			if eats == states.InputHandshake {
				want = append(want, "request")
			}
		case s.Detail == "f_data" && eats == states.InputFrame:
			want = append(want, "message "+data)
		}
	}
	for _, r := range s.Rows {
		switch r.Do {
		case "flush":
			want = append(want, "open")
		case "answer-ping", "report-ping":
			want = append(want, "ping "+ping)
		case "report-pong":
			want = append(want, "pong "+ping)
		case "send-failure", "report-failure":
			want = append(want, "error")
		}
	}
	if s.Closed != "" {
		want = append(want, "closed "+s.Closed)
	}
	return want
}
