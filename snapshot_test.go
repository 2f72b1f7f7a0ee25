package wsfsm_test

import (
	"bytes"

	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"

	"github.com/wsfsm/wsfsm/fuzz"
	"github.com/wsfsm/wsfsm/states"
)

// still is a source of randomness without any, so that octets drawn again are those
// that stayed behind.
type still struct{}

func (still) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 0x2A
	}
	return len(p), nil
}

// counting is the source of randomness that package fuzz reckons with where a server
// draws a nonce (hybi-04). Behind the opening handshake a server draws nothing.
type counting struct{ next byte }

func (c *counting) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = c.next
		c.next++
	}
	return len(p), nil
}

// session is a random life of a driver: what it is given, step by step.
type session struct {
	options wsfsm.Options
	role    states.Role
	stream  []byte
	steps   []sessionStep
}

type sessionStep struct {
	receive int // octets that come
	events  int // events that are taken at most
	sent    int // octets that are written
	command int // number of a command; 0 for none
	payload string
}

// newSession draws a session in a version.
func newSession(t testing.TB, r *rand.Rand, version string, role states.Role) session {
	t.Helper()
	s := session{role: role, options: wsfsm.Options{
		Versions: []string{version}, Rand: still{}, Subprotocols: []string{"chat"},
		MaxMessage: []int64{0, 0, 60, 5000}[r.IntN(4)], MaxOutput: []int{0, 20, 400}[r.IntN(3)],
		KeepReading: r.IntN(3) > 0, AutoStart: r.IntN(4) > 0,
		Deliver: wsfsm.Deliver(r.IntN(2)),
	}}
	name := version
	if name == "rfc6455" {
		name = ""
	}
	s.stream = s.opening(t, name)
	inside := false
	for range r.IntN(20) {
		op := fuzz.Op{Kind: fuzz.OpFrame, Type: fuzz.FrameType(r.IntN(2)), Key: byte(r.Uint32()), Octet: randomPayload(r)}
		switch kind := r.IntN(50); {
		case kind == 0:
			op.Kind, op.Defect = fuzz.OpBroken, fuzz.Defect(r.IntN(16))
		case kind < 3:
			op.Type, op.Octet.Size = fuzz.FrameClose, 0
		case kind < 15:
			op.Type = fuzz.FramePing + fuzz.FrameType(kind%2)
			if kind < 12 { // pongs that answer
				op.Octet = fuzz.Plain("p")
			}
		default:
			if inside {
				op.Type = fuzz.FrameContinuation
			}
			inside = kind < 40 && version[:2] != "hi"
			op.More = inside
		}
		s.stream = append(s.stream, op.Input(role, name)...)
	}
	if r.IntN(8) == 0 {
		s.stream[r.IntN(len(s.stream))] = byte(r.Uint32())
	}
	for left := len(s.stream); left > 0 || len(s.steps) < 8; {
		step := sessionStep{receive: min(left, r.IntN(1<<r.IntN(9))), events: r.IntN(4), sent: r.IntN(1 << r.IntN(8)), payload: string(randomPayload(r).Bytes())}
		switch r.IntN(30) {
		case 0:
			step.command = 1 + r.IntN(len(sessionCommands)-1)
		case 1, 2, 3, 4, 5, 6, 7, 8, 9:
			step.command = 1 + r.IntN(9)
		}
		switch step.command {
		case 3, 4, 5: // fragments that end and begin inside a character
			step.payload = []string{"", "a\xC3", "\xA9b", "\xA9\xE2\x82", "\xAC", "\xAC\xC3"}[r.IntN(6)]
		case 7:
			step.payload = "p"
		}
		left -= step.receive
		s.steps = append(s.steps, step)
	}
	for range 40 {
		s.steps = append(s.steps, sessionStep{events: 5, sent: 1 << 20})
	}
	s.steps[len(s.steps)-20].command = len(sessionCommands)
	return s
}

func randomPayload(r *rand.Rand) fuzz.Octets {
	words := []string{"a", "é", "€", "😀", "abc", "a", "\xC3"}
	word := words[r.IntN(len(words)-r.IntN(2))]
	size := r.IntN(1 << r.IntN(7))
	if r.IntN(15) == 0 {
		size = r.IntN(3 * wsfsm.PieceSize)
	}
	if r.IntN(3) > 0 {
		size -= size % len(word)
	}
	return fuzz.Octets{Data: []byte(word), Size: size}
}

