package duplex_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/duplex"
)

const request = "GET /chat HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func endpoint(t testing.TB, o wsfsm.Options) *wsfsm.Endpoint {
	t.Helper()
	ep, err := wsfsm.NewEndpoint(o)
	must(t, err)
	return ep
}

// server returns the streams of a server.
func server(t testing.TB, driver wsfsm.Options, o *duplex.Options) (*duplex.Wire, *duplex.Messages) {
	t.Helper()
	return duplex.New(endpoint(t, driver).Server(), o)
}

// client returns the streams of a client that has been started.
func client(t testing.TB, driver wsfsm.Options, o *duplex.Options) (*duplex.Wire, *duplex.Messages) {
	t.Helper()
	d, err := endpoint(t, driver).Client("ws://example.com/chat")
	must(t, err)
	must(t, d.Start())
	return duplex.New(d, o)
}

// openServer returns the streams of a server behind its opening handshake.
func openServer(t testing.TB, driver wsfsm.Options, o *duplex.Options) (*duplex.Wire, *duplex.Messages) {
	t.Helper()
	wire, messages := server(t, driver, o)
	write(t, wire, []byte(request))
	buf := make([]byte, 1024)
	n, err := wire.Read(buf)
	must(t, err)
	if !bytes.HasPrefix(buf[:n], []byte("HTTP/1.1 101 ")) {
		t.Fatalf("got %q", buf[:n])
	}
	return wire, messages
}

// write writes all of p and spoils it.
func write(t testing.TB, w io.Writer, p []byte) {
	t.Helper()
	n, err := w.Write(p)
	if n != len(p) || err != nil {
		t.Fatalf("took %d of %d octets: %v", n, len(p), err)
	}
	clear(p)
}

// wantRead reads once.
func wantRead(t testing.TB, r io.Reader, want string) {
	t.Helper()
	buf := make([]byte, len(want)+64)
	n, err := r.Read(buf)
	if string(buf[:n]) != want || err != nil {
		t.Fatalf("read %q, %v; want %q", buf[:n], err, want)
	}
}

func wantError(t testing.TB, r io.Reader, want error) {
	t.Helper()
	if n, err := r.Read(make([]byte, 64)); n != 0 || !errors.Is(err, want) {
		t.Fatalf("read %d octets, %v; want %v", n, err, want)
	}
}

// frame returns a frame of a client.
func frame(first byte, payload string) []byte {
	h := wsfsm.FrameHeader{Final: first&0x80 != 0, Opcode: first & 0x0F, Masked: true, Key: [4]byte{1, 2, 3, 4}}
	return wsfsm.AppendFrame(nil, h, []byte(payload))
}

// join carries octets between two wires as two transports would, until both
// have ended.
func join(a, b *duplex.Wire, group *sync.WaitGroup, slice func(io.Reader) io.Reader) {
	carry := func(to, from *duplex.Wire) {
		_, _ = io.Copy(to, slice(struct{ io.Reader }{from}))
		_ = to.CloseWrite()
	}
	group.Go(func() { carry(a, b) })
	group.Go(func() { carry(b, a) })
}

func whole(r io.Reader) io.Reader { return r }

// message is a message read.
type message struct {
	kind wsfsm.MessageKind
	data []byte
}

// random returns messages of many sizes.
func random(r *rand.Rand, n int) (all []message) {
	sizes := []int{0, 1, 125, 126, 4095, 4096, 65535, 65536, duplex.ReadSize, 3 * duplex.ReadSize}
	for range n {
		m := message{wsfsm.Binary, make([]byte, sizes[r.IntN(len(sizes))])}
		for i := range m.data {
			m.data[i] = byte(r.Uint32())
		}
		if r.IntN(2) == 0 {
			m = message{wsfsm.Text, bytes.Repeat([]byte("é"), len(m.data)/2)}
		}
		all = append(all, m)
	}
	return all
}

func TestEcho(t *testing.T) {
	for name, driver := range map[string]wsfsm.Options{
		"whole":             {},
		"pieces":            {Deliver: wsfsm.DeliverPieces},
		"little room":       {MaxOutput: 100, KeepReading: true},
		"pieces, no output": {Deliver: wsfsm.DeliverPieces, MaxOutput: 1, KeepReading: true},
	} {
		for how, slice := range map[string]func(io.Reader) io.Reader{"whole": whole, "octets": iotest.OneByteReader, "halves": iotest.HalfReader} {
			t.Run(name+"/"+how, func(t *testing.T) {
				n := 40
				if how == "octets" {
					n = 6
				}
				sent := random(rand.New(rand.NewPCG(1, 2)), n)
				synctest.Test(t, func(t *testing.T) { echo(t, driver, slice, sent) })
			})
		}
	}
}

