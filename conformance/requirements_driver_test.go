package conformance_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
)

// checks are the tests that requirements.yaml may name.
var checks = map[string]check{
	"TestNonceIsRandom":                    nonceIsRandom,
	"TestAnswerIsTheOrderOfApplication":    answerIsTheOrderOfApplication,
	"TestMaskingKeysAreFresh":              masksAreFresh,
	"TestMaskingKeysComeFromCryptoRand":    masksAreStrong,
	"TestMaskingKeysCannotBeForetold":      masksCannotBeForetold,
	"TestMaskingKeysDoNotDependOnPayloads": masksDoNotDependOnPayloads,
	"TestClientFrames":                     clientFrames,
	"TestPayloadsAreCopied":                payloadsAreCopied,
	"TestFragmentsKeepTheirOrder":          fragmentsKeepTheirOrder,
	"TestOrderOfFieldsIsFree":              orderOfFieldsIsFree,
	"TestResourceNames":                    resourceNames,
	"TestInternationalURLs":                internationalURLs,
	"TestURLsWithFragments":                urlsWithFragments,
	"TestInvalidURLs":                      invalidURLs,
	"TestSubprotocolsOffered":              subprotocolsOffered,
	"TestDefaultPorts":                     defaultPorts,
	"TestSchemeSelectsTLS":                 schemeSelectsTLS,
	"TestTLSComesFirst":                    tlsComesFirst,
	"TestTLSHoldsAllOctets":                tlsHoldsAllOctets,
	"TestServerNameIsIndicated":            serverNameIsIndicated,
	"TestUntrustedServerFails":             untrustedServerFails,
	"TestTLSServerWantsTLS":                tlsServerWantsTLS,
	"TestTLSEcho":                          tlsEcho,
}

// pass runs a check without faults.
func pass(t *testing.T, c check) {
	t.Helper()
	if err := c(t, &faults{}); err != nil {
		t.Error(err)
	}
}

// output takes all that the driver wants to send.
func (f *faults) output(d *wsfsm.Driver) []byte {
	p := bytes.Join(d.AppendOutput(nil), nil)
	d.Sent(len(p))
	if f.out != nil && len(p) > 0 {
		p = f.out(p)
	}
	return p
}

// request returns a client's driver and the request that it sends.
func (f *faults) request(rawURL string, o wsfsm.Options) (*wsfsm.Driver, []byte, error) {
	if f.options != nil {
		f.options(&o)
	}
	if f.url != nil {
		rawURL = f.url(rawURL)
	}
	ep, err := wsfsm.NewEndpoint(o)
	if err != nil {
		return nil, nil, err
	}
	d, err := ep.Client(rawURL)
	if err != nil {
		return nil, nil, err
	}
	if err := d.Start(); err != nil {
		return nil, nil, err
	}
	return d, f.output(d), nil
}

// parsed returns the request that a client sends, as net/http reads it.
func (f *faults) parsed(rawURL string, o wsfsm.Options) (*http.Request, error) {
	_, p, err := f.request(rawURL, o)
	if err != nil {
		return nil, err
	}
	return http.ReadRequest(bufio.NewReader(bytes.NewReader(p)))
}

// inRequest replaces what matches in the client's request.
func inRequest(pattern, with string) func([]byte) []byte {
	return func(p []byte) []byte {
		if !bytes.HasPrefix(p, []byte("GET ")) {
			return p
		}
		return regexp.MustCompile(pattern).ReplaceAll(p, []byte(with))
	}
}

// openClient returns a client's driver behind its opening handshake.
func (f *faults) openClient(o wsfsm.Options) (*wsfsm.Driver, error) {
	d, p, err := f.request("ws://example.com/", o)
	if err != nil {
		return nil, err
	}
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(p)))
	if err != nil {
		return nil, err
	}
	accept := wsfsm.AcceptKey(r.Header.Get("Sec-WebSocket-Key"))
	return d, opened(d, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "+accept+"\r\n\r\n")
}

// opened gives a driver the rest of its handshake.
func opened(d *wsfsm.Driver, head string) error {
	if err := d.Receive([]byte(head)); err != nil {
		return err
	}
	open := false
	for e := range d.Events() {
		open = open || e.Kind == wsfsm.EventOpen
	}
	if !open {
		return errors.New("the connection does not open")
	}
	return nil
}

var requestFields = []string{"Host: h\r\n", "Upgrade: websocket\r\n", "Connection: Upgrade\r\n", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "Sec-WebSocket-Version: 13\r\n"}

