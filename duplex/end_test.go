package duplex_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/duplex"
	"github.com/wsfsm/wsfsm/states"
)

func TestPeerCloses(t *testing.T) {
	for body, want := range map[string]string{"": "EOF", "\x03\xe8bye": "EOF", "\x03\xe9": "EOF",
		"\x0b\xb8why": `duplex: connection closed with code 3000 ("why")`} {
		wire, messages := openServer(t, wsfsm.Options{}, nil)
		write(t, wire, append(frame(0x81, "a"), frame(0x88, body)...))
		wantRead(t, messages, "a")
		for range 2 {
			if _, err := messages.Read(make([]byte, 1)); fmt.Sprint(err) != want {
				t.Errorf("% x: %v, want %v", body, err, want)
			}
		}
		var closed *duplex.CloseError
		if n, err := messages.Write([]byte("x")); n != 0 || !errors.As(err, &closed) || !closed.Clean || errors.Is(err, io.EOF) != (want == "EOF") {
			t.Errorf("% x: wrote %d octets, %v", body, n, err)
		}
		wantRead(t, wire, fmt.Sprintf("\x88%c%s", len(body), body))
		wantError(t, wire, io.EOF)
		write(t, wire, []byte("thrown away"))
		must(t, wire.Close())
		must(t, wire.Close())
		wantError(t, wire, io.ErrClosedPipe)
		if n, err := wire.Write([]byte("x")); n != 0 || err != io.ErrClosedPipe {
			t.Errorf("took %d octets, %v", n, err)
		}
	}
}

func TestCloseWriteReadsOn(t *testing.T) {
	wire, messages := openServer(t, wsfsm.Options{}, nil)
	must(t, messages.CloseWrite())
	must(t, messages.CloseWrite())
	wantRead(t, wire, "\x88\x02\x03\xe8")
	write(t, wire, append(frame(0x81, "last words"), frame(0x88, "\x03\xe8")...))
	wantRead(t, messages, "last words")
	wantError(t, messages, io.EOF)
	wantError(t, wire, io.EOF)
}

func TestCloseThrowsAway(t *testing.T) {
	wire, messages := openServer(t, wsfsm.Options{}, nil)
	write(t, wire, frame(0x81, "unread"))
	must(t, messages.Close())
	must(t, messages.Close())
	wantRead(t, wire, "\x88\x02\x03\xe8")
	write(t, wire, append(frame(0x81, strings.Repeat("x", 100_000)), frame(0x88, "\x03\xe8")...))
	wantError(t, messages, io.ErrClosedPipe)
	wantError(t, wire, io.EOF)
}

func TestCloseWakesWhoWaits(t *testing.T) {
	for name, end := range map[string]func(*duplex.Wire, *duplex.Messages) error{
		"messages": func(_ *duplex.Wire, m *duplex.Messages) error { return m.Close() },
		"wire":     func(w *duplex.Wire, _ *duplex.Messages) error { return w.Close() },
		"error":    func(w *duplex.Wire, _ *duplex.Messages) error { return w.CloseWithError(io.ErrNoProgress) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				wire, messages := openServer(t, wsfsm.Options{MaxOutput: 1}, &duplex.Options{CloseTimeout: duplex.NoTimeout})
				var group sync.WaitGroup
				errs := make(chan error, 4)
				write(t, messages, []byte("fills the output"))
				group.Go(func() { _, err := messages.Write(nil); errs <- err })
				group.Go(func() { _, err := messages.Read(make([]byte, 1)); errs <- err })
				group.Go(func() { _, _, err := messages.ReadMessage(); errs <- err })
				synctest.Wait()
				if len(errs) > 0 {
					t.Fatal("somebody does not wait")
				}
				must(t, end(wire, messages))
				group.Wait()
				for range 3 {
					err := <-errs
					switch {
					case name == "messages" && err == io.ErrClosedPipe:
					case name == "wire" && errors.Is(err, wsfsm.ErrEndOfStream):
					case name == "error" && errors.Is(err, io.ErrNoProgress) && err.(*duplex.CloseError).Code == wsfsm.CloseAbnormal:
					default:
						t.Errorf("got %v", err)
					}
				}
			})
		})
	}
}

func TestWireCloseWakesItsUsers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wire, messages := openServer(t, wsfsm.Options{}, nil)
		var group sync.WaitGroup
		group.Go(func() { wantError(t, wire, io.ErrClosedPipe) })
		for range 2 {
			group.Go(func() {
				if n, err := wire.Write(frame(0x81, strings.Repeat("x", 3*duplex.ReadSize))); n == 0 && err == nil || err != nil && err != io.ErrClosedPipe {
					t.Errorf("took %d octets, %v", n, err)
				}
				_, err := wire.Write(frame(0x81, strings.Repeat("y", 3*duplex.ReadSize)))
				if err != io.ErrClosedPipe {
					t.Errorf("got %v", err)
				}
			})
		}
		synctest.Wait()
		must(t, wire.CloseWithError(nil))
		group.Wait()
		// What came before is there still.
		if p, err := io.ReadAll(messages); len(p) == 0 || !errors.Is(err, wsfsm.ErrEndOfStream) {
			t.Errorf("%d octets, %v", len(p), err)
		}
	})
}

