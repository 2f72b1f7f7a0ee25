package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
)

func TestShow(t *testing.T) {
	byName := command(t, "", "show", "rfc6455")
	byNumber := command(t, "", "show", "13")
	if byName.status != exitOK || byName.out != byNumber.out || byName.err != "" {
		t.Errorf("status %d, remarks %s; by number: %d", byName.status, byName.err, byNumber.status)
	}
	for _, want := range []string{"RFC 6455 (rfc6455)\n", "\nFRAME: ", "\nMESSAGE: ", "\nFAILURES\n", "Sec-WebSocket-Version: 13"} {
		if !strings.Contains(byName.out, want) {
			t.Errorf("no %q is shown", want)
		}
	}
	frame := command(t, "", "show", "rfc6455", "frame")
	const row = "\n    fits             -> payload              begin\n"
	if !strings.Contains(frame.out, row) || strings.Contains(frame.out, "MESSAGE") || strings.Contains(frame.out, "fail-obs-fold") {
		t.Errorf("the frame machine is shown as\n%s", frame.out)
	}
	got := command(t, "", "show")
	for _, p := range wsfsm.Protocols() {
		if line := p.Name + "\t" + p.Title + "\n"; !strings.Contains(got.out, line) {
			t.Errorf("no %q among the versions %q", line, got.out)
		}
	}
	if strings.Count(got.out, "\n") != len(wsfsm.Protocols()) {
		t.Errorf("versions %q", got.out)
	}
}

// TestShowMatrix looks for what the tables of some versions say.
func TestShowMatrix(t *testing.T) {
	rows := make(map[string]string)
	for line := range strings.Lines(command(t, "", "show", "--matrix").out) {
		name, _, _ := strings.Cut(line, " ")
		rows[name] = line
	}
	for version, wants := range map[string][]string{
		"hixie-75": {"WebSocket-Protocol (one)", "up to FF", "U+FFFD"},
		"hybi-03":  {"Sec-WebSocket-Draft: 2, 1, 3", "16 octets", "04    05      00     01     02    03"},
		"hybi-04":  {"Sec-WebSocket-Accept, Sec-WebSocket-Nonce", "frame, SHA-1"},
		"hybi-12":  {"Sec-WebSocket-Version: 8", "1000-1004 1007 3000-4999", "1004"},
		"rfc6455":  {"shortest form", "payload", "fails", "1000-1003 1007-1014 3000-4999", "close frame"},
	} {
		for _, want := range wants {
			if !strings.Contains(rows[version], want) {
				t.Errorf("no %q in %q", want, rows[version])
			}
		}
	}
	var row map[string]string
	first, _, _ := strings.Cut(command(t, "", "show", "--matrix", "--json").out, "\n")
	if err := json.Unmarshal([]byte(first), &row); err != nil || row["Version"] != "hixie-75" || row["Text"] != "00" {
		t.Errorf("%s: %v", first, err)
	}
}

// TestShowJSON compares with the tables that are generated.
func TestShowJSON(t *testing.T) {
	read := func(text []byte) map[string]any {
		t.Helper()
		var document map[string]any
		if err := json.Unmarshal(text, &document); err != nil {
			t.Fatal(err)
		}
		delete(document, "$schema")
		return document
	}
	file, err := os.ReadFile("../../states/tables/rfc6455.json")
	if err != nil {
		t.Fatal(err)
	}
	want := read(file)
	got := read([]byte(command(t, "", "show", "rfc6455", "--json").out))
	same(t, "rfc6455", got, want)
	got = read([]byte(command(t, "", "show", "rfc6455", "message", "--json").out))
	want["machines"] = map[string]any{"message": want["machines"].(map[string]any)["message"]}
	same(t, "rfc6455 message", got, want)
	if got := command(t, "", "show", "--json"); !strings.HasSuffix(got.out, "\n"+`{"version":"rfc6455","title":"RFC 6455","machines":["connection","http","handshake","frame","message"]}`+"\n") {
		t.Errorf("versions %s", got.out)
	}
}

func same(t *testing.T, name string, got, want map[string]any) {
	t.Helper()
	a, _ := json.Marshal(got)
	b, _ := json.Marshal(want)
	if !bytes.Equal(a, b) {
		t.Errorf("%s: the tables are not those of states/tables", name)
	}
}

func TestDiagram(t *testing.T) {
	for format, file := range map[string]string{"mermaid": "mmd", "dot": "dot"} {
		want, err := os.ReadFile("../../docs/versions/rfc6455/frame-server." + file)
		if err != nil {
			t.Fatal(err)
		}
		got := command(t, "", "diagram", "13", "frame", "--picture", "frame-server", "--format", format)
		if got.status != exitOK || got.out != string(want) {
			t.Errorf("%s: status %d, %s\n%s", format, got.status, got.err, got.out)
		}
	}
	// The one picture of a machine needs no name, and Mermaid no flag.
	if got := command(t, "", "diagram", "rfc6455", "message"); !strings.Contains(got.out, "stateDiagram-v2") {
		t.Errorf("status %d, %s%s", got.status, got.err, got.out)
	}
}

func TestDiagramSVG(t *testing.T) {
	path := filepath.Join(t.TempDir(), "message.svg")
	if got := command(t, "", "diagram", "rfc6455", "message", "-f", "svg", "-o", path); got != (result{}) {
		t.Errorf("%+v", got)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(bytes.NewReader(text)); ; {
		if _, err = d.Token(); err != nil {
			break
		}
	}
	if err != io.EOF || !bytes.Contains(text, []byte(">binary&#45;wait<")) {
		t.Errorf("%v in\n%s", err, text)
	}
	got := command(t, "", "diagram", "rfc6455", "message", "-f", "svg", "-o", filepath.Join(path, "x"))
	if got.status != exitFound {
		t.Errorf("a file that cannot be written: %+v", got)
	}
}
