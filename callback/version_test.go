package callback_test

import (
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/callback"
)

func TestVersionNames(t *testing.T) {
	for version, want := range map[string]string{
		"hixie-75": "hixie-75", "hixie-76": "hixie-76", "hybi-00": "hixie-76", "hybi-01": "hybi-1", "hybi-02": "hybi-2", "hybi-03": "hybi-3",
		"hybi-04": "hybi-4", "hybi-05": "hybi-5", "hybi-06": "hybi-6", "hybi-07": "hybi-7", "hybi-08": "hybi-8", "hybi-09": "hybi-8",
		"hybi-10": "hybi-8", "hybi-11": "hybi-8", "hybi-12": "hybi-8", "hybi-13": "hybi-13", "hybi-14": "hybi-13", "hybi-15": "hybi-13",
		"hybi-16": "hybi-13", "hybi-17": "hybi-13", "rfc6455": "hybi-13", "hybi-18": "hybi-18", "hybi-x": "hybi-x", "": "", "mine": "mine",
	} {
		if got := callback.VersionName(version); got != want {
			t.Errorf("%q is called %q, want %q", version, got, want)
		}
	}
}

func TestVersion(t *testing.T) {
	a, _ := openServer(t, nil)
	if a.Version() != "hybi-13" || a.Driver().Version() != "rfc6455" {
		t.Fatalf("got %q and %q", a.Version(), a.Driver().Version())
	}
}

func TestReadyStateNames(t *testing.T) {
	for state, want := range map[callback.ReadyState]string{0: "connecting", 1: "open", 2: "closing", 3: "closed", 4: "unknown", -1: "unknown"} {
		if state.String() != want {
			t.Errorf("%d is %q", int8(state), state)
		}
	}
}

func TestNothingIsAllocatedPerMessage(t *testing.T) {
	a := callback.New(endpoint(t, wsfsm.Options{}).Server(), nil, callback.Listeners{
		OnMessage: func(a *callback.Adapter, m callback.Message) error { return a.Send(m.Kind, m.Data) },
	})
	receive(t, a, []byte(request))
	a.Sent(1 << 20)
	p := frame(0x82, "0123456789abcdef")
	allocs := testing.AllocsPerRun(100, func() {
		must(t, a.Receive(p))
		a.Sent(len(a.Output()))
	})
	if allocs > 0 && !raceEnabled {
		t.Errorf("%v allocations per message", allocs)
	}
}
