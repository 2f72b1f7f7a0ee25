package interop

import (
	"errors"
	"fmt"
	"time"
)

// patience is how long an end waits for what must come.
const patience = 5 * time.Second

// action is what an end can be told to do.
type action string

const (
	sendText      action = "text"
	sendBinary    action = "binary"
	sendFragments action = "fragments"
	sendPing      action = "ping"
	closeWith     action = "close"      // with a code and a reason, if the version has them
	closeEmpty    action = "closeEmpty" // with neither
	connectTo     action = "connect"
)

// command is an action with its arguments. Its fields are those of the lines
// that remote peers read.
type command struct {
	ID      string   `json:"id"`
	Do      action   `json:"do"`
	Data    []byte   `json:"data,omitempty"`
	Parts   [][]byte `json:"parts,omitempty"`
	Code    int      `json:"code,omitempty"`
	Reason  string   `json:"reason"`
	Library string   `json:"library,omitempty"`
	URL     string   `json:"url,omitempty"`
	Version int      `json:"version,omitempty"` // number on the wire

	Parameters string `json:"parameters,omitempty"` // that a client offers
}

// event is what an end reports. Its fields are those of the lines that remote
// peers write.
type event struct {
	ID     string `json:"id"`
	Event  string `json:"event"` // open, message, pong, closed, failed; answers to commands: done, cannot, refused
	Binary bool   `json:"binary"`
	Data   []byte `json:"data"`
	Code   int    `json:"code"`
	Reason string `json:"reason"`
	Clean  bool   `json:"-"` // known of the driver only
	Error  string `json:"error"`

	Extensions string `json:"extensions"` // that a connection has opened with
}

// String describes the event for an outcome: the same in each run.
func (e event) String() string {
	switch e.Event {
	case "message":
		kind := "text"
		if e.Binary {
			kind = "binary"
		}
		if len(e.Data) > 40 {
			return fmt.Sprintf("%s of %d octets, %.16q...", kind, len(e.Data), e.Data)
		}
		return fmt.Sprintf("%s %q", kind, e.Data)
	case "closed":
		return fmt.Sprintf("closed %d %q", e.Code, e.Reason)
	case "pong":
		return fmt.Sprintf("pong %q", e.Data)
	case "failed":
		return fmt.Sprintf("failure %q", e.Error)
	}
	return e.Event
}

// end is one end of a connection.
type end interface {
	// do carries out a command. errCannot says that this implementation has
	// no function for it.
	do(command) error
	// next returns the next event; an error if none comes in time.
	next() (event, error)
	// leave gives the connection up without ceremony.
	leave()
}

var (
	errCannot  = errors.New("no function for it")
	errSilence = errors.New("nothing comes")
)

// await returns the next event if it is of the kind wanted.
func await(e end, kind string) (event, error) {
	got, err := e.next()
	if err == nil && got.Event != kind {
		err = fmt.Errorf("%v instead of %s", got, kind)
	}
	return got, err
}

// receive takes an event from a channel, within patience.
func receive(events <-chan event) (event, error) {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case e, ok := <-events:
		if !ok {
			return event{}, errors.New("the connection has ended")
		}
		return e, nil
	case <-timer.C:
		return event{}, errSilence
	}
}
