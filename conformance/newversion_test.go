package conformance_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance"
	"github.com/wsfsm/wsfsm/gen"
	"github.com/wsfsm/wsfsm/internal/protocolload"
	"github.com/wsfsm/wsfsm/states"
)

// madeUp is a version that nobody has heard of, loaded beside the shipped ones.
type madeUp struct {
	rule
	number string
	p      *wsfsm.Protocol
	all    []*wsfsm.Protocol // the shipped ones and p
	files  fstest.MapFS
}

// TestMadeUpVersions adds one spec file, of a random name and number, with one
// rule of hybi-17 changed. All else must pick it up from there: the generated
// files, recognition, both ends of a connection, and the cases of hybi-17, which
// must fail where they are about the rule, and only there.
func TestMadeUpVersions(t *testing.T) {
	t.Parallel()
	if len(madeUpRules) != 10 {
		t.Errorf("%d rules", len(madeUpRules))
	}
	for _, r := range madeUpRules {
		t.Run(strings.ReplaceAll(r.name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			m := makeUp(t, r)
			t.Log(m.p.Name, m.number)
			m.checkOthers(t)
			m.checkGenerated(t)
			m.checkRecognition(t)
			m.checkTalk(t)
			m.checkCases(t)
			m.checkProof(t)
		})
	}
}

func makeUp(t *testing.T, r rule) madeUp {
	t.Helper()
	name := make([]byte, 8)
	for i := range name {
		name[i] = byte('a' + rand.IntN(26))
	}
	// As long as that of hybi-17, so that offsets are the same, and in no case.
	m := madeUp{rule: r, number: strconv.Itoa(20 + rand.IntN(70)), files: specs(t)}
	m.files[string(name)+".yaml"] = &fstest.MapFile{Data: []byte(r.text(string(name), m.number))}
	var err error
	if m.all, err = protocolload.Load(m.files); err != nil {
		t.Fatal(err)
	}
	for _, p := range m.all {
		if p.Name == string(name) {
			m.p = p
		}
	}
	if m.p == nil || strconv.Itoa(m.p.WireVersion) != m.number {
		t.Fatalf("%s is not among the protocols loaded, or has another number: %v", name, m.p)
	}
	return m
}

// checkOthers wants all shipped versions as they were.
func (m *madeUp) checkOthers(t *testing.T) {
	if len(m.all) != len(wsfsm.Protocols())+1 {
		t.Errorf("%d protocols", len(m.all))
	}
	for _, p := range m.all {
		if was := wsfsm.ProtocolNamed(p.Name); p != m.p && !reflect.DeepEqual(p, was) {
			t.Errorf("%s has changed", p.Name)
		}
	}
}

// checkGenerated wants tables and a page of the version, and the tables of the
// others as they were.
func (m *madeUp) checkGenerated(t *testing.T) {
	before, err := gen.Generate(states.Files())
	if err != nil {
		t.Fatal(err)
	}
	after, err := gen.Generate(m.files)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"states/tables/" + m.p.Name + ".json", "docs/versions/" + m.p.Name + ".md", "transitions.go"} {
		if !bytes.Contains(after[path], []byte(m.p.Name)) {
			t.Errorf("%s does not have the version", path)
		}
	}
	for path, text := range before {
		if strings.HasPrefix(path, "states/tables/") && !bytes.Equal(text, after[path]) {
			t.Errorf("%s has changed", path)
		}
	}
}

// requestFor is a request for a number on the wire.
func (m *madeUp) requestFor(number string) []byte {
	return []byte(strings.NewReplacer(m.rule.request...).Replace("GET / HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n") + "Sec-WebSocket-Version: " + number + "\r\n\r\n")
}

// checkRecognition sends requests to a server of all versions.
func (m *madeUp) checkRecognition(t *testing.T) {
	newest := slices.Clone(m.all)
	slices.Reverse(newest)
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{Protocols: newest})
	if err != nil {
		t.Fatal(err)
	}
	for number, want := range map[string]string{m.number: m.p.Name, "8": "hybi-12", "7": "hybi-07"} {
		d := ep.Server()
		if err := d.Receive(m.requestFor(number)); err != nil {
			t.Fatal(err)
		}
		d.Next()
		if d.Version() != want || fmt.Sprint(d.WireVersion()) != number {
			t.Errorf("a request for %s is taken for %s, %d", number, d.Version(), d.WireVersion())
		}
	}
	d := ep.Server()
	if err := d.Receive(m.requestFor("9")); err != nil {
		t.Fatal(err)
	}
	d.Next()
	if answer := string(bytes.Join(d.AppendOutput(nil), nil)); !strings.HasPrefix(answer, "HTTP/1.1 426 ") || !strings.Contains(answer, m.number) {
		t.Errorf("the refusal does not list %s: %q", m.number, answer)
	}
}

