package fuzz

import (
	"fmt"

	"github.com/wsfsm/wsfsm/conformance/model"
	"github.com/wsfsm/wsfsm/states"
)

// Defect is what is wrong with the frame of OpBroken.
type Defect uint8

// The defects.
const (
	DefectRSV1          Defect = iota // RSV1 is set
	DefectRSV2                        // RSV2 is set
	DefectRSV3                        // RSV3 is set
	DefectOpcode                      // the opcode is reserved: that of the type plus 3 (data) or 4 (control)
	DefectFin                         // FIN is the other way round
	DefectMask                        // masked although the driver is a client, plain although it is a server
	DefectWidth16                     // the length takes the 16-bit form, whatever it is
	DefectWidth64                     // the length takes the 64-bit form, whatever it is
	DefectOverflow                    // the top bit of a 64-bit length is set
	DefectHuge                        // the length is 2^62 more than the payload
	DefectLonger                      // the length is one more than the payload: the next frame loses an octet
	DefectShort                       // the last octet is missing
	DefectControlLength               // the payload is filled up to 126 octets
	DefectText                        // an octet that UTF-8 does not have is in the middle of the payload
	DefectCloseShort                  // the payload is one octet
	DefectCloseCode                   // the payload begins with the close code 1004
	defects                           // how many there are
)

// String returns the defect's name.
func (d Defect) String() string {
	names := [defects]string{"rsv1", "rsv2", "rsv3", "opcode", "fin", "mask", "width-16", "width-64", "overflow", "huge", "longer", "short",
		"control-length", "text", "close-short", "close-code"}
	if d >= defects {
		return fmt.Sprintf("Defect(%d)", uint8(d))
	}
	return names[d]
}

// Input returns the octets that the transport of a driver of that role yields
// in the operation, where the version is spoken (empty: RFC 6455); nil if the
// operation is no input. A head answers the Sec-WebSocket-Key of a client that
// Check has made.
func (o Op) Input(role states.Role, version string) []byte {
	return o.input(side{role, version})
}

func (o Op) input(s side) []byte {
	switch o.Kind {
	case OpLiteral:
		return o.Octet.Bytes()
	case OpHead:
		if s.version != "" && s.role == states.Server && o.N == 0 {
			return requestOf(s.peer())
		}
		return head(s.role, o.N)
	case OpFrame:
		return s.peer().Encode(o.frame(s))
	case OpBroken:
		return o.broken(s)
	}
	return nil
}

// frame returns the frame of the operation, without a defect.
func (o Op) frame(s side) model.Frame {
	f := model.Frame{Fin: !o.More, Opcode: s.opcode(o.Type), Payload: string(o.Octet.Bytes())}
	if s.role == states.Server && s.masks() {
		f = f.WithKey(o.key())
	}
	return f
}

// key makes a masking key of one octet: different ones for different octets,
// zero for zero.
func (o Op) key() [4]byte { return [4]byte{o.Key, o.Key * 3, o.Key * 5, o.Key * 7} }

func (o Op) broken(s side) []byte {
	f := o.frame(s)
	switch o.Defect {
	case DefectRSV1, DefectRSV2, DefectRSV3:
		f.RSV = 4 >> (o.Defect - DefectRSV1)
	case DefectOpcode:
		f.Opcode += 3 + f.Opcode>>3
	case DefectFin:
		f.Fin = !f.Fin
	case DefectMask:
		f = f.Unmasked()
		if s.role == states.Client && s.masks() {
			f = f.WithKey(o.key())
		}
	case DefectWidth16:
		f.Width, f.Padding = model.Width16, 2
	case DefectWidth64:
		f.Width, f.Padding = model.Width64, 9
	case DefectOverflow:
		f.Missing = 1 << 63
	case DefectHuge:
		f.Missing = 1 << 62
	case DefectLonger:
		f.Missing = 1
	case DefectControlLength:
		f.Payload += string(Octets{Size: max(126-len(f.Payload), 0)}.Bytes())
	case DefectText:
		f.Payload = f.Payload[:len(f.Payload)/2] + "\xFF" + f.Payload[len(f.Payload)/2:]
	case DefectCloseShort:
		f.Payload = "a"
	case DefectCloseCode:
		f.Payload = model.CloseFrame(1004, "").Payload + f.Payload
	}
	octets := s.peer().Encode(f)
	if o.Defect == DefectShort {
		octets = octets[:len(octets)-1]
	}
	return octets
}

// Heads of the opening handshake. The first of each list is right, the others
// have something that a server or client must judge.
const (
	requestFields = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
	requestStart  = "GET /chat HTTP/1.1\r\nHost: example.com\r\n"
	request       = requestStart + requestFields + "\r\n"

	// ClientKey is the Sec-WebSocket-Key of every client that Check makes, if
	// Start is the first command: its source of randomness begins with the octets
	// 0 to 15.
	ClientKey = "AAECAwQFBgcICQoLDA0ODw=="
	// ClientAccept is the Sec-WebSocket-Accept that proves it (RFC 6455 §4.2.2).
	ClientAccept  = "Bz3qJYTGdOe8gUSpLosEdiLKDrk="
	acceptField   = "Sec-WebSocket-Accept: " + ClientAccept + "\r\n"
	responseStart = "HTTP/1.1 101 Switching Protocols\r\n"
	response      = responseStart + "Upgrade: websocket\r\nConnection: Upgrade\r\n" + acceptField
)

// requests are the requests of OpHead.
var requests = []string{
	request,
	requestStart + requestFields + "Sec-WebSocket-Protocol: chat, superchat\r\n\r\n",
	requestStart + requestFields + "Origin: https://example.com\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n",
	requestStart + requestFields + "Origin: https://elsewhere.example\r\n\r\n",
	requestStart + "\r\n",
	requestStart + requestFields + "Content-Length: 1\r\n\r\n",
	requestStart + requestFields + "Host: example.com\r\n\r\n",
	"POST /chat HTTP/1.1\r\nHost: example.com\r\n" + requestFields + "\r\n",
	"GET /chat HTTP/1.0\r\nHost: example.com\r\n" + requestFields + "\r\n",
	"GET /chat HTTP/1.1\r\n" + requestFields + "\r\n",
	requestStart + "upgrade:\t h2c , WebSocket\r\nCONNECTION: keep-alive,, upgrade \r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
	requestStart + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13\r\n\r\n",
	requestStart + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 8\r\n\r\n",
	requestStart + "Folded: a\r\n b\r\n" + requestFields + "\r\n",
	requestStart + "Bare: lf\n" + requestFields + "\r\n",
}

// responses are the responses of OpHead.
var responses = []string{
	response + "\r\n",
	response + "Sec-WebSocket-Protocol: chat\r\n\r\n",
	response + "Sec-WebSocket-Protocol: other\r\n\r\n",
	response + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
	responseStart + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
	response + acceptField + "\r\n",
	responseStart + "Upgrade: h2c\r\nConnection: Upgrade\r\n" + acceptField + "\r\n",
	responseStart + "Upgrade: WebSocket\r\nConnection: close, upgrade\r\n" + acceptField + "\r\n",
	responseStart + "Upgrade: websocket\r\n" + acceptField + "\r\n",
	"HTTP/1.1 101\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" + acceptField + "\r\n",
	"HTTP/1.0 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" + acceptField + "\r\n",
	"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
	"HTTP/1.1 302 Found\r\nLocation: wss://elsewhere.example/\r\n\r\n",
}

func head(role states.Role, n int) []byte {
	list := requests
	if role == states.Client {
		list = responses
	}
	return []byte(list[n%len(list)])
}
