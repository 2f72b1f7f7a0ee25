package protocolload_test

import (
	"io/fs"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/gen"
	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/gen/spec"
	"github.com/wsfsm/wsfsm/internal/protocolload"
	"github.com/wsfsm/wsfsm/states"
)

var specs = os.DirFS("../../states")

// TestLoadedEqualCompiled is what all tests with loaded protocols stand on.
func TestLoadedEqualCompiled(t *testing.T) {
	loaded, err := protocolload.Load(specs)
	if err != nil {
		t.Fatal(err)
	}
	compiled := wsfsm.Protocols()
	if len(loaded) == 0 || len(loaded) != len(compiled) {
		t.Fatalf("%d loaded, %d compiled", len(loaded), len(compiled))
	}
	for i := range loaded {
		for _, part := range differences(loaded[i], compiled[i]) {
			t.Errorf("%s: %s differs", compiled[i].Name, part)
		}
	}
}

// differences names the fields of two protocols that are not deeply equal.
func differences(a, b *wsfsm.Protocol) []string {
	var list []string
	va, vb := reflect.ValueOf(*a), reflect.ValueOf(*b)
	for i := range va.NumField() {
		if !reflect.DeepEqual(va.Field(i).Interface(), vb.Field(i).Interface()) {
			list = append(list, va.Type().Field(i).Name)
		}
	}
	return list
}

// TestEachPartCounts changes each part of the numbers and expects that the
// protocol differs there: nothing is left behind on the way.
func TestEachPartCounts(t *testing.T) {
	for _, c := range []struct {
		field  string
		change func(p *lower.Protocol)
	}{
		{"Name", func(p *lower.Protocol) { p.Name += "x" }},
		{"Title", func(p *lower.Protocol) { p.Title += "x" }},
		{"WireVersion", func(p *lower.Protocol) { p.WireVersion = -1 }},
		{"Recognise", func(p *lower.Protocol) { p.RecogniseHeader = "X" }},
		{"Recognise", func(p *lower.Protocol) { p.RecogniseValues[0] = "X" }},
		{"Close", func(p *lower.Protocol) { p.CloseBody = 0 }},
		{"Close", func(p *lower.Protocol) { p.CloseReceived[0][1]++ }},
		{"Close", func(p *lower.Protocol) { p.CloseSent[0][0]++ }},
		{"TooBig", func(p *lower.Protocol) { p.TooBig++ }},
		{"Connection", func(p *lower.Protocol) { p.Machines[0].Rows[1][1].To++ }},
		{"Connection", func(p *lower.Protocol) { p.Machines[0].Inputs[1]++ }},
		{"Connection", func(p *lower.Protocol) { p.Machines[0].Waits[1][1]++ }},
		{"HTTP", func(p *lower.Protocol) { p.Machines[1].Rows[1][1].Do++ }},
		{"HTTP", func(p *lower.Protocol) { p.Machines[1].Initial[1]++ }},
		{"HTTP", func(p *lower.Protocol) { p.Machines[1].Limits[0]++ }},
		{"Handshake", func(p *lower.Protocol) { p.Machines[2].Rows[1][1].To++ }},
		{"Handshake", func(p *lower.Protocol) { p.Machines[2].Final[1] = true }},
		{"Handshake", func(p *lower.Protocol) { p.Machines[2].Heads[1].Name += "x" }},
		{"Handshake", func(p *lower.Protocol) { p.Machines[2].Heads[1].Lines[0].Else++ }},
		{"Handshake", func(p *lower.Protocol) { p.Machines[2].Heads[0].Lines[9].Equals++ }},
		{"Frame", func(p *lower.Protocol) { p.Machines[3].Rows[1][1].To++ }},
		{"Frame", func(p *lower.Protocol) { p.Machines[3].Reads[2].Args[1]++ }},
		{"Frame", func(p *lower.Protocol) { p.Machines[3].Reads[1].Field++ }},
		{"Frame", func(p *lower.Protocol) { p.Machines[3].Reads[1].Kind++ }},
		{"Frame", func(p *lower.Protocol) { p.Machines[3].Reads[11].Through++ }},
		{"Frame", func(p *lower.Protocol) { p.Machines[3].Classes[0].Tables[1][26][255]++ }},
		{"Frame", func(p *lower.Protocol) { p.Machines[3].Classes[0].Name += "x" }},
		{"Message", func(p *lower.Protocol) { p.Machines[4].Rows[1][1].To++ }},
	} {
		l := rfc6455(t)
		c.change(l)
		p, err := protocolload.FromLowered(l)
		if err != nil {
			t.Errorf("%s: %v", c.field, err)
			continue
		}
		if got := differences(p, wsfsm.Protocols()[len(wsfsm.Protocols())-1]); !reflect.DeepEqual(got, []string{c.field}) {
			t.Errorf("%s was changed, %q differ", c.field, got)
		}
	}
}

// rfc6455 returns the numbers of RFC 6455, for the caller to change.
func rfc6455(t *testing.T) *lower.Protocol {
	t.Helper()
	set, err := spec.Load(specs)
	if err != nil {
		t.Fatal(err)
	}
	in, err := gen.Compile(set, "")
	if err != nil {
		t.Fatal(err)
	}
	last := in.Versions[len(in.Versions)-1].Lowered
	if last.Name != "rfc6455" {
		t.Fatalf("the last version is %s", last.Name)
	}
	return last
}

