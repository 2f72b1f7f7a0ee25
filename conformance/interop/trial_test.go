package interop

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/wsfsm/wsfsm/extension/deflate"
)

// trial is what came out for a combination.
type trial struct {
	refused bool // the server refuses the request
	agreed  bool // the extension is in use
	opened  bool // both ends are content with the answer
	offers  []parameters
	answer  parameters
	err     error
	wire    transcript // from the end of the opening handshake on
}

// examineHeads checks the opening handshake of a connection.
func (r *trial) examineHeads(one combination, wire *tapped) {
	request, sent, _ := strings.Cut(string(wire.written), "\r\n\r\n")
	response, received, _ := strings.Cut(string(wire.read), "\r\n\r\n")
	r.wire = transcript{[]byte(sent), []byte(received)}
	if one.role == "client" {
		request, response = response, request
	}
	if r.offers, r.err = readField(request); r.err != nil {
		return
	}
	if r.refused = strings.HasPrefix(response, "HTTP/1.1 400 ") && one.role == "server"; r.refused {
		r.err = r.refusable(one.theirs)
		return
	}
	var answers []parameters
	if answers, r.err = readField(response); r.err != nil {
		return
	}
	switch len(answers) {
	case 0:
	case 1:
		r.agreed, r.answer = true, answers[0]
		r.err = suits(r.answer, r.offers)
	default:
		r.err = errors.New("there is more than one answer")
	}
	if r.err == nil {
		r.err = r.heeded(one)
	}
}

// refusable checks that no offer suits the settings of the server that refuses.
func (r *trial) refusable(set parameters) error {
	for _, offer := range r.offers {
		answer := set
		answer.serverNoTakeover = set.serverNoTakeover || offer.serverNoTakeover
		if answer.serverBits == 0 {
			answer.serverBits = offer.serverBits
		}
		if suitsOne(answer, offer) == nil {
			return errors.New("the server refuses an offer that suits its settings")
		}
	}
	return nil
}

// heeded checks that the peer is set to what it was told.
func (r *trial) heeded(one combination) error {
	set, a := one.theirs, r.answer
	switch {
	case one.role == "client":
		if len(r.offers) != 1 || r.offers[0] != set {
			return fmt.Errorf("the client offers %v instead of %v", r.offers, set)
		}
	case !r.agreed:
	case set.serverNoTakeover && !a.serverNoTakeover, set.clientNoTakeover && !a.clientNoTakeover,
		beyond(a.serverBits, set.serverBits), beyond(a.clientBits, set.clientBits):
		return errors.New("the answer does not keep to the server's own settings")
	}
	return nil
}

// beyond says whether a window is greater than a limit that is set.
func beyond(bits, limit int) bool { return limit > 0 && bits > limit }

// examineMessages checks which messages went compressed.
func (r *trial) examineMessages(one combination, messages []said) error {
	ours, err := messagesIn(r.wire.sent)
	if err != nil {
		return fmt.Errorf("sent: %w", err)
	}
	theirs, err := messagesIn(r.wire.received)
	if err != nil {
		return fmt.Errorf("received: %w", err)
	}
	if len(ours) != len(messages) || len(theirs) != len(messages) {
		return fmt.Errorf("%d messages sent, %d received", len(ours), len(theirs))
	}
	compressed := 0
	for i, m := range messages {
		if ours[i].compressed != (r.agreed && m.small) {
			return fmt.Errorf("%s: sent compressed is %v", m.name, ours[i].compressed)
		}
		if fragments := theirs[i].frames; m.pinged && !one.whole && fragments < 2 {
			return fmt.Errorf("%s: %d frames came", m.name, fragments)
		}
		if theirs[i].compressed {
			compressed++
		}
	}
	if (compressed > 0) != r.agreed {
		return fmt.Errorf("%d messages came compressed", compressed)
	}
	return r.examineContext(one, ours[repeated], ours[repeated+1])
}

// examineContext checks on a message that is sent twice whether the driver takes
// its context over.
func (r *trial) examineContext(one combination, first, second coded) error {
	bits, alone := r.answer.serverBits, r.answer.serverNoTakeover
	if one.role == "server" {
		bits, alone = r.answer.clientBits, r.answer.clientNoTakeover
	}
	for _, window := range []*int{&bits, &one.options.Window} {
		if *window == 0 {
			*window = deflate.MaxWindow
		}
	}
	switch {
	case !r.agreed:
	case alone || one.options.NoContextTakeover:
		if !bytes.Equal(first.octets, second.octets) {
			return errors.New("the driver takes its context over")
		}
	case min(bits, one.options.Window) >= 13: // both messages are in the window
		if 2*len(second.octets) > len(first.octets) {
			return errors.New("the driver does not take its context over")
		}
	}
	return nil
}
