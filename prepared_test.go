package wsfsm_test

import (
	"bytes"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/extension/deflate"
)

// sent takes all output off a driver.
func sent(d *wsfsm.Driver) []byte {
	p := bytes.Join(d.AppendOutput(nil), nil)
	d.Sent(len(p))
	return p
}

func prepare(t testing.TB, kind wsfsm.MessageKind, p string) *wsfsm.Prepared {
	t.Helper()
	m, err := wsfsm.Prepare(kind, []byte(p))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A prepared message goes out as the same octets that Text or Binary would send,
// in every version, in both roles, whatever its length.
func TestPreparedMessageIsSentAsAnyOther(t *testing.T) {
	for _, version := range []string{"rfc6455", "hybi-05", "hybi-02", "hixie-76"} {
		for _, n := range []int{0, 1, 125, 126, 5000, 70_000} {
			m := prepare(t, wsfsm.Text, strings.Repeat("x", n))
			for range 2 { // the second takes what the first has encoded
				client, server := opened(t, version)
				for _, ends := range [][2]*wsfsm.Driver{{server, client}, {client, server}} {
					if err := ends[0].Send(m); err != nil {
						t.Fatal(err)
					}
					if err := ends[1].Receive(sent(ends[0])); err != nil {
						t.Fatal(err)
					}
					e, ok := ends[1].Next()
					if !ok || e.Kind != wsfsm.EventMessage || e.Message != wsfsm.Text || len(e.Data) != n || strings.Trim(string(e.Data), "x") != "" {
						t.Fatalf("%s, %d octets: got %v of %d octets, %v", version, n, e.Kind, len(e.Data), ends[1].Err())
					}
				}
			}
		}
	}
}

// A server's frames are encoded once for each version; a client masks each anew.
func TestPreparedMessageIsEncodedOnce(t *testing.T) {
	m := prepare(t, wsfsm.Binary, strings.Repeat("x", 10_000))
	var first [][]byte
	for i := range 2 {
		client, server := opened(t, "rfc6455")
		for _, d := range []*wsfsm.Driver{client, server, server} {
			if err := d.Send(m); err != nil {
				t.Fatal(err)
			}
		}
		out := server.AppendOutput(nil)
		first = append(first, out[len(out)-1])
		if masked := sent(client); i > 0 && bytes.Equal(masked[4:8], []byte{0, 0, 0, 0}) || masked[1]&0x80 == 0 {
			t.Errorf("a client sends % x", masked[:8])
		}
	}
	if &first[0][0] != &first[1][0] {
		t.Error("two connections have copies of their own")
	}
}

func TestPreparedMessageIsRefused(t *testing.T) {
	if _, err := wsfsm.Prepare(wsfsm.Text, []byte("\xff")); !errors.Is(err, wsfsm.ErrInvalidText) {
		t.Errorf("bad text: %v", err)
	}
	p := []byte("abc")
	m, err := wsfsm.Prepare(wsfsm.Binary, p)
	if err != nil || m.Len() != 3 {
		t.Fatalf("Len is %d, %v", m.Len(), err)
	}
	p[0] = 'X' // it is a copy
	_, server := opened(t, "hixie-76")
	if err := server.Send(m); !errors.Is(err, wsfsm.ErrUnsupported) {
		t.Errorf("binary in hixie-76: %v", err)
	}
	if server.Unsent() > 0 {
		t.Error("something is sent")
	}
	_, server = opened(t, "rfc6455")
	if err := server.Begin(wsfsm.Text, nil); err != nil {
		t.Fatal(err)
	}
	if err := server.Send(m); !errors.Is(err, wsfsm.ErrRefused) {
		t.Errorf("inside another message: %v", err)
	}
	if err := errors.Join(server.End(nil), server.Send(m)); err != nil {
		t.Fatal(err)
	}
	if got := string(sent(server)); got != "\x01\x00\x80\x00\x82\x03abc" {
		t.Errorf("sent %q", got)
	}
}

// Messages queue before the connection is open.
func TestPreparedMessageIsQueued(t *testing.T) {
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{AutoStart: true})
	if err != nil {
		t.Fatal(err)
	}
	server := ep.Server()
	if err := server.Send(prepare(t, wsfsm.Text, "early")); err != nil {
		t.Fatal(err)
	}
	if got := exchangeHead(t, server); !strings.HasSuffix(got, "\r\n\r\n\x81\x05early") {
		t.Errorf("sent %q", got)
	}
}

func exchangeHead(t *testing.T, d *wsfsm.Driver) string {
	t.Helper()
	receive(t, d, []byte("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"))
	want(t, d, wsfsm.EventOpen)
	wantNone(t, d)
	return string(sent(d))
}

// Without context takeover compressed frames are shared, too; with it each
// connection compresses for itself. Both are what the client reads.
func TestPreparedMessageIsCompressed(t *testing.T) {
	text := string(mixed(64 << 10))
	for _, takeover := range []bool{false, true} {
		x, err := deflate.New(deflate.Options{NoContextTakeover: !takeover})
		if err != nil {
			t.Fatal(err)
		}
		ep, err := wsfsm.NewEndpoint(wsfsm.Options{AutoStart: true, Extensions: []extension.Extension{x}})
		if err != nil {
			t.Fatal(err)
		}
		m := prepare(t, wsfsm.Text, text)
		var kept []*byte // where the last frame of each connection lies
		var servers []*wsfsm.Driver
		for range 2 {
			client, server := connected(t, ep)
			servers = append(servers, server)
			for range 3 {
				sent(server)
				if err := server.Send(m); err != nil {
					t.Fatal(err)
				}
				last := server.AppendOutput(nil)
				kept = append(kept, &last[len(last)-1][0])
				frame := bytes.Join(last, nil)
				if len(frame) > len(text)*3/4 || frame[0] != 0xC1 {
					t.Fatalf("%d octets of %d, beginning with %x", len(frame), len(text), frame[0])
				}
				receive(t, client, frame)
				if e := want(t, client, wsfsm.EventMessage); string(e.Data) != text {
					t.Fatalf("takeover %v: got %.40q", takeover, e.Data)
				}
				wantNone(t, client)
			}
		}
		if shared := kept[2] == kept[5]; shared == takeover {
			t.Errorf("takeover %v: frames are shared: %v", takeover, shared)
		}
		runtime.KeepAlive(servers)
	}
}

// Many connections may encode the same message at once.
func TestPreparedMessageIsSafeForConcurrentUse(t *testing.T) {
	m := prepare(t, wsfsm.Text, "for all")
	var wg sync.WaitGroup
	for range 8 {
		_, server := opened(t, "rfc6455")
		wg.Go(func() {
			for range 100 {
				if err := server.Send(m); err != nil {
					t.Error(err)
				}
				if got := string(sent(server)); got != "\x81\x07for all" {
					t.Errorf("sent %q", got)
				}
			}
		})
	}
	wg.Wait()
}
