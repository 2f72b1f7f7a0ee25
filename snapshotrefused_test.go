package wsfsm_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/extension/deflate"
)

// sealed replaces the sum at the end of a snapshot by the right one.
func sealed(p []byte) []byte {
	body := p[:len(p)-8]
	sum := sha256.Sum256(body)
	return append(bytes.Clone(body), sum[:8]...)
}

// openedServer returns an open driver of an endpoint, without output.
func openedServer(t testing.TB, ep *wsfsm.Endpoint) *wsfsm.Driver {
	t.Helper()
	d := ep.Server()
	client, err := ep.Client("ws://example.com/chat")
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	d.Receive(bytes.Clone(client.Output()))
	if e, ok := d.Next(); !ok || e.Kind != wsfsm.EventOpen {
		t.Fatalf("%v, %v", e.Kind, d.Err())
	}
	d.Next()
	d.Sent(d.Unsent())
	return d
}

// TestHandedOverDriverRefusesAll calls everything on a driver that has given its
// connection away, in all versions and both roles.
func TestHandedOverDriverRefusesAll(t *testing.T) {
	for _, p := range wsfsm.Protocols() {
		ep := endpoint(t, wsfsm.Options{Versions: []string{p.Name}, AutoStart: true})
		client, err := ep.Client("ws://example.com/")
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range []*wsfsm.Driver{openedServer(t, ep), ep.Server(), client} {
			if _, err := d.Snapshot(); err != nil {
				t.Fatal(err)
			}
			d.ReceiveEOF(errors.New("gone"))
			d.Expire()
			d.Sent(1)
			d.DropOutput()
			d.ForgetHeads()
			d.SetSecure()
			for name, call := range map[string]func() error{
				"Snapshot":          func() error { _, err := d.Snapshot(); return err },
				"Receive":           func() error { return d.Receive([]byte{0x81, 0}) },
				"SetMaxMessage":     func() error { return d.SetMaxMessage(5) },
				"Start":             func() error { return d.Start() },
				"Tunnel":            func() error { return d.Tunnel() },
				"ChooseSubprotocol": func() error { return d.ChooseSubprotocol("chat") },
				"Reject":            func() error { return d.Reject(400, nil, nil) },
				"Detach":            func() error { _, err := d.Detach(); return err },
				"Text":              func() error { return d.Text([]byte("a")) },
				"Binary":            func() error { return d.Binary([]byte("a")) },
				"Begin":             func() error { return d.Begin(wsfsm.Text, nil) },
				"Append":            func() error { return d.Append(nil) },
				"End":               func() error { return d.End(nil) },
				"Ping":              func() error { _, err := d.Ping(nil); return err },
				"Pong":              func() error { return d.Pong(nil) },
				"Close":             func() error { return d.Close(0, "") },
				"Err":               d.Err,
			} {
				if err := call(); !errors.Is(err, wsfsm.ErrHandedOver) {
					t.Errorf("%s, %s: %s returns %v", p.Name, d.Role(), name, err)
				}
			}
			e, ok := d.Next()
			if ok || e.Kind != 0 || d.Unsent() != 0 || d.Output() != nil || d.Pending() != 0 || d.CloseExpected() != 0 || d.Blocked() {
				t.Errorf("%s, %s: still gives %v, %d octets, waits %v", p.Name, d.Role(), e.Kind, d.Unsent(), d.CloseExpected())
			}
		}
	}
}

// TestSnapshotGivesBackWhatWasLent wants the octets lent to travel, their owner to
// be told at once and once, and the slices that were shown to stay.
func TestSnapshotGivesBackWhatWasLent(t *testing.T) {
	d := openedServer(t, endpoint(t, wsfsm.Options{AutoStart: true}))
	d.Text([]byte("one"))
	p, back := []byte("two"), 0
	d.Lend(wsfsm.Text, p, func() { back++; clear(p) })
	shown := d.Output()
	again := moved(t, d)
	if back != 1 || string(shown) != "\x81\x03one\x81\x03" {
		t.Errorf("given back %d times, what was shown is %q", back, shown)
	}
	if got := again.Output(); string(got) != "\x81\x03one\x81\x03two" {
		t.Errorf("the output is %q", got)
	}
	again.Sent(100)
	if back != 1 {
		t.Errorf("given back %d times", back)
	}
}