func openServer(fields string) (*wsfsm.Driver, error) {
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{AutoStart: true})
	if err != nil {
		return nil, err
	}
	d := ep.Server()
	if err := opened(d, "GET / HTTP/1.1\r\n"+fields+"\r\n"); err != nil {
		return nil, err
	}
	d.Sent(d.Unsent())
	return d, nil
}

// clientFrame is a frame of a client, taken apart.
type clientFrame struct {
	key     [4]byte
	payload []byte // unmasked
}

// takeApart reads one masked frame, which must be all of p.
func takeApart(p []byte) (c clientFrame, err error) {
	if len(p) < 2 || p[1]&0x80 == 0 {
		return c, fmt.Errorf("no masked frame: % x", p[:min(len(p), 16)])
	}
	n, rest := uint64(p[1]&0x7F), p[2:]
	switch {
	case n == 126 && len(rest) > 2:
		n, rest = uint64(binary.BigEndian.Uint16(rest)), rest[2:]
	case n == 127 && len(rest) > 8:
		n, rest = binary.BigEndian.Uint64(rest), rest[8:]
	}
	if uint64(len(rest)) != 4+n {
		return c, fmt.Errorf("%d octets follow the header of a frame of %d octets, not the key and these", len(rest), n)
	}
	copy(c.key[:], rest)
	for i, b := range rest[4:] {
		c.payload = append(c.payload, b^c.key[i%4])
	}
	return c, nil
}

// sendFrames sends binary messages as a new client and takes its frames apart.
func (f *faults) sendFrames(o wsfsm.Options, messages ...[]byte) (frames []clientFrame, err error) {
	d, err := f.openClient(o)
	if err != nil {
		return nil, err
	}
	for _, m := range messages {
		if err := d.Binary(m); err != nil {
			return nil, err
		}
		frame, err := takeApart(f.output(d))
		if err != nil {
			return nil, err
		}
		frames = append(frames, frame)
	}
	return frames, nil
}

// RFC 6455 §5.2: the length is that of the payload, the key stands behind it.
func TestClientFrames(t *testing.T) { pass(t, clientFrames) }

func clientFrames(_ *testing.T, f *faults) error {
	for _, n := range []int{0, 1, 4, 125, 126, 65535, 65536} {
		message := bytes.Repeat([]byte{1, 2, 3, 5, 7}, n/5+1)[:n]
		frames, err := f.sendFrames(wsfsm.Options{}, message)
		if err != nil {
			return err
		}
		if !bytes.Equal(frames[0].payload, message) {
			return fmt.Errorf("%d octets are not what was sent", n)
		}
	}
	return nil
}

// RFC 6455 §10.3: the application cannot change what is being sent.
func TestPayloadsAreCopied(t *testing.T) { pass(t, payloadsAreCopied) }

func payloadsAreCopied(_ *testing.T, f *faults) error {
	d, err := openServer(strings.Join(requestFields, ""))
	if err != nil {
		return err
	}
	send := f.send
	if send == nil {
		send = (*wsfsm.Driver).Text
	}
	p := []byte("hello")
	if err := send(d, p); err != nil {
		return err
	}
	copy(p, "other")
	if got := f.output(d); string(got) != "\x81\x05hello" {
		return fmt.Errorf("sent %q", got)
	}
	return nil
}

// RFC 6455 §5.4: fragments are delivered in the order sent.
func TestFragmentsKeepTheirOrder(t *testing.T) { pass(t, fragmentsKeepTheirOrder) }

func fragmentsKeepTheirOrder(_ *testing.T, f *faults) error {
	d, err := openServer(strings.Join(requestFields, ""))
	if err != nil {
		return err
	}
	var frames [][]byte
	for i, p := range []string{"one ", "two ", "three ", "four"} {
		h := wsfsm.FrameHeader{Final: i == 3, Masked: true}
		if i == 0 {
			h.Opcode = 1
		}
		frames = append(frames, wsfsm.AppendFrame(nil, h, []byte(p)))
	}
	if f.in != nil {
		frames = f.in(frames)
	}
	if err := d.Receive(bytes.Join(frames, nil)); err != nil {
		return err
	}
	if e, ok := d.Next(); !ok || e.Kind != wsfsm.EventMessage || string(e.Data) != "one two three four" {
		return fmt.Errorf("got %v %q %v", e.Kind, e.Data, d.Err())
	}
	return nil
}