// opening is what the peer sends in the opening handshake.
func (s *session) opening(t testing.TB, version string) []byte {
	t.Helper()
	if s.role == states.Server {
		return fuzz.Op{Kind: fuzz.OpHead}.Input(s.role, version)
	}
	o := s.options
	o.AutoStart, o.MaxOutput = true, 0
	ep := endpoint(t, o)
	client, err := ep.Client("ws://example.com/chat")
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	server := ep.Server()
	server.Receive(bytes.Clone(client.Output()))
	if e, ok := server.Next(); !ok || e.Kind != wsfsm.EventOpen {
		t.Fatalf("the opening handshake gives %v, %v", e.Kind, server.Err())
	}
	return bytes.Clone(server.Output())
}

var sessionCommands = []func(*wsfsm.Driver, string) error{
	nil,
	func(d *wsfsm.Driver, p string) error { return d.Text([]byte(p)) },
	func(d *wsfsm.Driver, p string) error { return d.Binary([]byte(p)) },
	func(d *wsfsm.Driver, p string) error { return d.Begin(wsfsm.Text, []byte(p)) },
	func(d *wsfsm.Driver, p string) error { return d.Append([]byte(p)) },
	func(d *wsfsm.Driver, p string) error { return d.End([]byte(p)) },
	func(d *wsfsm.Driver, p string) error { return d.Lend(wsfsm.Binary, []byte(p), func() {}) },
	func(d *wsfsm.Driver, p string) error { _, err := d.Ping([]byte(p[:min(len(p), 125)])); return err },
	func(d *wsfsm.Driver, p string) error { return d.Start() },
	func(d *wsfsm.Driver, p string) error { return d.Start(wsfsm.Field{Name: "X-Some", Value: "thing"}) },
	func(d *wsfsm.Driver, p string) error { return d.ChooseSubprotocol("chat") },
	func(d *wsfsm.Driver, p string) error { return d.SetMaxMessage(int64(1 + len(p))) },
	func(d *wsfsm.Driver, p string) error {
		m, err := wsfsm.Prepare(wsfsm.Binary, []byte(p))
		if err != nil {
			return err
		}
		return d.Send(m)
	},
	func(d *wsfsm.Driver, p string) error {
		if len(p) > 30 {
			return d.Close(wsfsm.CloseNormal, "")
		}
		return nil
	},
	func(d *wsfsm.Driver, p string) error { d.ReceiveEOF(nil); return nil },
}

// play plays the session and tells all that is seen of it. Before each step move says
// which driver goes on.
func (s *session) play(t testing.TB, move func(int, *wsfsm.Driver) *wsfsm.Driver) []string {
	t.Helper()
	o := s.options
	if s.role == states.Server {
		o.Rand = &counting{}
	}
	ep := endpoint(t, o)
	d := ep.Server()
	if s.role == states.Client {
		d, _ = ep.Client("ws://user:pass@example.com/chat")
		if err := d.Start(); err != nil {
			t.Fatal(err)
		}
	}
	var log []string
	var waiting []byte
	rest := bytes.Clone(s.stream)
	for i, step := range s.steps {
		d = move(i, d)
		waiting = append(waiting, rest[:step.receive]...)
		rest = rest[step.receive:]
		line := ""
		if step.command > 0 {
			line = fmt.Sprint("command ", step.command-1, sessionCommands[min(step.command, len(sessionCommands)-1)](d, step.payload))
		}
		for range step.events {
			e, ok := d.Next()
			if !ok && d.Pending() == 0 && len(waiting) > 0 {
				if err := d.Receive(bytes.Clone(waiting)); err != nil {
					t.Fatal(err)
				}
				waiting = nil
				continue
			}
			line += fmt.Sprintf("; %v %v %v %q %v %v %v %v %v", ok, e.Kind, e.Message, e.Data, e.First(), e.Last(), e.Code(), e.Clean(), e.Ping())
		}
		var output []byte
		for _, run := range d.AppendOutput(nil) {
			output = append(output, run...)
		}
		line += fmt.Sprintf("; %x %v %v %v %v %v %v %v %v", output, d.State(), d.Pending(), d.Blocked(), d.Offset(), d.CloseExpected(), d.Err(), d.Subprotocol(), d.Version())
		line += fmt.Sprintf("; %+v %+v", d.Request(), d.Response())
		d.Sent(step.sent)
		log = append(log, line)
	}
	return log
}