// TestQueuedLoansTravel is the same for what waits for the connection to open.
func TestQueuedLoansTravel(t *testing.T) {
	ep := endpoint(t, wsfsm.Options{AutoStart: true})
	d := ep.Server()
	p, back := []byte("two"), 0
	if err := d.Lend(wsfsm.Text, p, func() { back++; clear(p) }); err != nil {
		t.Fatal(err)
	}
	again := moved(t, d)
	if got := exchangeHead(t, again); back != 1 || !strings.HasSuffix(got, "\x81\x03two") {
		t.Errorf("given back %d times, the output is %q", back, got)
	}
}

// TestSnapshotIsRefused wants drivers with a state that cannot travel to go on.
func TestSnapshotIsRefused(t *testing.T) {
	compression, err := deflate.New(deflate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d := openedServer(t, endpoint(t, wsfsm.Options{AutoStart: true, Extensions: []extension.Extension{compression}}))
	if len(d.Extensions()) == 0 {
		t.Fatal("nothing agreed on")
	}
	if _, err := d.Snapshot(); !errors.Is(err, wsfsm.ErrNotMovable) || !strings.Contains(err.Error(), "extensions") {
		t.Errorf("with extensions: %v", err)
	}
	if err := d.Text([]byte("a")); err != nil || d.Unsent() == 0 {
		t.Errorf("afterwards Text returns %v", err)
	}

	var inside error
	var watched *wsfsm.Driver
	watched = openedServer(t, endpoint(t, wsfsm.Options{AutoStart: true, Observer: func(wsfsm.Transition) {
		if watched != nil && inside == nil {
			_, inside = watched.Snapshot()
		}
	}}))
	if err := watched.Text([]byte("a")); err != nil || !errors.Is(inside, wsfsm.ErrNotMovable) || watched.Unsent() == 0 {
		t.Errorf("inside of a step: %v; Text returns %v", inside, err)
	}
}

// TestUnusedKeysStayBehind wants the keys of a client that goes on elsewhere to come
// from there.
func TestUnusedKeysStayBehind(t *testing.T) {
	d := openClient(t, wsfsm.Options{Rand: &counting{}})
	d.Text(nil) // the first key of a batch of 16
	d.Sent(d.Unsent())
	p, err := d.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"\x14\x15\x16\x17", "\x18\x19\x1A\x1B"} {
		if bytes.Contains(p, []byte(key)) {
			t.Errorf("the key %x travels", key)
		}
	}
	again, err := endpoint(t, wsfsm.Options{Rand: still{}}).Restore(p)
	if err != nil {
		t.Fatal(err)
	}
	again.Text(nil)
	if got := hex.EncodeToString(again.Output()); got != "81802a2a2a2a" {
		t.Errorf("sent %s", got)
	}
}

// TestRestoreRefuses wants what is damaged, foreign or contradicts itself refused.
func TestRestoreRefuses(t *testing.T) {
	ep := endpoint(t, wsfsm.Options{AutoStart: true})
	snapshot := func() []byte {
		d := openedServer(t, ep)
		d.Receive([]byte{0x01, 0x83, 1, 2, 3, 4, 'a' ^ 1})
		d.Next()
		p, err := d.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		return p
	}()
	if _, err := ep.Restore(snapshot); err != nil {
		t.Fatal(err)
	}
	for n := range snapshot {
		if _, err := ep.Restore(snapshot[:n]); !errors.Is(err, wsfsm.ErrBadSnapshot) && !errors.Is(err, wsfsm.ErrForeignSnapshot) {
			t.Errorf("%d of %d octets: %v", n, len(snapshot), err)
		}
		damaged := bytes.Clone(snapshot)
		damaged[n] ^= 0x10
		if _, err := ep.Restore(damaged); !errors.Is(err, wsfsm.ErrBadSnapshot) && !errors.Is(err, wsfsm.ErrForeignSnapshot) {
			t.Errorf("octet %d changed: %v", n, err)
		}
	}
	newer := bytes.Clone(snapshot)
	newer[len("wsfsm\x00snapshot\x00")] = 2
	tables := bytes.Clone(snapshot)
	tables[len("wsfsm\x00snapshot\x00")+1+1+len("rfc6455")] ^= 1
	for _, c := range []struct {
		name string
		ep   *wsfsm.Endpoint
		p    []byte
		want error
		text string
	}{
		{"nothing", ep, nil, wsfsm.ErrBadSnapshot, "does not begin"},
		{"a newer format", ep, sealed(newer), wsfsm.ErrForeignSnapshot, "format 2"},
		{"other tables", ep, sealed(tables), wsfsm.ErrForeignSnapshot, `other tables of "rfc6455"`},
		{"another version", endpoint(t, wsfsm.Options{Versions: []string{"hixie-76"}}), snapshot, wsfsm.ErrForeignSnapshot, `does not speak "rfc6455"`},
		{"cut short", ep, sealed(append(bytes.Clone(snapshot[:len(snapshot)-9]), make([]byte, 8)...)), wsfsm.ErrBadSnapshot, ""},
		{"too long", ep, sealed(append(bytes.Clone(snapshot), 0)), wsfsm.ErrBadSnapshot, "follow"},
	} {
		if _, err := c.ep.Restore(c.p); !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestLengthsAreCheckedBeforeAllocating puts the greatest length in the place of each
// octet in turn.
func TestLengthsAreCheckedBeforeAllocating(t *testing.T) {
	ep := endpoint(t, wsfsm.Options{AutoStart: true})
	p, err := openedServer(t, ep).Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	huge := []byte{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F}
	allocated := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for i := range len(p) - 8 {
			ep.Restore(sealed(append(append(bytes.Clone(p[:i]), huge...), p[i+1:]...)))
		}
	})
	if each := int(allocated.AllocedBytesPerOp()) / len(p); each > 16<<10 {
		t.Errorf("%d octets are allocated for a snapshot of %d", each, len(p))
	}
}

