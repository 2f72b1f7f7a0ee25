package conformance_test

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension"
)

// marker is an extension that appends its letter to each message that is sent.
type marker struct {
	letter byte
	bit    extension.Bits
}

func (m marker) Name() string                                             { return "x-" + string(m.letter) }
func (m marker) Offers() [][]extension.Parameter                          { return [][]extension.Parameter{nil} }
func (m marker) Accept([]extension.Parameter) (*extension.Session, error) { return m.session(), nil }
func (m marker) Release()                                                 {}

func (m marker) Answer([][]extension.Parameter) ([]extension.Parameter, *extension.Session) {
	return nil, m.session()
}

func (m marker) session() *extension.Session { return &extension.Session{Bits: m.bit, Encoder: m} }

func (m marker) Encode(dst, p []byte, _ extension.Position) ([]byte, extension.Bits, bool) {
	return append(append(dst, p...), m.letter), m.bit, true
}

// answerReversed turns the order of two extensions in a response around.
func answerReversed(p []byte) []byte {
	return regexp.MustCompile(`(Extensions: )([^,\r]*), ([^\r]*)`).ReplaceAll(p, []byte("$1$3, $2"))
}

// RFC 6455 §9.1: the order in the answer is the order of application.
func TestAnswerIsTheOrderOfApplication(t *testing.T) { pass(t, answerIsTheOrderOfApplication) }

func answerIsTheOrderOfApplication(_ *testing.T, f *faults) error {
	a, b := marker{'a', extension.RSV1}, marker{'b', extension.RSV3}
	for _, own := range [][]extension.Extension{{a, b}, {b, a}} {
		ep, err := wsfsm.NewEndpoint(wsfsm.Options{AutoStart: true, Extensions: own})
		if err != nil {
			return err
		}
		d := ep.Server()
		err = d.Receive([]byte("GET / HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
			"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: x-a, x-b\r\n\r\n"))
		for range d.Events() {
		}
		answer := bytes.Clone(d.Output())
		if f.out != nil {
			answer = f.out(answer)
		}
		d.Sent(d.Unsent())
		if err = errors.Join(err, d.Text([]byte("-"))); err != nil {
			return err
		}
		order := regexp.MustCompile(`Extensions: x-(.), x-(.)\r`).FindSubmatch(answer)
		if order == nil {
			return fmt.Errorf("the answer %q does not hold both", answer)
		}
		want := "-" + string(order[1]) + string(order[2])
		if got := d.Output(); !bytes.HasSuffix(got, []byte(want)) || got[0] != 0x81|0x50 {
			return fmt.Errorf("%q was answered, the frame is %q", order[0], got)
		}
	}
	return nil
}
