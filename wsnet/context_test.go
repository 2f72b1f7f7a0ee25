package wsnet_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/wsnet"
)

// stuffed returns a connection whose peer reads nothing before release is
// called, and whose output is full.
func stuffed(t *testing.T, o *wsnet.Options) (c *wsnet.Conn, sent int, release func()) {
	t.Helper()
	released := make(chan struct{})
	c = dial(t, serve(t, func(c *wsnet.Conn) { <-released; echo(c) }, o), nil)
	block := make([]byte, 1<<20)
	for {
		err := c.Write(within(t, 100*time.Millisecond), wsnet.Binary, block)
		switch {
		case err == nil:
			sent++
		case errors.Is(err, wsnet.ErrUnderway):
			sent++
		case errors.Is(err, context.DeadlineExceeded):
			return c, sent, func() { close(released) }
		}
		if err != nil && !errors.Is(err, context.DeadlineExceeded) || sent == 1000 {
			t.Fatalf("%d messages, %v", sent, err)
		}
	}
}

// A Write whose context ends is taken back whole, or said to be on its way and
// sent whole.
func TestWriteIsTakenBackOrUnderway(t *testing.T) {
	c, sent, release := stuffed(t, nil)
	release()
	write(t, c, "last")
	for i := range sent {
		if _, p, err := c.Read(soon(t)); err != nil || len(p) != 1<<20 {
			t.Fatalf("message %d of %d: %d octets, %v", i, sent, len(p), err)
		}
	}
	if got := read(t, c); got != "last" {
		t.Fatalf("%d octets that were taken back have come", len(got))
	}
}

// Every wait ends with its context.
func TestContextEndsEveryWait(t *testing.T) {
	c, _, release := stuffed(t, nil)
	t.Cleanup(release)
	busy := halfway(t)
	cause := errors.New("enough")
	for name, call := range map[string]func(context.Context) error{
		"Read":          func(ctx context.Context) error { _, _, err := c.Read(ctx); return err },
		"AppendMessage": func(ctx context.Context) error { _, _, err := c.AppendMessage(ctx, nil); return err },
		"Reader":        func(ctx context.Context) error { _, _, err := c.Reader(ctx); return err },
		"second Read":   func(ctx context.Context) error { _, _, err := busy.Read(ctx); return err },
		"second Reader": func(ctx context.Context) error { _, _, err := busy.Reader(ctx); return err },
		"Write":         func(ctx context.Context) error { return c.Write(ctx, wsnet.Text, nil) },
		"Ping":          func(ctx context.Context) error { return c.Ping(ctx, nil) },
		"Pong":          func(ctx context.Context) error { return c.Pong(ctx, nil) },
		"second Write":  func(ctx context.Context) error { return busy.Write(ctx, wsnet.Text, nil) },
		"second Writer": func(ctx context.Context) error { _, err := busy.Writer(ctx, wsnet.Text); return err },
		"pong":          func(ctx context.Context) error { return busy.Ping(ctx, nil) },
		"fragment": func(ctx context.Context) error {
			w, err := c.Writer(ctx, wsnet.Text)
			if err != nil {
				return err
			}
			defer w.Close()
			_, err = w.Write(nil)
			return err
		},
	} {
		for _, early := range []bool{true, false} {
			ctx, cancel := context.WithCancelCause(background)
			if early {
				cancel(cause)
			}
			time.AfterFunc(20*time.Millisecond, func() { cancel(cause) })
			done := make(chan error, 1)
			go func() { done <- call(ctx) }()
			select {
			case err := <-done:
				if !errors.Is(err, cause) || errors.Is(err, wsnet.ErrUnderway) {
					t.Errorf("%s, early %v: %v", name, early, err)
				}
			case <-time.After(5 * time.Second):
				t.Fatalf("%s, early %v: does not end", name, early)
			}
		}
	}
}

// halfway returns a connection that holds a message half read and another half
// written. The peer reads nothing, so that it answers no ping.
func halfway(t *testing.T) *wsnet.Conn {
	t.Helper()
	c := dial(t, serve(t, func(c *wsnet.Conn) {
		w, err := c.Writer(background, wsnet.Binary)
		if err == nil {
			w.Write(make([]byte, 20000))
			wait(c)
		}
	}, nil), nil)
	if _, _, err := c.Reader(soon(t)); err != nil {
		t.Fatal(err)
	}
	write(t, c, "in the way of the ping")
	w, err := c.Writer(soon(t), wsnet.Binary)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = w.Write(make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	return c
}

// Messages and streams wait for one another, and for room, in any order.
func TestMessagesDoNotMeetStreamsWithoutRoom(t *testing.T) {
	c := dial(t, serve(t, func(c *wsnet.Conn) {
		for {
			kind, p, err := c.Read(background)
			if err != nil || c.Write(background, kind, p) != nil {
				return
			}
		}
	}, nil), &wsnet.DialOptions{Driver: wsfsm.Options{MaxOutput: 300}})
	const writers, each = 4, 300
	var group sync.WaitGroup
	for range writers {
		group.Go(func() {
			for range each {
				if err := c.Write(soon(t), wsnet.Text, bytes.Repeat([]byte("m"), 200)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	group.Go(func() {
		for range each {
			w, err := c.Writer(soon(t), wsnet.Text)
			for range 3 {
				if err == nil {
					_, err = w.Write(bytes.Repeat([]byte("s"), 200))
				}
			}
			if err == nil {
				err = w.Close()
			}
			if err != nil {
				t.Error(err)
				return
			}
		}
	})
	got := map[string]int{}
	for range (writers + 1) * each {
		p := read(t, c)
		got[fmt.Sprint(p[:1], len(p))]++
	}
	group.Wait()
	if got["m200"] != writers*each || got["s600"] != each {
		t.Fatalf("got %v", got)
	}
}

// Output that is full although nobody is writing it is written by who waits.
func TestSmallOutputWithManyMessagesAtHand(t *testing.T) {
	const n = 3000
	url := serve(t, echo, &wsnet.Options{Driver: wsfsm.Options{MaxOutput: 64}})
	nc, br := rawOpen(t, url)
	go nc.Write(bytes.Repeat(masked(opText, "0123456789abcdef"), n))
	want := bytes.Repeat(plain(opText, "0123456789abcdef"), n)
	got := make([]byte, len(want))
	for at := 0; at < len(got); {
		k, err := br.Read(got[at:])
		if err != nil {
			t.Fatalf("%v behind %d of %d octets", err, at, len(got))
		}
		at += k
	}
	if !bytes.Equal(got, want) {
		t.Fatal("the answers are others")
	}
}