func TestEndOfInput(t *testing.T) {
	wire, messages := openServer(t, wsfsm.Options{}, nil)
	write(t, wire, frame(0x81, "unread"))
	must(t, wire.CloseWrite())
	must(t, wire.CloseWrite())
	write(t, messages, []byte("answer"))
	wantRead(t, messages, "unread")
	wantError(t, messages, wsfsm.ErrEndOfStream)
	wantRead(t, wire, "\x82\x06answer")
	wantError(t, wire, io.EOF)
	if n, err := wire.Write([]byte("x")); n != 0 || err != io.ErrClosedPipe {
		t.Errorf("took %d octets, %v", n, err)
	}
}

func TestViolation(t *testing.T) {
	wire, messages := openServer(t, wsfsm.Options{}, nil)
	write(t, wire, append(frame(0x81, "fine"), frame(0x83, "reserved")...))
	wantRead(t, messages, "fine")
	wantError(t, messages, states.ReservedOpcode)
	wantRead(t, wire, "\x88\x02\x03\xea")
	wantError(t, wire, io.EOF)
}

func TestClientAwaitsEndOfStream(t *testing.T) {
	for name, deaf := range map[string]bool{"the server ends it": true, "the time is up": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var group sync.WaitGroup
				clientWire, clientEnd := client(t, wsfsm.Options{}, nil)
				serverWire, serverEnd := server(t, wsfsm.Options{}, nil)
				group.Go(func() { _, _ = io.Copy(serverWire, struct{ io.Reader }{clientWire}) })
				group.Go(func() { _, _ = io.Copy(clientWire, struct{ io.Reader }{serverWire}) })
				must(t, clientEnd.CloseWrite())
				wantError(t, serverEnd, io.EOF)
				wantError(t, clientEnd, io.EOF)
				began := time.Now()
				if deaf {
					must(t, clientWire.CloseWrite())
				}
				group.Wait()
				wantError(t, clientWire, io.EOF)
				if took := time.Since(began); deaf && took > 0 || !deaf && took != duplex.DefaultCloseTimeout {
					t.Errorf("took %v", took)
				}
			})
		})
	}
}

func TestCloseTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wire, messages := openServer(t, wsfsm.Options{}, &duplex.Options{CloseTimeout: time.Second})
		began := time.Now()
		must(t, messages.CloseWrite())
		wantError(t, messages, wsfsm.ErrTimeout)
		if took := time.Since(began); took != time.Second {
			t.Errorf("took %v", took)
		}
		wantError(t, wire, io.EOF)
		if n, err := wire.Write([]byte("x")); n != 0 || err != io.ErrClosedPipe {
			t.Errorf("took %d octets, %v", n, err)
		}

		wire, messages = server(t, wsfsm.Options{}, &duplex.Options{CloseTimeout: time.Second}) // is never opened
		must(t, messages.Close())
		wantError(t, wire, io.EOF)

		wire, messages = openServer(t, wsfsm.Options{}, &duplex.Options{CloseTimeout: time.Second})
		write(t, wire, frame(0x81, "unread"))
		must(t, messages.CloseWrite())
		time.Sleep(2 * time.Second)
		if n, err := messages.Write([]byte("x")); n != 0 || err != io.ErrClosedPipe {
			t.Errorf("wrote %d octets, %v", n, err)
		}
		wantRead(t, messages, "unread")
		wantError(t, messages, wsfsm.ErrTimeout)
	})
}

func TestTimeoutOfWhatOthersBegin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, messages := openServer(t, wsfsm.Options{}, nil)
		must(t, messages.Do(func(d *wsfsm.Driver) error { return d.Close(0, "") }))
		wantError(t, messages, wsfsm.ErrTimeout)

		var group sync.WaitGroup
		clientWire, clientEnd := client(t, wsfsm.Options{}, nil)
		serverWire, serverEnd := server(t, wsfsm.Options{}, nil)
		group.Go(func() { _, _ = io.Copy(serverWire, struct{ io.Reader }{clientWire}) })
		group.Go(func() { _, _ = io.Copy(clientWire, struct{ io.Reader }{serverWire}) })
		must(t, serverEnd.CloseWrite())
		wantError(t, clientEnd, io.EOF)
		began := time.Now()
		group.Wait()
		if took := time.Since(began); took != duplex.DefaultCloseTimeout {
			t.Errorf("a client waits %v for the end of the transport", took)
		}
	})
}

func TestWritingBehindTheEndOfTheTransport(t *testing.T) {
	wire, messages := openServer(t, wsfsm.Options{}, nil)
	write(t, wire, frame(0x81, "unread"))
	must(t, wire.CloseWithError(io.ErrNoProgress))
	if n, err := messages.Write([]byte("x")); n != 0 || !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("wrote %d octets, %v", n, err)
	}
	wantRead(t, messages, "unread")
	wantError(t, messages, io.ErrNoProgress)
}

func TestNoTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wire, messages := openServer(t, wsfsm.Options{}, &duplex.Options{CloseTimeout: duplex.NoTimeout})
		must(t, messages.CloseWrite())
		wantRead(t, wire, "\x88\x02\x03\xe8")
		time.Sleep(24 * time.Hour)
		write(t, wire, frame(0x88, "\x03\xe8"))
		wantError(t, messages, io.EOF)
	})
}
