package modelcheck

import (
	"errors"
	"fmt"
	"slices"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// What the ends send.
const (
	data  = "d"
	large = "larger than allowed" // than limit
	ping  = "p"
	limit = 8
)

var errLost = errors.New("the transport is lost")

// Ends are two drivers and the transport between them, which holds one frame on
// its way in each direction; the next ones wait in the output of the driver.
type Ends struct {
	drivers [2]*wsfsm.Driver
	sizes   [2]map[string]int // of frames in octets, by end
	waiting [2][]frame        // in the output of an end
	wire    [2][]frame        // from an end to the other
	lost    bool
	ended   []int      // ends in the order in which they have ended the transport
	sent    [2][]frame // everything that went into the output of an end
	rows    [2][]Row   // since the step began
	events  []string   // likewise, of either end
}

// frame is something on its way, named as in the model.
type frame struct {
	kind   string
	octets []byte // nil: the end of the transport
}

// open makes the two ends, the server first. A bad request is one of a foreign
// origin. With observe the rows taken are noted, which turns the fused path of
// the drivers off.
func open(p *wsfsm.Protocol, start string, observe bool) (*Ends, error) {
	e := &Ends{}
	for i := range e.drivers {
		o := bounded(p)
		if observe {
			o.Observer = func(t wsfsm.Transition) { e.note(i, t) }
		}
		if i == client && start == "f_bad_request" {
			o.Origin = "http://elsewhere.example"
		}
		d, err := driver(o, i)
		if err != nil {
			return nil, err
		}
		e.drivers[i] = d
		if e.sizes[i], err = sizes(p, i); err != nil {
			return nil, err
		}
	}
	return e, e.drivers[client].Start()
}

// Indices of the ends.
const (
	server = int(states.Server) - 1
	client = int(states.Client) - 1
)

// bounded makes the drivers as bounded as the ends of the model: output is full
// when one frame waits in it.
func bounded(p *wsfsm.Protocol) wsfsm.Options {
	return wsfsm.Options{Protocols: []*wsfsm.Protocol{p}, MaxMessage: limit, MaxOutput: 1, KeepReading: true}
}

func driver(o wsfsm.Options, end int) (*wsfsm.Driver, error) {
	ep, err := wsfsm.NewEndpoint(o)
	if err != nil {
		return nil, err
	}
	if end == server {
		return ep.Server(), nil
	}
	return ep.Client("ws://example.com/")
}

// sizes measures the frames of an end: what they add to the output.
func sizes(p *wsfsm.Protocol, end int) (map[string]int, error) {
	o := bounded(p)
	o.MaxOutput = wsfsm.NoLimit
	o.AutoStart = true
	var pair [2]*wsfsm.Driver
	for i := range pair {
		var err error
		if pair[i], err = driver(o, i); err != nil {
			return nil, err
		}
	}
	if err := pair[client].Start(); err != nil {
		return nil, err
	}
	for _, from := range []int{client, server} {
		octets := slices.Clone(pair[from].Output())
		pair[from].Sent(len(octets))
		if err := pair[1-from].Receive(octets); err != nil {
			return nil, err
		}
		for range pair[1-from].Events() {
		}
	}
	d, sizes := pair[end], make(map[string]int)
	for _, kind := range []string{"f_data", "f_large", "f_ping", "f_pong"} {
		before := d.Unsent()
		if err := send(d, kind); err == nil {
			sizes[kind] = d.Unsent() - before
		} else if !errors.Is(err, wsfsm.ErrUnsupported) {
			return nil, err
		}
	}
	return sizes, nil
}

// send gives the command that sends a frame.
func send(d *wsfsm.Driver, kind string) (err error) {
	switch kind {
	case "f_data":
		err = d.Text([]byte(data))
	case "f_large":
		err = d.Text([]byte(large))
	case "f_ping":
		_, err = d.Ping([]byte(ping))
	case "f_pong":
		err = d.Pong([]byte(ping))
	case "f_close":
		err = d.Close(wsfsm.CloseNormal, "")
	default:
		err = fmt.Errorf("no command sends %s", kind)
	}
	return err
}

// note keeps the rows of the connection machine.
func (e *Ends) note(end int, t wsfsm.Transition) {
	if t.Machine != states.MachineConnection {
		return
	}
	r := Row{states.ConnectionState(t.From).String(), states.ConnectionEvent(t.Event).String(), states.ConnectionState(t.To).String(), "-"}
	if t.Action != 0 {
		r.Do = states.ConnectionAction(t.Action).String()
	}
	e.rows[end] = append(e.rows[end], r)
}

// collect takes the events of an end.
func (e *Ends) collect(end int) {
	for ev := range e.drivers[end].Events() {
		what := ev.Kind.String()
		switch ev.Kind {
		case wsfsm.EventClosed:
			what = "closed 0"
			if ev.Clean() {
				what = "closed 1"
			}
		case wsfsm.EventMessage, wsfsm.EventPing, wsfsm.EventPong:
			what += " " + string(ev.Data)
		}
		e.events = append(e.events, what)
	}
}
