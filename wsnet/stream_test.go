package wsnet_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/wsnet"
)

func TestStreams(t *testing.T) {
	c := dial(t, serve(t, echo, nil), nil)
	w, err := c.Writer(background, wsnet.Text)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Repeat("€", 10000)
	for rest := text; rest != ""; rest = rest[min(1000, len(rest)):] { // cuts characters
		if _, err := io.WriteString(w, rest[:min(1000, len(rest))]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	kind, r, err := c.Reader(within(t, 10*time.Second))
	if err != nil || kind != wsnet.Text {
		t.Fatal(kind, err)
	}
	if p, err := io.ReadAll(r); err != nil || string(p) != text {
		t.Fatalf("%d octets, %v", len(p), err)
	}
	if err := c.Write(background, wsnet.Text, []byte(strings.Repeat("next", 10000))); err != nil {
		t.Fatal(err)
	}
	_, r, err = c.Reader(within(t, 10*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.Write(background, wsnet.Text, []byte("last")); err != nil {
		t.Fatal(err)
	}
	if _, p, err := c.Read(within(t, 10*time.Second)); err != nil || string(p) != "last" {
		t.Fatalf("%.20q, %v", p, err)
	}
}

func TestFailedStreamsAreNotTakenForMessages(t *testing.T) {
	ctx := background
	ready := make(chan struct{})
	url := serve(t, func(c *wsnet.Conn) {
		w, err := c.Writer(ctx, wsnet.Binary)
		if err != nil {
			return
		}
		w.Write(make([]byte, 20000))
		<-ready
		w.Write([]byte("rest"))
		w.Close()
		c.Write(ctx, wsnet.Text, []byte("next"))
		_, p, err := c.Read(ctx)
		c.Write(ctx, wsnet.Text, fmt.Appendf(nil, "%d octets, failed: %v", len(p), err != nil))
	}, nil)
	c := dial(t, url, nil)
	_, r, err := c.Reader(within(t, 100*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, r); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(make([]byte, 1)); err == nil {
		t.Fatal("a closed MessageReader reads")
	}
	close(ready)
	if _, p, err := c.Read(within(t, 10*time.Second)); err != nil || string(p) != "next" {
		t.Fatalf("%d octets %.20q, %v", len(p), p, err)
	}
	w, err := c.Writer(ctx, wsnet.Text)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, "begun"); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, "\xff"); !errors.Is(err, wsfsm.ErrInvalidText) {
		t.Fatalf("got %v", err)
	}
	if err := w.Close(); !errors.Is(err, wsfsm.ErrInvalidText) {
		t.Fatalf("a message that failed is completed: %v", err)
	}
	var end *wsnet.CloseError
	if err := c.Write(ctx, wsnet.Text, []byte("other")); !errors.Is(err, wsnet.ErrClosed) && !errors.As(err, &end) {
		t.Fatalf("got %v", err)
	}
	if _, _, err := c.Read(soon(t)); !errors.As(err, &end) || end.Code != wsfsm.CloseInternalError {
		t.Fatalf("got %v", err)
	}
}

func TestReadOutOfTimeLosesNothing(t *testing.T) {
	release := make(chan struct{})
	url := serve(t, func(c *wsnet.Conn) {
		w, err := c.Writer(background, wsnet.Binary)
		if err != nil {
			return
		}
		w.Write(make([]byte, 100000))
		<-release
		w.Write([]byte("end"))
		w.Close()
		c.Read(background)
	}, nil)
	c := dial(t, url, nil)
	if _, _, err := c.Read(within(t, 100*time.Millisecond)); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	close(release)
	if _, p, err := c.Read(within(t, 10*time.Second)); err != nil || len(p) != 100003 || string(p[100000:]) != "end" {
		t.Fatalf("%d octets, %v", len(p), err)
	}
}

// A stream whose context has ended goes on with another, and loses nothing.
func TestReaderGoesOnWithAnotherContext(t *testing.T) {
	next := make(chan struct{})
	c := dial(t, serve(t, func(c *wsnet.Conn) {
		w, err := c.Writer(background, wsnet.Text)
		if err != nil {
			return
		}
		for range 3 {
			io.WriteString(w, strings.Repeat("€", 3000))
			<-next
		}
		w.Close()
		wait(c)
	}, nil), nil)
	kind, r, err := c.Reader(soon(t))
	if err != nil || kind != wsnet.Text {
		t.Fatal(kind, err)
	}
	var got []byte
	for len(got) < 3*9000 {
		r.SetContext(within(t, 30*time.Millisecond))
		p, err := io.ReadAll(r)
		got = append(got, p...)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("%v behind %d octets", err, len(got))
		}
		next <- struct{}{}
	}
	r.SetContext(soon(t))
	if p, err := io.ReadAll(r); err != nil || len(p) != 0 || string(got) != strings.Repeat("€", 9000) {
		t.Fatalf("%d octets, then %d, %v", len(got), len(p), err)
	}
}

// The end of the connection ends a stream.
func TestStreamsEndWithTheConnection(t *testing.T) {
	c := dial(t, serve(t, func(c *wsnet.Conn) {
		w, err := c.Writer(background, wsnet.Binary)
		if err != nil {
			return
		}
		w.Write(make([]byte, 20000))
		c.Read(background)
		c.CloseNow()
	}, nil), nil)
	w, err := c.Writer(soon(t), wsnet.Text)
	if err != nil {
		t.Fatal(err)
	}
	_, r, err := c.Reader(soon(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil { // an empty message
		t.Fatal(err)
	}
	var end *wsnet.CloseError
	for range 2 {
		if _, err := io.Copy(io.Discard, r); !errors.As(err, &end) || end.Clean {
			t.Fatalf("got %v", err)
		}
	}
	if _, _, err := c.Reader(soon(t)); !errors.As(err, &end) {
		t.Fatalf("got %v", err)
	}
	if _, err := c.Writer(soon(t), wsnet.Text); !errors.As(err, &end) {
		t.Fatalf("got %v", err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(nil); err == nil || errors.As(err, &end) {
		t.Fatalf("a closed MessageWriter: %v", err)
	}
}