// checkTalk has a client of the version talk to a server of all versions.
func (m *madeUp) checkTalk(t *testing.T) {
	endpoints := [2]*wsfsm.Endpoint{}
	for i, list := range [][]*wsfsm.Protocol{{m.p}, m.all} {
		ep, err := wsfsm.NewEndpoint(wsfsm.Options{Protocols: list, AutoStart: true})
		if err != nil {
			t.Fatal(err)
		}
		endpoints[i] = ep
	}
	client, err := endpoints[0].Client("ws://example.com/")
	if err != nil {
		t.Fatal(err)
	}
	server := endpoints[1].Server()
	var log []string
	move := func(from, to *wsfsm.Driver) {
		_ = to.Receive(bytes.Join(from.AppendOutput(nil), nil))
		from.Sent(from.Unsent())
		for e := range to.Events() {
			log = append(log, fmt.Sprintf("%v %q", e.Kind, e.Data))
		}
	}
	_ = client.Start()
	move(client, server)
	move(server, client)
	_ = client.Text([]byte("é"))
	_, _ = client.Ping([]byte("p"))
	_ = client.Close(wsfsm.CloseNormal, "bye")
	move(client, server)
	move(server, client)
	client.ReceiveEOF(nil)
	for e := range client.Events() {
		log = append(log, fmt.Sprintf("%v %d %q clean %v", e.Kind, e.Code(), e.Data, e.Clean()))
	}
	want := `open ""; open ""; message "é"; ping "p"; pong "p"; closed 1000 "bye" clean true`
	if got := strings.Join(log, "; "); got != want || server.Version() != m.p.Name {
		t.Errorf("%s: %s, want %s", server.Version(), got, want)
	}
}

// checkCases runs the cases of hybi-17, rewritten.
func (m *madeUp) checkCases(t *testing.T) {
	held, failed := 0, 0
	for _, c := range casesOf(t, "hybi-17") {
		err := conformance.Run(m.rewrite(c), conformance.Config{Protocol: m.p})
		about := m.differ != nil && m.differ(c)
		switch {
		case err != nil && !about:
			t.Error(err)
		case err == nil && about:
			t.Errorf("%s holds, although it is about the rule", c.ID)
		case err == nil:
			held++
		default:
			failed++
		}
	}
	if held < 200 || (failed == 0) != (m.differ == nil) {
		t.Errorf("%d cases hold, %d do not", held, failed)
	}
}

// casesOf returns the cases of a version that speaks alone.
func casesOf(t *testing.T, version string) []*conformance.Case {
	t.Helper()
	all, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(c *conformance.Case) bool {
		return c.Version != version || slices.ContainsFunc(c.Options, func(o conformance.Option) bool { return o.Name == "versions" })
	})
}

// texts returns what is replaced in the text of a step: in a request, if the
// server is given it or the client sends it, or in a response.
func (m *madeUp) texts(role states.Role, kind conformance.StepKind) *strings.Replacer {
	if (role == states.Server) == (kind == conformance.Input) {
		return strings.NewReplacer(append([]string{"Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: " + m.number}, m.rule.request...)...)
	}
	return strings.NewReplacer(m.response...)
}

// rewrite makes a case of the version of one of hybi-17.
func (m *madeUp) rewrite(c *conformance.Case) *conformance.Case {
	again := *c
	again.Version = m.p.Name
	again.Steps = slices.Clone(c.Steps)
	for i := range again.Steps {
		m.rewriteStep(c.Role, &again.Steps[i])
	}
	if c.Opening != nil {
		again.Opening = m.rewrite(c.Opening)
	}
	return &again
}

func (m *madeUp) rewriteStep(role states.Role, s *conformance.Step) {
	texts := m.texts(role, s.Kind)
	s.Octets, s.Fields, s.Args = slices.Clone(s.Octets), slices.Clone(s.Fields), slices.Clone(s.Args)
	for i := range s.Octets {
		item := &s.Octets[i]
		item.Data = []byte(texts.Replace(string(item.Data)))
		if i == 0 && !item.Text && len(item.Data) > 0 && (s.Kind == conformance.Input || s.Kind == conformance.Output) {
			if other, ok := m.octets[item.Data[0]]; ok {
				item.Data[0] = other
			}
		}
	}
	for i, f := range s.Fields {
		if f.Name == "Sec-WebSocket-Version" {
			s.Fields[i].Value = m.number
		}
	}
	for i, a := range s.Args {
		switch {
		case a == "hybi-17":
			s.Args[i] = m.p.Name
		case s.Verb == "wire-version":
			s.Args[i] = m.number
		}
	}
}

// checkProof runs the cases that say what the rule is.
func (m *madeUp) checkProof(t *testing.T) {
	for i, steps := range m.proof {
		if steps == "" {
			continue
		}
		head := "case: 1\ntitle: " + m.name + "\nrole: " + []string{"server", "client\nrand: 37fa213d"}[i] + "\nversion: hybi-17\nsection: none\n\n"
		c, err := conformance.Parse("made-up.case", []byte(head+steps+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		if conformance.Run(c, conformance.Config{}) == nil {
			t.Errorf("in hybi-17 it holds, too:\n%s", steps)
		}
		again := *m
		again.octets = nil
		if err := conformance.RunCuts(again.rewrite(c), conformance.Config{Protocol: m.p}); err != nil {
			t.Error(err)
		}
	}
}
