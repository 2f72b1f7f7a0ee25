package trace_test

import (
	"bytes"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/trace"
)

// EncodeMessage is recorded as what it consists of, and writes what the driver's own does.
func TestEncodeMessageIsRecorded(t *testing.T) {
	p := newPair(t, "rfc6455", 1, trace.Settings{})
	if err := p.client.Start(); err != nil {
		t.Fatal(err)
	}
	for range 4000 { // pieces of any size
		p.pass(p.client, p.server)
		p.pass(p.server, p.client)
	}
	if err := p.server.Lend(wsfsm.Text, nil, func() {}); err != nil {
		t.Fatal(err)
	}
	got, err := p.server.EncodeMessage([]byte("kept"), wsfsm.Binary, []byte("Hello"))
	if want := "kept\x81\x00\x82\x05Hello"; err != nil || string(got) != want {
		t.Fatalf("%q, %v, want %q", got, err, want)
	}
	if got, err := p.server.EncodeMessage([]byte("kept"), wsfsm.Text, []byte("\xFF")); err == nil || string(got) != "kept" {
		t.Errorf("%q, %v", got, err)
	}
	replay(t, "server", p.log[1].Bytes(), trace.PlayerOptions{})
	if !bytes.Contains(p.log[1].Bytes(), []byte(`"Binary"`)) {
		t.Error("the call is not in the trace")
	}
}