// moved takes the connection out of a driver and makes another one of it.
func moved(t testing.TB, d *wsfsm.Driver) *wsfsm.Driver {
	t.Helper()
	p, err := d.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	return restored(t, d, p)
}

// restored makes a driver of the snapshot of another one.
func restored(t testing.TB, d *wsfsm.Driver, p []byte) *wsfsm.Driver {
	t.Helper()
	p = bytes.Clone(p)
	again, err := d.Endpoint().Restore(p)
	if err != nil {
		t.Fatal(err)
	}
	clear(p) // Restore keeps none of it
	return again
}

// TestMovedDriversGoOnAlike plays random sessions in all versions and both roles,
// with the connection moved before each step, before one, and never.
func TestMovedDriversGoOnAlike(t *testing.T) {
	runs := 24
	if testing.Short() {
		runs = 6
	}
	for _, p := range wsfsm.Protocols() {
		for _, role := range []states.Role{states.Server, states.Client} {
			t.Run(p.Name+"/"+role.String(), func(t *testing.T) {
				opened, fragments := 0, 0
				for seed := range runs {
					r := rand.New(rand.NewPCG(uint64(seed), 6))
					s := newSession(t, r, p.Name, role)
					want := s.play(t, func(_ int, d *wsfsm.Driver) *wsfsm.Driver { return d })
					at := r.IntN(len(s.steps))
					for name, move := range map[string]func(int) bool{
						"each":           func(int) bool { return true },
						fmt.Sprint(at):   func(i int) bool { return i == at },
						"each but the 1": func(i int) bool { return i > 1 },
					} {
						got := s.play(t, func(i int, d *wsfsm.Driver) *wsfsm.Driver {
							if move(i) {
								return moved(t, d)
							}
							return d
						})
						if !slices.Equal(got, want) {
							i := 0
							for got[i] == want[i] {
								i++
							}
							t.Fatalf("seed %d, moved before step %s: step %d of %d, %+v\n%s\nin place of\n%s", seed, name, i, len(want), s.steps[i], got[i], want[i])
						}
					}
					all := strings.Join(want, "\n")
					if strings.Contains(all, "true open") {
						opened++
					}
					if strings.Contains(all, "true message") {
						fragments++
					}
				}
				if opened < runs/3 || fragments < runs/5 {
					t.Errorf("of %d sessions %d were opened and %d had messages", runs, opened, fragments)
				}
			})
		}
	}
}

// mover moves the connection to another driver before each call that may change it.
type mover struct{ *wsfsm.Driver }

func (m *mover) move() {
	p, err := m.Driver.Snapshot()
	if err != nil {
		panic(err)
	}
	if m.Driver, err = m.Driver.Endpoint().Restore(p); err != nil {
		panic(err)
	}
}

func (m *mover) Next() (wsfsm.Event, bool) { m.move(); return m.Driver.Next() }

func (m *mover) Sent(n int) { m.move(); m.Driver.Sent(n) }

func (m *mover) Text(p []byte) error { m.move(); return m.Driver.Text(p) }

// TestMovedDriversAreRight has the oracles of package fuzz judge connections that
// are moved before most calls. What is lent comes back early then: no program lends.
func TestMovedDriversAreRight(t *testing.T) {
	runs := 400
	if testing.Short() {
		runs = 60
	}
	r := rand.New(rand.NewPCG(1, 2))
	cfg := fuzz.Config{Role: states.Server, Wrap: func(d fuzz.Driver) fuzz.Driver { return &mover{d.(*wsfsm.Driver)} }}
	for range runs {
		octets := []byte{2, byte(r.Uint32())}
		for range 20 + r.IntN(120) {
			octets = append(octets, byte(r.Uint32()>>r.IntN(6)))
		}
		p, _ := fuzz.Decode(octets)
		p.Ops = slices.DeleteFunc(p.Ops, func(op fuzz.Op) bool { return op.Kind == fuzz.OpLend })
		if err := fuzz.Check(cfg, p); err != nil {
			t.Fatalf("%v\n%v", err, p)
		}
	}
}
