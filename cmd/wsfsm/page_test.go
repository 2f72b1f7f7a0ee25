package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm/internal/peer"
)

// shown is what the page showed of one run of testdata/page.cjs.
type shown struct {
	Look, State, Problem, CloseProblem                string
	Status, Overflow                                  int
	Log, Frames, Steps, Complaints, Small, Unlabelled []string
}

// TestPageInChromium connects, sends, looks at frames and closes with the page,
// light and dark, wide and narrow. With WSFSM_SCREENSHOTS set to a directory it
// leaves pictures there. In short runs one look must do.
func TestPageInChromium(t *testing.T) {
	peer.Require(t, "chromium", "npm:playwright-core")
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal(err)
	}
	server := startServer(t)
	looks := 4
	if testing.Short() {
		looks = 1
	}
	args := []string{"testdata/page.cjs", chromium, "http" + strings.TrimPrefix(server.url, "ws"), strconv.Itoa(looks)}
	if dir := os.Getenv("WSFSM_SCREENSHOTS"); dir != "" {
		args = append(args, dir)
	}
	out, err := peer.Command(t, "node", args...).Output()
	if err != nil {
		var failed *exec.ExitError
		if errors.As(err, &failed) {
			t.Logf("%s", failed.Stderr)
		}
		t.Fatalf("%v\n%s", err, out)
	}
	var all []shown
	if err := json.Unmarshal(out, &all); err != nil || len(all) != looks {
		t.Fatalf("%d looks, %v: %s", len(all), err, out)
	}
	for _, s := range all {
		t.Run(s.Look, func(t *testing.T) { checkPage(t, s) })
	}
	if got := server.stop(); got.err != "" {
		t.Errorf("remarks %s", got.err)
	}
}

func checkPage(t *testing.T, s shown) {
	if s.Status != 200 || s.State != "Closed with 3999" {
		t.Errorf("status %d, state %q", s.Status, s.State)
	}
	if !strings.Contains(s.Problem, "the last one has one") || !strings.Contains(s.CloseProblem, "3000 to 4999") {
		t.Errorf("problems %q, %q", s.Problem, s.CloseProblem)
	}
	if len(s.Complaints)+len(s.Small)+len(s.Unlabelled)+s.Overflow != 0 {
		t.Errorf("complaints %q, too small %q, without label %q, %d pixels too wide", s.Complaints, s.Small, s.Unlabelled, s.Overflow)
	}
	long := strings.TrimSpace(strings.Repeat("2a ", 256)) + " …"
	wantLog := []string{
		"open /",
		"→ text 15 octets Grüße, 世界", "← text 15 octets Grüße, 世界",
		"→ binary 3 octets 00 ff 10", "← binary 3 octets 00 ff 10",
		"→ binary 300 octets " + long, "← binary 300 octets " + long,
		"→ close code 3999 enough", "closed code 3999, clean enough",
	}
	var log []string
	for _, entry := range s.Log {
		_, entry, _ = strings.Cut(strings.ReplaceAll(entry, "\n", " "), " ") // without the time
		log = append(log, entry)
	}
	if !slices.Equal(log, wantLog) {
		t.Errorf("log %q", log)
	}
	var wantFrames []string
	for _, f := range []struct {
		name   string
		length int
	}{{"text", 15}, {"binary", 3}, {"binary", 300}, {"close", 8}} {
		wantFrames = append(wantFrames,
			fmt.Sprintf("client → server %s FIN, masked %d octets", f.name, f.length),
			fmt.Sprintf("server → client %s FIN %d octets", f.name, f.length))
	}
	var frames []string
	for _, f := range s.Frames {
		frames = append(frames, strings.Join(strings.Fields(f), " "))
	}
	if !slices.Equal(frames, wantFrames) {
		t.Errorf("frames %q", frames)
	}
	wantSteps := []string{
		"frame head —data→ length", "frame length —masked-7→ masked-size", "frame masked-size —fits→ key / begin",
		"message idle —text-whole→ text-last / begin-text", "frame key —done→ masked-payload",
		"frame masked-payload —part→ masked-payload / pass", "message text-last —part→ text-last / deliver",
		"frame masked-payload —done→ head / end", "message text-last —end→ idle / deliver-end",
		"connection open —send-data→ open / send",
	}
	if !slices.Equal(s.Steps, wantSteps) {
		t.Errorf("steps of the first frame %q", s.Steps)
	}
}
