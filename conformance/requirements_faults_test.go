package conformance_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand"
	"net"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/wsnet"
)

// check shows a rule that no table holds. It returns what is wrong, and is run
// without faults, and with one that breaks the rule.
type check func(*testing.T, *faults) error

// faults are the places where a hand or a peer can be replaced by a faulty one.
// Nil ones do nothing.
type faults struct {
	options  func(*wsfsm.Options)              // what the driver works with
	url      func(string) string               // what the client makes of a URL
	out      func([]byte) []byte               // one write of the driver
	in       func([][]byte) [][]byte           // fields or frames for the driver
	send     func(*wsfsm.Driver, []byte) error // how a text message is sent
	dial     func(*wsnet.DialOptions)          // what the client dials with
	client   func(net.Conn) net.Conn           // the client's transport below TLS
	listener func(net.Listener) net.Listener   // the server's transports below TLS
	noTLS    bool                              // the server does without
}

// plants are the faults by their names in requirements.yaml.
var plants = map[string]func(*faults){
	"answer-reversed":   func(f *faults) { f.out = answerReversed },
	"constant-random":   func(f *faults) { f.options = withRand(func() cycle { return cycle("0123456789abcdef") }) },
	"counting-random":   func(f *faults) { f.options = func(o *wsfsm.Options) { o.Rand = new(counter) } },
	"weak-random":       func(f *faults) { f.options = func(o *wsfsm.Options) { o.Rand = rand.New(rand.NewSource(1)) } },
	"key-of-payload":    func(f *faults) { f.out = ofFrames(keyOfPayload) },
	"length-counts-key": func(f *faults) { f.out = ofFrames(func(p []byte) []byte { p[1] += 4; return p }) },
	"mask-bit-missing":  func(f *faults) { f.out = ofFrames(func(p []byte) []byte { p[1] &= 0x7F; return p }) },
	"key-missing":       func(f *faults) { f.out = ofFrames(func(p []byte) []byte { return append(p[:2:2], p[6:]...) }) },
	"payload-lent": func(f *faults) {
		f.send = func(d *wsfsm.Driver, p []byte) error { return d.Lend(wsfsm.Text, p, nil) }
	},
	"frames-swapped": func(f *faults) {
		f.in = func(all [][]byte) [][]byte { all[1], all[2] = all[2], all[1]; return all }
	},
	"fields-in-order-only": func(f *faults) { f.in = inOrderOnly },
	"query-dropped":        func(f *faults) { f.out = inRequest(`\?\S*`, "") },
	"octets-unescaped":     func(f *faults) { f.out = unescaped },
	"protocol-with-blank":  func(f *faults) { f.out = inRequest(`(Sec-WebSocket-Protocol: [^\r]*)`, "$1, a b") },
	"protocol-repeated":    func(f *faults) { f.out = inRequest(`(Sec-WebSocket-Protocol: )([^,\r]*)`, "$1$2, $2") },
	"protocols-reversed": func(f *faults) {
		f.options = func(o *wsfsm.Options) { o.Subprotocols = slices.Clone(o.Subprotocols); slices.Reverse(o.Subprotocols) }
	},
	"fragment-dropped": func(f *faults) { f.url = func(s string) string { s, _, _ = strings.Cut(s, "#"); return s } },
	"url-replaced":     func(f *faults) { f.url = func(string) string { return "ws://example.com/" } },
	"scheme-with-case": func(f *faults) {
		f.url = func(s string) string {
			scheme, rest, _ := strings.Cut(s, "://")
			if scheme != "wss" {
				scheme = "ws"
			}
			return scheme + "://" + rest
		}
	},
	"port-8080": func(f *faults) {
		f.url = func(s string) string { return strings.Replace(s, ".test/", ".test:8080/", 1) }
	},
	"request-before-tls": func(f *faults) {
		f.client = func(nc net.Conn) net.Conn { nc.Write([]byte("GET / HTTP/1.1\r\n")); return nc }
	},
	"client-leaves-tls":  func(f *faults) { f.client = func(nc net.Conn) net.Conn { return &leaving{Conn: nc} } },
	"server-leaves-tls":  func(f *faults) { f.listener = func(l net.Listener) net.Listener { return leavingListener{l} } },
	"no-server-name":     func(f *faults) { f.dial = func(o *wsnet.DialOptions) { o.TLS.ServerName = "127.0.0.1" } },
	"trusts-anybody":     func(f *faults) { f.dial = func(o *wsnet.DialOptions) { o.TLS.InsecureSkipVerify = true } },
	"server-without-tls": func(f *faults) { f.noTLS = true },
}

// cycle yields the same octets again and again, from the first at each call.
type cycle string

func (c cycle) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = c[i%len(c)]
	}
	return len(p), nil
}

func withRand(random func() cycle) func(*wsfsm.Options) {
	return func(o *wsfsm.Options) { o.Rand = random() }
}

// counter yields numbers of four octets that count up.
type counter uint32

func (c *counter) Read(p []byte) (int, error) {
	for i := 0; i+4 <= len(p); i += 4 {
		*c++
		binary.BigEndian.PutUint32(p[i:], uint32(*c))
	}
	return len(p), nil
}

// ofFrames changes what is written behind the opening handshake: each a masked
// frame of less than 122 octets.
func ofFrames(change func([]byte) []byte) func([]byte) []byte {
	return func(p []byte) []byte {
		if bytes.HasPrefix(p, []byte("GET ")) || p[1]&0x7F > 121 {
			return p
		}
		return change(p)
	}
}

// keyOfPayload masks a frame with a key that its payload determines.
func keyOfPayload(p []byte) []byte {
	old := [4]byte(p[2:])
	wsfsm.Mask(old, 0, p[6:])
	key := [4]byte{byte(len(p)), p[len(p)-1], 3, 4}
	copy(p[2:], key[:])
	wsfsm.Mask(key, 0, p[6:])
	return p
}

// unescaped sends the target of the request as it is meant, without escapes.
func unescaped(p []byte) []byte {
	s, err := url.PathUnescape(string(p))
	if err != nil {
		return p
	}
	return []byte(s)
}

// inOrderOnly is a reader of header fields who knows each in its usual place
// only.
func inOrderOnly(fields [][]byte) (kept [][]byte) {
	usual := []string{"Host", "Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version"}
	for _, f := range fields {
		name, _, _ := strings.Cut(string(f), ":")
		if at := slices.Index(usual, name); at >= 0 {
			kept, usual = append(kept, f), usual[at+1:]
		}
	}
	return kept
}

// leaving is a transport below TLS whose owner leaves it: behind the first
// record of application data something goes out in the clear.
type leaving struct {
	net.Conn
	left bool
}

func (l *leaving) Write(p []byte) (int, error) {
	n, err := l.Conn.Write(p)
	if !l.left && len(p) > 0 && p[0] == recordApplication {
		l.left = true
		_, plain := l.Conn.Write([]byte("in the clear"))
		err = errors.Join(err, plain)
	}
	return n, err
}

type leavingListener struct{ net.Listener }

func (l leavingListener) Accept() (net.Conn, error) {
	nc, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &leaving{Conn: nc}, nil
}
