package duplex_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/duplex"
)

func TestWireIsHeldBackWhileNobodyReadsMessages(t *testing.T) {
	for name, deliver := range map[string]wsfsm.Deliver{"whole": wsfsm.DeliverWhole, "pieces": wsfsm.DeliverPieces} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				wire, messages := openServer(t, wsfsm.Options{Deliver: deliver}, nil)
				one := frame(0x82, strings.Repeat("x", 1000))
				var taken atomic.Int64
				var group sync.WaitGroup
				group.Go(func() {
					for range 1000 {
						n, _ := wire.Write(one)
						taken.Add(int64(n))
					}
					must(t, wire.Close())
				})
				synctest.Wait()
				time.Sleep(time.Hour) // no grace: nothing has been read
				if n := taken.Load(); n > duplex.ReadSize {
					t.Errorf("%d octets are kept for nobody", n)
				}
				got, err := io.ReadAll(messages)
				if len(got) != 1000*1000 || !errors.Is(err, wsfsm.ErrEndOfStream) {
					t.Errorf("%d octets, %v", len(got), err)
				}
				group.Wait()
			})
		})
	}
}

func TestOneGreatWriteIsTakenInParts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wire, messages := openServer(t, wsfsm.Options{Deliver: wsfsm.DeliverPieces}, nil)
		var done atomic.Bool
		var group sync.WaitGroup
		group.Go(func() {
			write(t, wire, frame(0x82, strings.Repeat("x", 1<<20)))
			done.Store(true)
			must(t, wire.CloseWrite())
		})
		synctest.Wait()
		if done.Load() {
			t.Error("a MiB is kept")
		}
		got, err := io.ReadAll(messages)
		if len(got) != 1<<20 || !errors.Is(err, wsfsm.ErrEndOfStream) {
			t.Errorf("%d octets, %v", len(got), err)
		}
		group.Wait()
		must(t, wire.Close())
	})
}

func TestMessagesAreHeldBackWhileNobodyReadsWire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wire, messages := openServer(t, wsfsm.Options{MaxOutput: 1000}, nil)
		var group sync.WaitGroup
		var sent atomic.Int64
		group.Go(func() {
			for range 100 {
				write(t, messages, make([]byte, 100))
				sent.Add(1)
			}
			must(t, messages.CloseWrite())
			if n, err := messages.Write(nil); n != 0 || err != io.ErrClosedPipe {
				t.Errorf("got %d, %v", n, err)
			}
		})
		synctest.Wait()
		if n := sent.Load(); n != 10 { // the tenth frame of 102 octets reaches the limit
			t.Errorf("%d messages sent", n)
		}
		got := make([]byte, 102*100+4)
		_, err := io.ReadFull(wire, got)
		if must(t, err); string(got[102*100:]) != "\x88\x02\x03\xe8" {
			t.Errorf("ends in % x", got[102*100:])
		}
		group.Wait()
		must(t, wire.Close())
	})
}

func TestFullOutputHoldsInputBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wire, messages := openServer(t, wsfsm.Options{MaxOutput: 4}, nil)
		write(t, messages, []byte("ab"))
		write(t, wire, frame(0x81, "held"))
		var group sync.WaitGroup
		got := make(chan string, 1)
		group.Go(func() {
			_, p, err := messages.ReadMessage()
			must(t, err)
			got <- string(p)
		})
		synctest.Wait()
		if len(got) > 0 {
			t.Error("read on while output is full")
		}
		wantRead(t, wire, "\x82\x02ab")
		synctest.Wait()
		if len(got) == 0 {
			t.Error("not read on when there is room")
		}
		group.Wait()
		must(t, wire.Close())
	})
}

// What comes behind a message is looked at when the application reads again, or
// after a while, so that it can answer the message.
func TestAnswerBeforeWhatFollows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wire, messages := openServer(t, wsfsm.Options{}, nil)
		write(t, wire, append(frame(0x81, "last words"), frame(0x88, "\x03\xe8")...))
		wantRead(t, messages, "last words")
		write(t, messages, []byte("heard"))
		wantError(t, messages, io.EOF)
		wantRead(t, wire, "\x82\x05heard\x88\x02\x03\xe8")

		wire, messages = openServer(t, wsfsm.Options{}, nil)
		write(t, wire, append(frame(0x81, "subscribe"), frame(0x89, "")...))
		wantRead(t, messages, "subscribe")
		write(t, messages, []byte("1"))
		wantRead(t, wire, "\x82\x011")
		began := time.Now()
		wantRead(t, wire, "\x8a\x00") // though it does not read again
		if took := time.Since(began); took != time.Second {
			t.Errorf("took %v", took)
		}
		must(t, wire.Close())
	})
}

func TestManyAtOnce(t *testing.T) {
	const users, each = 8, 50
	driver := wsfsm.Options{MaxOutput: 1000, KeepReading: true}
	var group, writers sync.WaitGroup
	serverWire, serverEnd := server(t, driver, nil)
	clientWire, clientEnd := client(t, driver, nil)
	join(serverWire, clientWire, &group, whole)
	var mu sync.Mutex
	seen := map[string]int{}
	for _, end := range []*duplex.Messages{serverEnd, clientEnd} {
		for user := range users {
			writers.Go(func() {
				for i := range each {
					p := fmt.Appendf(nil, "%p %d %d %s", end, user, i, strings.Repeat("x", 10*i))
					if err := end.WriteMessage(wsfsm.Text, p); err != nil {
						t.Error(err)
					}
					clear(p)
				}
			})
			writers.Go(func() {
				for range each {
					kind, p, err := end.ReadMessage()
					if err != nil || kind != wsfsm.Text {
						t.Error(kind, err)
					}
					mu.Lock()
					seen[string(p)]++
					mu.Unlock()
				}
			})
			writers.Go(func() {
				for range each {
					_ = end.Do(func(d *wsfsm.Driver) error { return d.Pong(nil) }) // may find the output full
				}
			})
		}
	}
	writers.Wait()
	if len(seen) != 2*users*each {
		t.Errorf("%d different messages came", len(seen))
	}
	must(t, clientEnd.Close())
	wantError(t, serverEnd, io.EOF)
	group.Wait()
}

func TestManyWritersOfWire(t *testing.T) {
	wire, messages := openServer(t, wsfsm.Options{Deliver: wsfsm.DeliverPieces}, nil)
	message := bytes.Repeat([]byte("0123456789"), 5000)
	var group sync.WaitGroup
	const writers, each = 8, 20
	for range writers {
		group.Go(func() {
			for range each {
				write(t, wire, frame(0x82, string(message)))
			}
		})
	}
	for range writers * each {
		_, p, err := messages.ReadMessage()
		if err != nil || !bytes.Equal(p, message) {
			t.Fatalf("%d octets, %v", len(p), err)
		}
	}
	group.Wait()
}

func TestReadMessageAmongReaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wire, messages := openServer(t, wsfsm.Options{Deliver: wsfsm.DeliverPieces}, nil)
		var group sync.WaitGroup
		group.Go(func() {
			_, p, err := messages.ReadMessage()
			if len(p) != 5000+3 || err != nil {
				t.Errorf("%d octets, %v", len(p), err)
			}
		})
		write(t, wire, frame(0x02, strings.Repeat("x", 5000)))
		synctest.Wait()
		group.Go(func() { wantRead(t, messages, "next") })
		synctest.Wait()
		write(t, wire, append(frame(0x80, "end"), frame(0x81, "next")...))
		group.Wait()
		must(t, wire.Close())
	})
}