func echo(t *testing.T, driver wsfsm.Options, slice func(io.Reader) io.Reader, sent []message) {
	var group sync.WaitGroup
	defer group.Wait()
	serverWire, serverEnd := server(t, driver, nil)
	clientWire, clientEnd := client(t, driver, nil)
	join(serverWire, clientWire, &group, slice)
	group.Go(func() {
		for {
			kind, p, err := serverEnd.ReadMessage()
			if err != nil {
				if err != io.EOF {
					t.Errorf("the server's end: %v", err)
				}
				return
			}
			if err := serverEnd.WriteMessage(kind, p); err != nil {
				t.Error(err)
			}
		}
	})
	group.Go(func() {
		for _, m := range sent {
			if err := clientEnd.WriteMessage(m.kind, m.data); err != nil {
				t.Error(err)
			}
		}
		if err := clientEnd.CloseWrite(); err != nil {
			t.Error(err)
		}
	})
	// The server stops answering once the client's close frame has come, so only
	// what it has echoed before that returns: all of it, since it reads in order.
	for i, m := range sent {
		kind, p, err := clientEnd.ReadMessage()
		if err != nil || kind != m.kind || !bytes.Equal(p, m.data) {
			t.Fatalf("message %d: %v, %d octets, %v; want %v, %d octets", i, kind, len(p), err, m.kind, len(m.data))
		}
	}
	if _, _, err := clientEnd.ReadMessage(); err != io.EOF {
		t.Errorf("the client's end: %v", err)
	}
}

func TestStreamsAreJoinedByCopy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var group sync.WaitGroup
		serverWire, serverEnd := server(t, wsfsm.Options{}, nil)
		clientWire, clientEnd := client(t, wsfsm.Options{}, nil)
		join(serverWire, clientWire, &group, whole)
		group.Go(func() {
			_, err := io.Copy(serverEnd, struct{ io.Reader }{serverEnd})
			must(t, err)
		})
		want := bytes.Repeat([]byte("0123456789"), 100_000)
		group.Go(func() {
			_, err := io.Copy(clientEnd, bytes.NewReader(want))
			must(t, err)
			must(t, clientEnd.CloseWrite())
		})
		got, err := io.ReadAll(clientEnd)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d octets have come back, %v", len(got), err)
		}
		group.Wait()
		time.Sleep(2 * duplex.DefaultCloseTimeout) // timers have nothing more to do
		wantError(t, clientEnd, io.EOF)
	})
}

func TestOptionsKind(t *testing.T) {
	for kind, want := range map[wsfsm.MessageKind]string{0: "\x82\x01a", wsfsm.Binary: "\x82\x01a", wsfsm.Text: "\x81\x01a"} {
		wire, messages := openServer(t, wsfsm.Options{}, &duplex.Options{Kind: kind})
		write(t, messages, []byte("a"))
		wantRead(t, wire, want)
	}
	wire, messages := openServer(t, wsfsm.Options{}, &duplex.Options{Kind: wsfsm.Text})
	if n, err := messages.Write([]byte("\xff")); n != 0 || !errors.Is(err, wsfsm.ErrInvalidText) {
		t.Fatalf("got %d, %v", n, err)
	}
	must(t, messages.WriteMessage(wsfsm.Binary, []byte("\xff")))
	wantRead(t, wire, "\x82\x01\xff")
}

func TestReadsDoNotSpanMessages(t *testing.T) { synctest.Test(t, readsDoNotSpanMessages) }

func readsDoNotSpanMessages(t *testing.T) {
	wire, messages := openServer(t, wsfsm.Options{}, nil)
	write(t, wire, append(append(append(frame(0x81, "Hello"), frame(0x82, "")...), frame(0x01, "Wo")...), frame(0x80, "rld")...))
	buf := make([]byte, 3)
	for _, want := range []string{"Hel", "lo", "Wor", "ld"} {
		n, err := messages.Read(buf)
		if string(buf[:n]) != want || err != nil {
			t.Fatalf("read %q, %v; want %q", buf[:n], err, want)
		}
	}
	write(t, wire, append(frame(0x81, "Hello"), frame(0x82, "")...))
	if n, err := messages.Read(nil); n != 0 || err != nil {
		t.Fatalf("got %d, %v", n, err)
	}
	must(t, errors.Join(func() error { _, err := messages.Read(buf); return err }()))
	for _, want := range []message{{wsfsm.Text, []byte("lo")}, {wsfsm.Binary, []byte{}}} {
		kind, p, err := messages.ReadMessage()
		if kind != want.kind || p == nil || !bytes.Equal(p, want.data) || err != nil {
			t.Fatalf("read %v %q, %v", kind, p, err)
		}
	}
}

func TestEachVersion(t *testing.T) {
	for _, p := range wsfsm.Protocols() {
		t.Run(p.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var group sync.WaitGroup
				defer group.Wait()
				driver, text := wsfsm.Options{Versions: []string{p.Name}}, &duplex.Options{Kind: wsfsm.Text}
				serverWire, serverEnd := server(t, driver, text)
				clientWire, clientEnd := client(t, driver, text)
				join(serverWire, clientWire, &group, iotest.HalfReader)
				write(t, clientEnd, []byte("from the client"))
				wantRead(t, serverEnd, "from the client")
				write(t, serverEnd, []byte("from the server"))
				wantRead(t, clientEnd, "from the server")
				if err := serverEnd.WriteMessage(wsfsm.Binary, []byte("b")); p.HasBinary() {
					must(t, err)
					wantRead(t, clientEnd, "b")
				} else if !errors.Is(err, wsfsm.ErrUnsupported) {
					t.Errorf("got %v", err)
				}
				must(t, clientEnd.CloseWrite())
				wantError(t, serverEnd, io.EOF)
				wantError(t, clientEnd, io.EOF)
			})
		})
	}
}
