package trace_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/extension/deflate"
	"github.com/wsfsm/wsfsm/states"
	"github.com/wsfsm/wsfsm/trace"
)

// pair is two recorded drivers that talk to each other.
type pair struct {
	t              *testing.T
	client, server *trace.Recorder
	log            [2]bytes.Buffer // of client and server
	random         *rand.Rand
	heard          []string
}

func newPair(t *testing.T, version string, seed uint64, s trace.Settings, extensions ...extension.Extension) *pair {
	t.Helper()
	p := &pair{t: t, random: rand.New(rand.NewPCG(seed, 9))}
	o := wsfsm.Options{Versions: []string{version}, Extensions: extensions, Subprotocols: []string{"chat"},
		Header: []wsfsm.Field{{Name: "X-Token", Value: "hunter2-of-header"}}}
	if s.Redact {
		o.Rand = constant{}
	}
	var err error
	if p.client, err = trace.NewClient(&p.log[0], "ws://user:hunter2@example.com/hunter2-of-target", o, s); err != nil {
		t.Fatal(err)
	}
	if p.server, err = trace.NewServer(&p.log[1], o, s); err != nil {
		t.Fatal(err)
	}
	return p
}

// run talks for some rounds: octets pass in chunks of any size, and each end sends
// whatever it likes.
func (p *pair) run() {
	p.t.Helper()
	if err := p.client.Start(wsfsm.Field{Name: "Cookie", Value: "id=hunter2-of-cookie"}); err != nil {
		p.t.Fatal(err)
	}
	for round := range 200 {
		for _, ends := range [][2]*trace.Recorder{{p.client, p.server}, {p.server, p.client}} {
			p.pass(ends[0], ends[1])
			if round == 150 && ends[0] == p.client {
				p.client.Close(0, "")
			}
			if round < 150 && ends[0].Driver().State() == states.ConnectionOpen {
				p.say(ends[0])
			}
		}
	}
	p.client.ReceiveEOF(errors.New("hunter2-of-cause"))
	p.take(p.client)
	p.server.ReceiveEOF(nil)
	p.take(p.server)
	p.server.Expire()
}

func (p *pair) pass(from, to *trace.Recorder) {
	p.take(to)
	if to.Driver().Pending() > 0 || len(from.Output()) == 0 {
		return
	}
	n := 1 + p.random.IntN(min(len(from.Output()), 1<<p.random.IntN(12)))
	if err := to.Receive(bytes.Clone(from.Output()[:n])); err != nil {
		p.t.Fatal(err)
	}
	from.Sent(n)
	p.take(to)
}

func (p *pair) take(r *trace.Recorder) {
	for e := range r.Events() {
		switch e.Kind {
		case wsfsm.EventRequest:
			r.Start()
		case wsfsm.EventMessage:
			p.heard = append(p.heard, string(e.Data))
		}
	}
}

// say sends something; what the version or the state does not allow is refused.
func (p *pair) say(r *trace.Recorder) {
	text := []byte(strings.Repeat("hunter2 ä", p.random.IntN(30)))
	switch p.random.IntN(12) {
	case 0:
		r.Text(text)
	case 1:
		r.Binary(append(text, 0xFF))
	case 2:
		r.Begin(wsfsm.Text, text)
	case 3:
		r.Append(text)
	case 4:
		r.End(text)
	case 5:
		r.Lend(wsfsm.Binary, text, func() {})
	case 6:
		r.Ping([]byte("hunter2"))
	case 7:
		r.Pong(nil)
	case 8:
		r.Text([]byte("\xFF"))
	}
}

// TestReplayIsTheSame records both ends of random connections in all versions, and
// plays each trace without a difference.
func TestReplayIsTheSame(t *testing.T) {
	seeds := uint64(6)
	if testing.Short() {
		seeds = 2
	}
	for _, protocol := range wsfsm.Protocols() {
		heard := 0
		for seed := range seeds {
			p := newPair(t, protocol.Name, seed, trace.Settings{NoSteps: seed == 1})
			p.run()
			heard += len(p.heard)
			for i := range p.log {
				replay(t, protocol.Name, p.log[i].Bytes(), trace.PlayerOptions{})
			}
		}
		if heard < 10 {
			t.Errorf("%s: only %d messages", protocol.Name, heard)
		}
	}
}

// replay plays a trace to its end.
func replay(t *testing.T, name string, log []byte, o trace.PlayerOptions) {
	t.Helper()
	player, err := trace.Open(bytes.NewReader(log), o)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Count(log, []byte("\n"))
	for calls := 1; ; calls++ {
		_, err := player.Step()
		if err == io.EOF {
			if calls != lines {
				t.Errorf("%s: %d lines played of %d", name, calls, lines)
			}
			return
		}
		if err != nil {
			var d *trace.Difference
			errors.As(err, &d)
			t.Fatalf("%s: %v\n%+v", name, err, d)
		}
	}
}

