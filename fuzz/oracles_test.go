package fuzz

import (
	"bytes"
	"compress/flate"
	"errors"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/extension/deflate"
	"github.com/wsfsm/wsfsm/gen/spec"
	"github.com/wsfsm/wsfsm/states"
)

// found wants an error about something.
func found(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("found %v, not %q", err, want)
	}
}

// TestTunnelsAreJudged hands what a driver may have made of answers of proxies to the
// check of them.
func TestTunnelsAreJudged(t *testing.T) {
	const ok, no = "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 407 No\r\n\r\n"
	for _, c := range []struct {
		stream string
		got    tunnelled
		want   string
	}{
		{ok, tunnelled{at: []int{len(ok)}}, ""},
		{no, tunnelled{status: 407}, ""},
		{"HTTP/1.1 odd", tunnelled{}, ""},
		{ok, tunnelled{}, "proxy 0 opens the tunnel"},
		{ok, tunnelled{at: []int{len(ok) - 1}}, "proxy 0 opens the tunnel"},
		{no, tunnelled{at: []int{len(no)}, status: 407}, "proxy 0 refuses with 407"},
		{no, tunnelled{status: 400}, "proxy 0 refuses with 407"},
		{"x", tunnelled{at: []int{1}}, "tunnel 0 stands at octet 1"},
	} {
		if err := c.got.check(Program{}, []byte(c.stream)); c.want != "" {
			found(t, err, c.want)
		} else if err != nil {
			t.Errorf("%q: %v", c.stream, err)
		}
	}
}

// TestAnswersAreJudged hands answers that suit no offer to the check of them.
func TestAnswersAreJudged(t *testing.T) {
	for _, c := range []struct{ offer, answer, want string }{
		{"permessage-deflate; server_max_window_bits=10; client_max_window_bits", "permessage-deflate; server_max_window_bits=9; client_max_window_bits=11", ""},
		{"permessage-deflate; server_max_window_bits=10", "permessage-deflate", "suits none"},
		{"permessage-deflate; server_max_window_bits=10", "permessage-deflate; server_max_window_bits=11", "suits none"},
		{"permessage-deflate; server_no_context_takeover", "permessage-deflate", "suits none"},
		{"permessage-deflate", "permessage-deflate; client_max_window_bits=11", "suits none"},
		{"permessage-deflate; client_max_window_bits=10", "permessage-deflate; client_max_window_bits=11", "suits none"},
		{"permessage-deflate", "permessage-deflate; server_max_window_bits=7", "suits none"},
		{"other", "permessage-deflate", "suits none"},
		{"other", "other", "by another name"},
	} {
		offers, err := extension.Parse(c.offer)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := extension.Parse(c.answer)
		if err != nil {
			t.Fatal(err)
		}
		if err := answers([]extension.Agreed{{Element: answer[0]}}, offers); c.want != "" {
			found(t, err, c.want)
		} else if err != nil {
			t.Errorf("%q: %v", c.answer, err)
		}
	}
}

// lenient accepts any answer.
type lenient struct{ extension.Extension }

func (lenient) Accept([]extension.Parameter) (*extension.Session, error) {
	return &extension.Session{}, nil
}

func TestAcceptingIsJudged(t *testing.T) {
	x, err := deflate.New(deflate.Options{PeerWindow: 10})
	if err != nil {
		t.Fatal(err)
	}
	for _, answer := range []string{"permessage-deflate; server_max_window_bits=11", "permessage-deflate; server_no_context_takeover=1",
		"permessage-deflate; server_max_window_bits", "permessage-deflate; other", "permessage-deflate; server_max_window_bits=9; server_max_window_bits=9"} {
		list, err := extension.Parse(answer)
		if err != nil {
			t.Fatal(err)
		}
		if err := accepts([]extension.Extension{x}, list); err != nil {
			t.Errorf("%q: %v", answer, err)
		}
		found(t, accepts([]extension.Extension{lenient{x}}, list), "is accepted as an answer")
	}
}

// TestInflated decodes with a window, and tells payloads that stop inside a block.
func TestInflated(t *testing.T) {
	var b bytes.Buffer
	w, err := flate.NewWriterDict(&b, 9, []byte("Hello, Hello"))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = w.Write([]byte("Hello, Hello"))
	_ = w.Flush()
	payload := bytes.TrimSuffix(b.Bytes(), []byte("\x00\x00\xff\xff"))
	if out, err := inflated(payload, []byte("Hello, Hello")); err != nil || string(out) != "Hello, Hello" {
		t.Errorf("%q, %v", out, err)
	}
	if _, err := inflated(payload, nil); err == nil || errors.Is(err, errOver) {
		t.Errorf("without its window: %v", err)
	}
	_, err = inflated([]byte("\x00\x05\x00\xfa\xff"), nil)
	found(t, err, "inside a block")
	if _, err := inflated([]byte("\x03\x00"), nil); !errors.Is(err, errOver) {
		t.Errorf("behind a final block: %v", err)
	}
}

// TestTracesAreJudged changes a line of a trace.
func TestTracesAreJudged(t *testing.T) {
	log := &bytes.Buffer{}
	p := Program{Ops: []Op{{Kind: OpText, Octet: Plain("Hello")}, {Kind: OpClose, N: 1000}}}
	if _, err := play(Config{Role: states.Server, record: recorder(log, states.Server)}, p, way{}); err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(log.String(), `"data":"Hello"`, `"data":"Hallo"`, 1)
	if calls, err := replay(log); err != nil || calls < 5 {
		t.Errorf("%d calls, %v", calls, err)
	}
	_, err := replay(strings.NewReader(changed))
	found(t, err, "differs in Text")
}

func TestDiagnosticsAreJudged(t *testing.T) {
	good := spec.Diagnostic{Kind: "unreachable", Pos: spec.Pos{File: "a.yaml", Line: 1, Column: 1}, Message: "m"}
	for name, change := range map[string]func(*spec.Diagnostic){
		"":           func(*spec.Diagnostic) {},
		"kind":       func(d *spec.Diagnostic) { d.Kind = "" },
		"place":      func(d *spec.Diagnostic) { d.Pos.File = "" },
		"message":    func(d *spec.Diagnostic) { d.Message = "" },
		"more lines": func(d *spec.Diagnostic) { d.Message = "a\nb" },
	} {
		d := good
		change(&d)
		if err := diagnosed(&spec.Diagnostics{List: []spec.Diagnostic{d}}); (err != nil) != (name != "") {
			t.Errorf("%s: %v", name, err)
		}
	}
	found(t, diagnosed(errors.New("odd")), "no diagnostics")
}
