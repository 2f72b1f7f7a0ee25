package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
)

var update = flag.Bool("update", false, "rewrite the files under testdata that tests compare with")

// result is what a command line came to.
type result struct {
	status   int
	out, err string
}

// command runs a command line in this process.
func command(t *testing.T, input string, args ...string) result {
	t.Helper()
	return commandWith(t.Context(), input, args...)
}

func commandWith(ctx context.Context, input string, args ...string) result {
	var out, problems bytes.Buffer
	status := run(ctx, args, streams{strings.NewReader(input), &out, &problems})
	return result{status, out.String(), problems.String()}
}

// TestHelp compares all help texts.
func TestHelp(t *testing.T) {
	for _, name := range []string{"wsfsm", "serve", "dial", "show", "diagram", "gen", "trace", "trace serve", "trace dial", "trace read", "replay"} {
		args := append(strings.Fields(name), "--help")
		if name == "wsfsm" {
			args = args[1:]
		}
		got := command(t, "", args...)
		if got.status != exitOK || got.err != "" {
			t.Errorf("%q: status %d, %s", args, got.status, got.err)
		}
		golden(t, filepath.Join("testdata", "help", strings.ReplaceAll(name, " ", "-")+".txt"), got.out)
	}
}

// golden compares a text with a file, or with -update writes the file.
func golden(t *testing.T, path, text string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if text != string(want) {
		t.Errorf("%s differs (go test ./cmd/wsfsm -update writes it):\n%s", path, text)
	}
}

// TestWrongUse holds that mistakes in the command line have status 2 and a
// remark that says what is wrong.
func TestWrongUse(t *testing.T) {
	for line, want := range map[string]string{
		"":                            "a command is missing",
		"server":                      `unknown command "server"`,
		"--nonsense":                  "unknown flag: --nonsense",
		"serve x":                     `unknown command "x"`,
		"serve --nonsense":            "unknown flag: --nonsense",
		"serve --addr 127.0.0.1":      "missing port in address",
		"serve --tls-cert x":          "--tls-cert and --tls-key go together",
		"serve --max-message 0":       "--max-message is 0",
		"serve --max-message -2":      "MaxMessage is -2",
		"serve --max-message x":       "invalid argument",
		"serve --versions 99":         `unknown version "99"`,
		"serve --subprotocol a/b":     `"a/b" is no token`,
		"serve --origin http://x/y":   "is no origin",
		"dial":                        "accepts 1 arg(s), received 0",
		"dial http://127.0.0.1/":      "neither ws nor wss",
		"dial ws://u:secret@h/#x":     "no fragment",
		"dial ws://h --header x":      "no colon",
		"dial ws://h --header Host:x": "belongs to the handshake",
		"dial ws://h --ping=0s":       "no interval",
		"dial ws://h --ping=often":    "no interval",
		"dial ws://h --timeout 0s":    "--timeout is 0s",
		"dial ws://h --close-code 0 --close-reason x":            "needs a --close-code",
		"dial ws://h --close-code 70000":                         "invalid argument",
		"dial ws://h --close-code 1005":                          "close code may not be sent",
		"dial ws://h --close-reason " + strings.Repeat("x", 124): "control payload too long",
		"dial ws://h --max-message 0":                            "--max-message is 0",
		"show 14":                                                `unknown version "14"; there is hixie-75, hixie-76, `,
		"show rfc6455 --matrix":                                  "--matrix shows all versions",
		"dial ws://h --version 14":                               `unknown version "14"`,
		"dial ws://h --version hixie-76 --close-code 1001":       "the version has no such thing",
		"serve --versions rfc6455,hybi-99":                       `unknown version "hybi-99"`,
		"show rfc6455 engine":                                    "it has connection, http, handshake, frame, message",
		"show a b c":                                             "accepts at most 2 arg(s)",
		"diagram rfc6455":                                        "accepts 2 arg(s), received 1",
		"diagram rfc6455 frame":                                  "choose one with --picture: frame-server, frame-client",
		"diagram rfc6455 frame --picture x":                      `unknown picture "x"; there is frame-server, frame-client`,
		"diagram rfc6455 message --format png":                   "there is mermaid, dot, svg",
		"gen --out x":                                            "--out needs --package",
		"gen testdata --package 1x":                              `"1x" is no name for a Go package`,
	} {
		got := command(t, "", strings.Fields(line)...)
		if got.status != exitUsage || !strings.Contains(got.err, want) || !strings.Contains(got.err, "--help") || got.out != "" {
			t.Errorf("wsfsm %s: status %d, out %q, remarks %q, want %q", line, got.status, got.out, got.err, want)
		}
		if strings.Contains(got.err, "secret") {
			t.Errorf("wsfsm %s: the password is repeated: %s", line, got.err)
		}
	}
}

// versions are the names of all versions.
func versions() (names []string) {
	for _, p := range wsfsm.Protocols() {
		names = append(names, p.Name)
	}
	return names
}

// TestCompletion holds what the shell is offered.
func TestCompletion(t *testing.T) {
	for line, want := range map[string]string{
		"show ":                            strings.Join(versions(), " "),
		"show rfc6455 ":                    "connection handshake http frame message",
		"diagram 13 ":                      "frame",
		"diagram rfc6455 frame --format ":  "mermaid dot svg",
		"diagram rfc6455 frame --picture ": "frame-server frame-client",
	} {
		args := append([]string{"__complete"}, strings.Split(line, " ")...)
		got := command(t, "", args...)
		for _, word := range strings.Fields(want) {
			if !strings.Contains("\n"+got.out, "\n"+word+"\n") {
				t.Errorf("%q does not complete to %s: %s", line, word, got.out)
			}
		}
	}
	if got := command(t, "", "completion", "bash"); got.status != exitOK || !strings.Contains(got.out, "__start_wsfsm") {
		t.Errorf("completion for bash: status %d, %.100s", got.status, got.out)
	}
}