func compression(t *testing.T) extension.Extension {
	t.Helper()
	e, err := deflate.New(deflate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestReplayWithExtensions(t *testing.T) {
	p := newPair(t, "rfc6455", 1, trace.Settings{}, compression(t))
	p.run()
	if len(p.server.Driver().Extensions()) == 0 || len(p.heard) == 0 {
		t.Fatalf("extensions %q, %d messages", p.server.Driver().Extensions(), len(p.heard))
	}
	for i := range p.log {
		replay(t, "deflate", p.log[i].Bytes(), trace.PlayerOptions{Extensions: []extension.Extension{compression(t)}})
		if _, err := trace.Open(&p.log[i], trace.PlayerOptions{}); !errors.Is(err, trace.ErrForeign) {
			t.Errorf("without the extension: %v", err)
		}
	}
}

// TestReplayFindsEachDifference changes one result at a time.
func TestReplayFindsEachDifference(t *testing.T) {
	p := newPair(t, "rfc6455", 3, trace.Settings{})
	p.run()
	log := p.log[1].String()
	for name, c := range map[string]struct{ old, new, what string }{
		"a transition": {`--fits--> `, `--too-long--> `, "steps"},
		"an offset":    {`"steps":["`, `"steps":["1`, "steps"},
		"an event":     {`"event":{"kind":"message","message":"text"`, `"event":{"kind":"message","message":"binary"`, "event"},
		"no event":     {`{"call":"Next"}`, `{"call":"Next","event":{"kind":"open"}}`, "event"},
		"a payload":    {`"message":"text","data":"hunter2 ä`, `"message":"text","data":"hunter3 ä`, "event"},
		"an error":     {`"error":"wsfsm: text is not valid UTF-8"`, `"error":"other"`, "error"},
		"a ping":       {`"ping":1,`, `"ping":2,`, "ping"},
		"output":       {`"out":"HTTP/1.1 101`, `"out":"HTTP/1.1 102`, "out"},
		"unread":       {`{"call":"Next"}`, `{"call":"Next","unread":"a"}`, "unread"},
		"random":       {`{"call":"Next"}`, `{"call":"Next","random":"a"}`, "random"},
	} {
		if !strings.Contains(log, c.old) {
			t.Errorf("%s: no %q in the trace\n%.3000s", name, c.old, log)
			continue
		}
		player, err := trace.Open(strings.NewReader(strings.Replace(log, c.old, c.new, 1)), trace.PlayerOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for err == nil {
			_, err = player.Step()
		}
		var d *trace.Difference
		if !errors.As(err, &d) || c.what != "" && d.What != c.what || d.Line != player.Line() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOpenRefuses wants a clear error for each trace that cannot be played.
func TestOpenRefuses(t *testing.T) {
	p := newPair(t, "rfc6455", 1, trace.Settings{})
	header, _, _ := strings.Cut(p.log[1].String(), "\n")
	for _, c := range []struct {
		text string
		want error
		say  string
	}{
		{"", trace.ErrFormat, "empty"},
		{"GET / HTTP/1.1\r\n", trace.ErrFormat, "line 1 is not"},
		{`{"trace":2}`, trace.ErrForeign, "format 2"},
		{strings.Replace(header, `"role"`, `"rule"`, 1), trace.ErrFormat, "rule"},
		{strings.Replace(header, `"server"`, `"servant"`, 1), trace.ErrForeign, "servant"},
		{strings.Replace(header, `"rfc6455"`, `"rfc9999"`, 1), trace.ErrForeign, `"rfc9999"`},
		{regexp.MustCompile(`"hash":"..`).ReplaceAllString(header, `"hash":"zz`), trace.ErrForeign, "other tables"},
		{header + "\n{", trace.ErrFormat, "line 2"},
		{header + "\n" + `{"call":"Jump"}`, trace.ErrFormat, "Jump"},
		{header + "\n" + `{"call":"Text","data":{"hex":"0"}}`, trace.ErrFormat, "line 2"},
		{header + "\n" + `{"call":"Text","data":{"hex":"00","size":1}}`, trace.ErrFormat, "size"},
		{header + "\n" + `{"call":"Text","unknown":1}`, trace.ErrFormat, "unknown"},
	} {
		player, err := trace.Open(strings.NewReader(c.text), trace.PlayerOptions{})
		if err == nil {
			_, err = player.Step()
		}
		if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%.60q: %v", c.text, err)
		}
	}
}

// TestRecorderHasAllCalls compares the recorder's methods with the driver's, so that no
// call is forgotten.
func TestRecorderHasAllCalls(t *testing.T) {
	// What only asks, or cannot be recorded: Send, whose message cannot be seen, and
	// Snapshot, behind which there is nothing to record.
	others := strings.Fields("AppendOutput Blocked CloseExpected Endpoint Err Extensions Offset Pending Protocol Request Response Role Send Snapshot State Subprotocol Unsent Version WireVersion")
	driver, recorder := reflect.TypeFor[*wsfsm.Driver](), reflect.TypeFor[*trace.Recorder]()
	for i := range driver.NumMethod() {
		m := driver.Method(i)
		own, ok := recorder.MethodByName(m.Name)
		asks := slices.Contains(others, m.Name)
		switch {
		case ok == asks && m.Name != "Err":
			t.Errorf("%s: recorded %v", m.Name, ok)
		case ok && !asks && strings.Replace(own.Type.String(), "trace.Recorder", "wsfsm.Driver", 1) != m.Type.String():
			t.Errorf("%s is %v, not %v", m.Name, own.Type, m.Type)
		}
	}
}

// failing is a writer that fails after some octets.
type failing struct{ left int }

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errors.New("disk full")
	}
	return len(p), nil
}

// TestConnectionGoesOnWithoutTrace wants an error of writing to be told, and to leave
// the connection alone.
func TestConnectionGoesOnWithoutTrace(t *testing.T) {
	r, err := trace.NewClient(&failing{left: 500}, "ws://example.com/", wsfsm.Options{}, trace.Settings{})
	if err != nil || r.Err() != nil {
		t.Fatal(err, r.Err())
	}
	if err := r.Start(); err != nil || r.Err() == nil || len(r.Output()) == 0 {
		t.Errorf("%v, %v, %d octets", err, r.Err(), len(r.Output()))
	}
	if _, err := trace.NewServer(&failing{}, wsfsm.Options{}, trace.Settings{}); err == nil {
		t.Error("a header that is not written is no error")
	}
}

// TestDecode looks on from both sides of recorded connections in all versions: the
// messages are those that passed, and the traces can be played.
func TestDecode(t *testing.T) {
	for _, protocol := range wsfsm.Protocols() {
		p := newPair(t, protocol.Name, 4, trace.Settings{})
		p.run()
		for i, role := range []states.Role{states.Client, states.Server} {
			received, want := parts(t, p.log[i].Bytes())
			o := wsfsm.Options{Versions: []string{protocol.Name}}
			if role == states.Server { // the nonce of hybi-04
				o.Rand = bytes.NewReader(p.drawn(1))
			}
			var log bytes.Buffer
			if err := trace.Decode(&log, role, o, slices.Values(received), trace.Settings{}); err != nil {
				t.Errorf("%s, %s: %v", protocol.Name, role, err)
			}
			if _, got := parts(t, log.Bytes()); !slices.Equal(got, want) || len(want) == 0 {
				t.Errorf("%s, %s: messages\n%q, not\n%q", protocol.Name, role, got, want)
			}
			replay(t, "passive "+protocol.Name, log.Bytes(), trace.PlayerOptions{})
		}
	}
}

// drawn returns the random octets of a trace.
func (p *pair) drawn(i int) (all []byte) {
	for c := range lines(p.t, p.log[i].Bytes()) {
		all = append(all, c.Random.P...)
	}
	return all
}

// parts returns what a trace says was received, and the messages in it.
func parts(t *testing.T, log []byte) (received [][]byte, messages []string) {
	for c := range lines(t, log) {
		if c.Call == "Receive" {
			received = append(received, c.Data.P)
		}
		if c.Event != nil && c.Event.Kind == "message" {
			messages = append(messages, string(c.Event.Data.P))
		}
	}
	return received, messages
}

// lines yields the calls of a trace.
func lines(t *testing.T, log []byte) func(func(trace.Call) bool) {
	return func(yield func(trace.Call) bool) {
		for i, line := range bytes.Split(bytes.TrimSpace(log), []byte("\n")) {
			var c trace.Call
			if i == 0 {
				continue
			}
			if err := json.Unmarshal(line, &c); err != nil {
				t.Fatal(err)
			}
			if !yield(c) {
				return
			}
		}
	}
}

func TestRole(t *testing.T) {
	for stream, want := range map[string]states.Role{"GET / HTTP/1.1": states.Server, "HTTP/1.1 101": states.Client, "\x81\x00": 0, "": 0} {
		if got := trace.Role([]byte(stream)); got != want {
			t.Errorf("%q is for %v", stream, got)
		}
	}
}