// TestFormatOfSnapshotsStays restores a snapshot that was made when format 1 came up:
// a server in the middle of the second fragment, with a ping under way and output. Its
// hash is that of the tables of then; it is put in again.
func TestFormatOfSnapshotsStays(t *testing.T) {
	p, err := hex.DecodeString(strings.Join(strings.Fields(snapshotOne), ""))
	if err != nil {
		t.Fatal(err)
	}
	hash := wsfsm.ProtocolNamed("rfc6455").Hash()
	copy(p[len("wsfsm\x00snapshot\x00")+1+1+len("rfc6455"):], hash[:])
	d, err := endpoint(t, wsfsm.Options{}).Restore(sealed(p))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(d.Output()); got != "\x89\x02hi\x01\x02a\xC3" {
		t.Errorf("the output is %q", got)
	}
	if d.Request().Target != "/chat" || d.Request().Header.Get("Host") != "example.com" {
		t.Errorf("the request is %+v", d.Request())
	}
	d.Receive([]byte{'o' ^ 1, 0x8A, 0x82, 0, 0, 0, 0, 'h', 'i'})
	want(t, d, wsfsm.EventMessage)
	if e := want(t, d, wsfsm.EventPong); e.Ping() != 1 {
		t.Errorf("the pong answers %d", e.Ping())
	}
	if err := d.End([]byte("\xA4")); err != nil {
		t.Error(err)
	}
}

// makeSnapshotOne makes what snapshotOne is.
func makeSnapshotOne(t *testing.T) []byte {
	d := openServer(t, wsfsm.Options{})
	d.Ping([]byte("hi"))
	d.Begin(wsfsm.Text, []byte("a\xC3"))
	d.Receive([]byte{0x01, 0x82, 0, 0, 0, 0, 'h', 'e', 0x80, 0x83, 1, 2, 3, 4, 'l' ^ 1, 'l' ^ 2})
	d.Next()
	p, err := d.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSnapshotIsWrittenAsBefore(t *testing.T) {
	got := hex.EncodeToString(makeSnapshotOne(t))
	want := strings.Join(strings.Fields(snapshotOne), "")
	const hash = 2 * (len("wsfsm\x00snapshot\x00") + 1 + 1 + len("rfc6455"))
	if got[:hash] != want[:hash] || got[hash+64:len(got)-16] != want[hash+64:len(want)-16] {
		t.Errorf("a snapshot is now written as\n%s", got)
	}
}

const snapshotOne = `
	777366736d00736e617073686f7400010772666336343535f398312dddda9b11760ceea71b708697f04dd7c4b14438dc
	6fa581d8af625e69000206120b0304800101aa0100000100000100008388841004ffffff1f000468656c6c0889026869
	010261c3000000000101010102686901000103474554052f6368617408485454502f312e310504486f73740b6578616d
	706c652e636f6d075570677261646509776562736f636b65740a436f6e6e656374696f6e075570677261646511536563
	2d576562536f636b65742d4b6579186447686c49484e68625842735a5342756232356a5a513d3d155365632d57656253
	6f636b65742d56657273696f6e023133010000000000a3db61ceb8f4e166`
