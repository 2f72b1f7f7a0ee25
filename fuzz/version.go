package fuzz

import (
	"bytes"
	"errors"
	"strings"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance/model"
	"github.com/wsfsm/wsfsm/states"
)

// side is what a program is played on: a role in a version, whose name is empty
// for RFC 6455.
type side struct {
	role    states.Role
	version string
}

// name returns the version's name.
func (s side) name() string {
	if s.version == "" {
		return "rfc6455"
	}
	return s.version
}

// recognised returns the side in the version that was spoken.
func (s side) recognised(r *record) side {
	if s.version = r.version; s.version == "rfc6455" {
		s.version = ""
	}
	return s
}

// own returns the model of the driver, peer that of the other end. The key of a
// connection of hybi-04 is that of the opening handshake that openDriver makes.
func (s side) own() model.Params {
	own, _ := roles(s.role)
	p := model.New(s.name(), own)
	p.ConnectionKey = model.ConnectionKey(requestKey, ClientKey)
	if s.role == states.Client {
		p.ConnectionKey = model.ConnectionKey(ClientKey, requestKey)
	}
	return p
}

func (s side) peer() model.Params {
	p := s.own()
	_, p.Role = roles(s.role)
	return p
}

// of returns the models with the key of the connection that was opened.
func (s side) of(r *record) (own, peer model.Params) {
	own, peer = s.own(), s.peer()
	key, nonce := r.sentKey(), ""
	if s.role == states.Server && r.request != nil {
		key, nonce = r.request.Header.Get("Sec-WebSocket-Key"), r.sentField("Sec-WebSocket-Nonce")
	} else if r.response != nil {
		nonce = r.response.Header.Get("Sec-WebSocket-Nonce")
	}
	if s.version == "hybi-04" && r.openAt > 0 {
		own.ConnectionKey = model.ConnectionKey(key, nonce)
		peer.ConnectionKey = own.ConnectionKey
	}
	return own, peer
}

// isSentinel reports whether frames are those of hixie-75 and hixie-76.
func (s side) isSentinel() bool { return s.version == "hixie-75" || s.version == "hixie-76" }

// masks reports whether clients mask what they send.
func (s side) masks() bool { return s.version == "" || s.version >= "hybi-04" && s.version < "i" }

// behindHead returns how many octets follow the head that the driver sends
// before its first frame: the challenge of hixie-76 to hybi-03 and its answer.
func (s side) behindHead() int {
	if s.version == "hixie-76" || s.version >= "hybi-01" && s.version <= "hybi-03" {
		if s.role == states.Client {
			return 8
		}
		return 16
	}
	return 0
}

// opcode returns the number of frames of a type: in hixie-75 and hixie-76, which
// have text only, the type octet of some frame that is skipped.
func (s side) opcode(t FrameType) byte {
	if s.isSentinel() {
		return [frameTypes]byte{0x00, 0x80, 0x01, 0xFF, 0x7F, 0xFE}[t%frameTypes]
	}
	kinds := [frameTypes]model.Kind{model.KindText, model.KindBinary, model.KindContinuation, model.KindClose, model.KindPing, model.KindPong}
	return s.own().Opcode(kinds[t%frameTypes])
}

// requestKey is the Sec-WebSocket-Key of the requests of OpHead, and the nonce of
// the responses.
const requestKey = "dGhlIHNhbXBsZSBub25jZQ=="

// opening returns what the peer sends to open the connection of d, which has
// sent its request if it is a client.
func (s side) opening(d Driver) ([]byte, error) {
	request, key3, ok := strings.Cut(string(bytes.Join(d.AppendOutput(nil), nil)), "\r\n\r\n")
	switch {
	case s.version == "" && (s.role == states.Server || strings.Contains(request, ClientKey)):
		return head(s.role, 0), nil
	case s.role == states.Server:
		return requestOf(s.peer()), nil
	case !ok:
		return nil, errors.New("the client has sent no request")
	}
	r, choice := model.Request{Method: "GET", Target: "/chat", Body: key3}, model.Choice{Nonce: requestKey}
	for line := range strings.SplitSeq(request, "\r\n") {
		name, value, _ := strings.Cut(line, ": ")
		r.Headers = append(r.Headers, model.Header{Name: name, Value: value})
		if strings.HasSuffix(name, "WebSocket-Protocol") {
			choice.Protocol = subprotocols()[0]
		}
	}
	a := s.peer().OpeningAnswer(r, choice)
	return a.Octets(), nil
}

// requestOf is the request of a client of a version.
func requestOf(p model.Params) []byte {
	r := p.OpeningRequest(model.Offer{Host: "example.com", Resource: "/chat", Key: requestKey,
		Key1: "4 @1  46546xW%0l 1 5", Key2: "12998 5 Y3 1  .P00", Key3: "^n:ds[4U"})
	return r.Octets()
}

// versionNumber returns the number by which the format names a version: its
// place in [wsfsm.Protocols], the greatest for RFC 6455.
func versionNumber(name string) byte {
	all := wsfsm.Protocols()
	for i, p := range all {
		if p.Name == name {
			return byte(i)
		}
	}
	return byte(len(all) - 1)
}

// versionNamed returns the name of a version by its number, modulo how many there
// are; the empty name for RFC 6455.
func versionNamed(n byte) string {
	all := wsfsm.Protocols()
	if name := all[int(n)%len(all)].Name; name != "rfc6455" {
		return name
	}
	return ""
}
