package conformance

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
)

// parsed makes a case from header lines beside the usual ones and steps.
func parsed(t *testing.T, header string, steps ...string) *Case {
	t.Helper()
	c, err := Parse("self/test.case", []byte(head+header+"\n"+strings.Join(steps, "\n")+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// wrong are cases that must fail: what they plant, and the problem reported.
var wrong = []struct {
	plant, problem string
	header         string
	steps          []string
}{
	{"an event that does not come", "the event does not come", "", []string{`event text "x"`}},
	{"an event too many", "an event that the case does not mention comes before this step", "", []string{`> 8100`, `> 8180 00000000`, `event error mask-missing 1002 at 1 in frame length`, `< 880203ea`, `do eof`}},
	{"an event not mentioned before input", "an event that the case does not mention", "", []string{`> 8981 00000000 "x"`, `state open`, `> 8981 00000000 "y"`, `event ping "x"`}},
	{"an event not mentioned before a command", "an event that the case does not mention", "", []string{`> 8981 00000000 "x"`, `do text "y"`, `event ping "x"`}},
	{"another kind of message", "the event differs", "", []string{`> 8181 00000000 "x"`, `event binary "x"`}},
	{"another event", "the event differs", "", []string{`> 8181 00000000 "x"`, `event ping "x"`}},
	{"another payload", "the octets of the event differ", "", []string{`> 8181 00000000 "x"`, `event text "y"`}},
	{"an empty payload", "the octets of the event differ", "", []string{`> 8181 00000000 "x"`, `event text`}},
	{"a message in pieces", "event", "", []string{`> 8181 00000000 "x"`, `event piece text first "x"`}},
	{"another order of events", "the event differs", "", []string{`> 8980 00000000 8a80 00000000`, `event pong unsolicited`, `event ping`}},
	{"a pong that answers", "the event differs", "", []string{`> 8a80 00000000`, `event pong 1`}},
	{"another violation", "the event differs", "", []string{`> 8300`, `event error reserved-bits 1002 at 0 in frame head`, `< 880203ea`}},
	{"another code of a violation", "the event differs", "", []string{`> 8300`, `event error reserved-opcode 1003 at 0 in frame head`, `< 880203ea`}},
	{"another place of a violation", "the event differs", "", []string{`> 8300`, `event error reserved-opcode 1002 at 1 in frame head`, `< 880203ea`}},
	{"another state of a violation", "the event differs", "", []string{`> 8300`, `event error reserved-opcode 1002 at 0 in frame length`, `< 880203ea`}},
	{"another close code", "the event differs", "", []string{`do eof`, `event closed 1005 unclean because end-of-stream`}},
	{"a clean end", "the event differs", "", []string{`do eof`, `event closed 1006 clean`}},
	{"another cause", "the event differs", "", []string{`do eof`, `event closed 1006 unclean because timeout`}},
	{"no cause", "the event differs", "", []string{`do eof`, `event closed 1006 unclean`}},
	{"another reason", "the octets of the event differ", "", []string{`> 8882 00000000 03e8`, `< 880203e8`, `do eof`, `event closed 1000 clean "x"`}},
	{"other octets out", "the octets out differ", "", []string{`do text "x"`, `< 8101 "y"`}},
	{"too many octets out", "the octets out differ", "", []string{`do text "x"`, `< 8101 "x" 00`}},
	{"octets out that do not come", "the octets out differ", "", []string{`< 8101 "y"`}},
	{"octets out left at the end", "octets out that the case does not mention", "", []string{`do text "x"`, `< 8101`}},
	{"octets out left, though stated, at the end", "octets out that the case does not mention", "", []string{`do text "x"`, `unsent 3`}},
	{"octets out not mentioned before input", "octets out that the case does not mention", "", []string{`do text "x"`, `> 8180 00000000`, `event text`, `< 8101 "x"`}},
	{"other octets out stated before input", "the getter answers something else", "", []string{`do text "x"`, `unsent 2`}},
	{"an error of a command", "the command's error differs", "", []string{`do text "x" -> invalid-text`}},
	{"no error of a command", "the command's error differs", "", []string{`do text ff`, `state open`}},
	{"another error of a command", "the command's error differs", "", []string{`do append "x" -> output-full`}},
	{"another machine that refuses", "the command's error differs", "", []string{`do append "x" -> refused connection open`}},
	{"another state that refuses", "the command's error differs", "", []string{`do append "x" -> refused message text-wait`}},
	{"another state", "the getter answers something else", "", []string{`state closed`}},
	{"something to wait for", "the getter answers something else", "", []string{`waits peer`}},
	{"nothing to wait for", "the getter answers something else", "handshake: in case\n", []string{`waits nothing`}},
	{"another subprotocol", "the getter answers something else", "", []string{`subprotocol "x"`}},
	{"other pending octets", "the getter answers something else", "", []string{`pending 1`}},
	{"another offset", "the getter answers something else", "", []string{`offset 1`}},
	{"blocked output", "the getter answers something else", "", []string{`blocked yes`}},
	{"another version", "the getter answers something else", "", []string{`version hybi-10`}},
	{"another number of the version", "the getter answers something else", "", []string{`wire-version 8`}},
	{"another method", "the getter answers something else", "", []string{`method "PUT"`}},
	{"another target", "the getter answers something else", "", []string{`target "/x"`}},
	{"another protocol", "the getter answers something else", "", []string{`protocol "HTTP/1.0"`}},
	{"other offers", "the getter answers something else", "", []string{`offers "x"`}},
	{"a request for something else", "the getter answers something else", "", []string{`websocket no`}},
	{"another field", "the getter answers something else", "", []string{`field Host "x"`}},
	{"a field that is not there", "the getter answers something else", "", []string{`field X`}},
	{"a request that was not read", "the getter answers something else", "handshake: in case\n", []string{`method`}},
	{"a getter of the other role", "the getter answers something else", "", []string{`status 101`}},
	{"another status out", "the status differs", "handshake: in case\n", []string{`> "\r"`, `event error bad-octet 400 at 0 in http method-start`, `< http 431`}},
	{"a field out", "the header fields are", "handshake: in case\n", []string{`> "\r"`, `event error bad-octet 400 at 0 in http method-start`, `< http 400 "Allow: GET"`}},
	{"a body out", "the body of the response differs", "handshake: in case\n", []string{`> "\r"`, `event error bad-octet 400 at 0 in http method-start`, `< http 400 body "x"`}},
	{"an HTTP response", "the octets out are no HTTP response", "", []string{`do text "x"`, `< http 400`}},
	{"a tunnel", "the event does not come", "", []string{`event tunnel`}},
	{"a command that the version has", "the command's error differs", "", []string{`do binary "x" -> unsupported`}},
	{"a limit that is not exceeded", "the event does not come", "", []string{`do limit 1`, `> 8181 00000000 "x"`, `event text "x"`, `event error too-long 1009 at 1 in frame masked-size`}},
	{"unread octets", "the unread octets differ", "handshake: in case\n", []string{`> "GET / HTTP/1.1\r\nHost: a\r\n\r\nab"`, `event request`, `do detach "a"`}},
}

func TestWrongExpectations(t *testing.T) {
	t.Parallel()
	for _, w := range wrong {
		c := parsed(t, w.header, w.steps...)
		for _, cfg := range []Config{{}, {Observer: ignore}, {Cut: CutOctets{}, Trickle: true}, {Pieces: true}} {
			err := Run(c, cfg)
			var m *Mismatch
			if !errors.As(err, &m) || !strings.Contains(m.Problem, w.problem) {
				t.Errorf("%s, %v: got %v, want %s", w.plant, cfg, err, w.problem)
			}
		}
	}
}

// TestWrongPieces plants wrong octets in pieces of a message that has no end,
// which are compared put together.
func TestWrongPieces(t *testing.T) {
	for octet, ok := range map[string]bool{"61": true, "62": false} {
		c := parsed(t, "options: deliver=pieces\n", "> 02fe 1388 00000000 61*5000", "event piece binary first "+octet+"*5000")
		for _, cfg := range []Config{{}, {Cut: CutAt{0, 100}}, {Pieces: true}} {
			if err := Run(c, cfg); (err == nil) != ok {
				t.Errorf("%s, %v: %v", octet, cfg, err)
			}
		}
	}
}

// TestWrongMachine plants what only runs with an observer can see.
func TestWrongMachine(t *testing.T) {
	for step, ok := range map[string]bool{
		"machine frame head":                           true,
		"machine frame length":                         false,
		"machine http done after lf end-head":          true,
		"machine http done after cr end-head":          false,
		"machine http done after lf end-line":          false,
		"machine frame head after done end":            false,
		"machine connection open after accepted flush": true,
	} {
		c := parsed(t, "", step)
		if err := Run(c, Config{Observer: ignore}); (err == nil) != ok {
			t.Errorf("%s: observed: %v", step, err)
		}
		if err := Run(c, Config{}); err != nil {
			t.Errorf("%s: not observed: %v", step, err)
		}
	}
}

func TestMismatchText(t *testing.T) {
	c := parsed(t, "requirement: R6455-5.6-01\n", "", `> 8185 00000000 "Hello"  # as an example`, `event text "Hallo"`)
	got := Run(c, Config{Cut: CutAt{Run: 0, Octet: 3}, Observer: ignore}).Error()
	want := `self/test.case:10: the octets of the event differ
	step:        event text "Hallo"
	expected:    "Hallo"
	actual:      "Hello"
	case:        self/test: t
	requirement: R6455-5.6-01
	run:         input 1 cut after octet 3, observed, without the fused path`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestLongDifference: long octet strings are shown from where they differ.
func TestLongDifference(t *testing.T) {
	c := parsed(t, "", `> 82fe 0100 00000000 61*256`, `event binary 61*200 62*56`)
	err := Run(c, Config{})
	if err == nil || !strings.Contains(err.Error(), "256 octets, from octet 192 on: \"aaaaaaaabbb") {
		t.Error(err)
	}
}

// TestOpeningMismatch: a difference in the standard handshake names its file.
func TestOpeningMismatch(t *testing.T) {
	c := parsed(t, "options: autostart\n", "state open")
	err := Run(c, Config{})
	if err == nil || !strings.HasPrefix(err.Error(), "rfc6455/opening/server.case:") || !strings.Contains(err.Error(), "self/test: t") {
		t.Error(err)
	}
}

func TestNoDriver(t *testing.T) {
	c := parsed(t, "options: subprotocols=a,a\n", "state open")
	if err := Run(c, Config{}); err == nil || !strings.HasPrefix(err.Error(), "self/test.case: ") {
		t.Error(err)
	}
	c = parsed(t, "", "state open")
	c.Version = "hybi-99"
	if err := RunCuts(c, Config{}); err == nil {
		t.Error("a version that does not exist is run")
	}
}

// TestProtocolOfConfig: the protocol given is the one that runs.
func TestProtocolOfConfig(t *testing.T) {
	p := *wsfsm.ProtocolNamed("rfc6455")
	p.TooBig = 1008
	c := parsed(t, "options: max-message=1\n", `> 8182`, `event error too-long 1008 at 1 in frame masked-size`, `< 880203f0`)
	if err := RunCuts(c, Config{Protocol: &p}); err != nil {
		t.Error(err)
	}
	if err := RunCuts(c, Config{}); err == nil {
		t.Error("the compiled protocol has another code")
	}
}

// TestRunCutsCuts: what depends on how input is cut is found by RunCuts only.
func TestRunCutsCuts(t *testing.T) {
	c := parsed(t, "", `> 8185 00000000 "Hel"`, "machine message text-last after part deliver")
	if err := Run(c, Config{Observer: ignore}); err != nil {
		t.Error(err)
	}
	observed := 0
	if err := RunCuts(c, Config{Observer: func(wsfsm.Transition) { observed++ }}); err != nil || observed == 0 {
		t.Error(err, observed)
	}
	c = parsed(t, "", `> 8185 00000000`, "machine frame masked-payload after done none", `> "Hello"`, `event text "Hello"`, "machine frame head after done end", "offset 11")
	if err := RunCuts(c, Config{}); err != nil {
		t.Error(err)
	}
	c.Steps[len(c.Steps)-1].Args[0] = "12"
	if err := RunCuts(c, Config{}); err == nil {
		t.Error("a wrong getter passes")
	}
}

func TestCuts(t *testing.T) {
	c := parsed(t, "", `> 8182`, `> 00000000 "ab"`, `event text "ab"`, `> 8180`, `> 00000000`, `event text`)
	var at []CutAt
	for _, cut := range Cuts(c) {
		if cut, ok := cut.(CutAt); ok {
			at = append(at, cut)
		}
	}
	want := []CutAt{{0, 1}, {0, 2}, {0, 3}, {0, 4}, {0, 5}, {0, 6}, {0, 7}, {1, 1}, {1, 2}, {1, 3}, {1, 4}, {1, 5}}
	if !slices.Equal(at, want) || len(Cuts(c)) != len(want)+2 {
		t.Errorf("cuts %v, want %v", at, want)
	}
	long := parsed(t, "", `> 82ff 0000000000010000 00000000 61*65536`, `event binary 61*65536`)
	if n := len(Cuts(long)); n != 2+2*edge+1+randomCuts-1 && n != 2+2*edge+randomCuts {
		t.Errorf("%d cuts of a long run", n)
	}
}

func TestCutsLoseNothing(t *testing.T) {
	p := bytes.Repeat([]byte("0123456789"), 3000)
	for _, cut := range []Cut{cutWhole{}, CutOctets{}, CutAt{1, 7}, CutAt{0, 7}, CutAt{1, 0}, CutAt{1, len(p)}, CutRandom{1}, CutRandom{2}} {
		parts := cut.Apply(1, p)
		if !bytes.Equal(slices.Concat(parts...), p) {
			t.Errorf("%v loses octets", cut)
		}
		for _, part := range parts {
			if len(part) == 0 {
				t.Errorf("%v makes an empty part", cut)
			}
		}
	}
	random := CutRandom{1}
	if a, b := random.Apply(0, p), random.Apply(0, p); len(a) != len(b) || len(a) < 3 {
		t.Errorf("equal seeds cut in %d and %d", len(a), len(b))
	}
}
