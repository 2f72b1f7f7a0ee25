package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/trace"
	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/extension/deflate"
)

// sizeOnWire is the size of a masked text frame with a compressed message, by
// the compressor alone.
func sizeOnWire(t *testing.T, text string) int {
	t.Helper()
	x, err := deflate.New(deflate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	agreed := extension.Answer([]extension.Extension{x}, []extension.Element{{Name: deflate.Name}})
	payload, _, coded := agreed[0].Session.Encoder.Encode(nil, []byte(text), extension.Whole)
	if !coded || len(payload) < 126 {
		t.Fatalf("compressed %t, %d octets", coded, len(payload))
	}
	return len(wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Masked: true}, payload))
}

// messages returns what a trace says of messages.
func messages(output string, isJSON bool) string {
	var found []string
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		var m trace.Message
		switch {
		case !isJSON && strings.HasSuffix(line, " on the wire"):
			found = append(found, line)
		case isJSON && json.Unmarshal([]byte(line), &m) == nil && m.Type == "message":
			found = append(found, fmt.Sprint(m.Connection, " ", m))
		}
	}
	return strings.Join(found, "\n")
}

// TestSizes: both commands tell the sizes of compressed messages, of no others,
// and only if asked for.
func TestSizes(t *testing.T) {
	var lines strings.Builder
	for i := range 300 {
		fmt.Fprintf(&lines, "%d squared is %d; ", i, i*i)
	}
	long := lines.String()
	input := "short\n" + long + "\n"
	masked := sizeOnWire(t, long)
	in := fmt.Sprintf("text in, %d octets, %d on the wire", len(long), masked-4)
	out := fmt.Sprintf("text out, %d octets, %d on the wire", len(long), masked)
	server := startServer(t, "--deflate", "--trace")
	args := []string{"dial", server.url, "--deflate"}
	got := command(t, input, append(args, "--trace")...)
	if sizes := messages(got.err, false); got.status != exitOK || sizes != out+"\n"+in {
		t.Errorf("dial says %q", sizes)
	}
	got = command(t, input, append(args, "--trace", "--json")...)
	if sizes := messages(got.err, true); got.status != exitOK || sizes != "0 "+out+"\n0 "+in {
		t.Errorf("dial --json says %q", sizes)
	}
	if got := command(t, input, args...); messages(got.err, false) != "" {
		t.Errorf("dial without --trace says %q", got.err)
	}
	if got := command(t, input, "dial", server.url, "--trace"); messages(got.err, false) != "" {
		t.Errorf("dial without compression says %q", got.err)
	}
	var want []string
	for connection := 1; connection <= 3; connection++ {
		want = append(want, fmt.Sprintf("%d text in, %d octets, %d on the wire", connection, len(long), masked),
			fmt.Sprintf("%d text out, %d octets, %d on the wire", connection, len(long), masked-4))
	}
	if sizes := messages(server.stop().out, true); sizes != strings.Join(want, "\n") {
		t.Errorf("serve says\n%s\nwant\n%s", sizes, strings.Join(want, "\n"))
	}
}

// TestSizesOfServer is the form for people.
func TestSizesOfServer(t *testing.T) {
	var out bytes.Buffer
	c := new(cobra.Command)
	c.SetOut(&out)
	r := &reporter{command: c}
	r.message(7, trace.Message{Type: "message", Direction: "in", Message: "text", Octets: 5120, Wire: 310})
	if out.String() != "7 text in, 5120 octets, 310 on the wire\n" {
		t.Errorf("%q", out.String())
	}
}