func TestLoadedProtocolRuns(t *testing.T) {
	loaded, err := protocolload.Load(specs)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := answerToPing(t, loaded), "\x8a\x02hi"; got != want {
		t.Errorf("the ping was answered with %q, want %q", got, want)
	}
}

// TestChangedSpecChangesTheDriver goes from one changed word in a spec file to
// another behaviour.
func TestChangedSpecChangesTheDriver(t *testing.T) {
	text, err := fs.ReadFile(specs, "opening.yaml")
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), "{to: open, do: answer-ping", "{to: open, do: report-ping", 1)
	memory := fstest.MapFS{"opening.yaml": {Data: []byte(changed)}}
	for _, name := range []string{"vocabulary.yaml", "framing-mask-bit.yaml", "rfc6455.yaml"} {
		text, err := fs.ReadFile(specs, name)
		if err != nil {
			t.Fatal(err)
		}
		memory[name] = &fstest.MapFile{Data: text}
	}
	set, err := spec.Load(memory)
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := protocolload.FromSet(set)
	if err != nil {
		t.Fatal(err)
	}
	if got := answerToPing(t, loaded); got != "" {
		t.Errorf("the ping was answered with %q", got)
	}
}

// TestChangedRule changes a rule of a set in memory.
func TestChangedRule(t *testing.T) {
	set, err := spec.Load(specs)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range set.Versions {
		if m := v.Machine("connection"); m != nil {
			for _, r := range m.State("open").When {
				if r.Event == "ping-received" {
					r.Do = "report-ping"
				}
			}
		}
	}
	loaded, err := protocolload.FromSet(set)
	if err != nil {
		t.Fatal(err)
	}
	if got := answerToPing(t, loaded); got != "" {
		t.Errorf("the ping was answered with %q", got)
	}
}

// answerToPing runs a server and returns what it sends after a ping.
func answerToPing(t *testing.T, protocols []*wsfsm.Protocol) string {
	t.Helper()
	endpoint, err := wsfsm.NewEndpoint(wsfsm.Options{Protocols: protocols[len(protocols)-1:], AutoStart: true})
	if err != nil {
		t.Fatal(err)
	}
	d := endpoint.Server()
	request := "GET / HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
	reply := exchange(t, d, request)
	if !strings.HasPrefix(reply, "HTTP/1.1 101 ") {
		t.Fatalf("the reply is %q", reply)
	}
	return exchange(t, d, "\x89\x82\x00\x00\x00\x00hi")
}

// exchange gives octets to a driver and returns what it sends.
func exchange(t *testing.T, d *wsfsm.Driver, octets string) string {
	t.Helper()
	if err := d.Receive([]byte(octets)); err != nil {
		t.Fatal(err)
	}
	for ev := range d.Events() {
		if ev.Kind == wsfsm.EventError {
			t.Fatal(d.Err())
		}
	}
	var out strings.Builder
	for p := d.Output(); len(p) > 0; p = d.Output() {
		out.Write(p)
		d.Sent(len(p))
	}
	return out.String()
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		want   string
		change func(p *lower.Protocol)
	}{
		{"rfc6455: other machine: no such machine", func(p *lower.Protocol) { p.Machines[0].Name = "other" }},
		{"rfc6455: frame machine: a table of 31 states where the compiled one has 32",
			func(p *lower.Protocol) { p.Machines[3].Rows = p.Machines[3].Rows[1:] }},
		{"rfc6455: frame machine: a row of 32 events where the compiled one has 64",
			func(p *lower.Protocol) { p.Machines[3].Rows[2] = make([]lower.Cell, 32) }},
		{"rfc6455: frame machine: initial states of 1 roles where there are 2",
			func(p *lower.Protocol) { p.Machines[3].Initial = p.Machines[3].Initial[:1] }},
		{"rfc6455: frame machine: a read of 3 roles where there are 2",
			func(p *lower.Protocol) { p.Machines[3].Reads[1].Args = make([]uint8, 3) }},
		{"rfc6455: frame machine: class head of 0 roles where there are 2",
			func(p *lower.Protocol) { p.Machines[3].Classes[0].Tables = nil }},
	} {
		l := rfc6455(t)
		c.change(l)
		if _, err := protocolload.FromLowered(l); err == nil || err.Error() != c.want {
			t.Errorf("error %v, want %s", err, c.want)
		}
	}
	if _, err := protocolload.Load(fstest.MapFS{}); err == nil {
		t.Error("an empty directory loads")
	}
}

// TestMachineLeftOut: a version need not have every machine.
func TestMachineLeftOut(t *testing.T) {
	l := rfc6455(t)
	l.Machines = l.Machines[:4]
	p, err := protocolload.FromLowered(l)
	if err != nil {
		t.Fatal(err)
	}
	if p.Message.Table != nil || p.Frame.Table == nil || p.Frame.Initial != [states.RoleCount]states.FrameState{states.FrameHead, states.FrameHead} {
		t.Error("frame and message are not as they should be")
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := protocolload.Load(specs); err != nil {
			b.Fatal(err)
		}
	}
}
