package client_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/client"
	"github.com/wsfsm/wsfsm/states"
)

// listen serves one transport with a function, and returns the URL of it.
func listen(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		nc, err := l.Accept()
		if err != nil {
			return
		}
		defer nc.Close()
		serve(nc)
	}()
	t.Cleanup(func() {
		l.Close()
		<-done
	})
	return "ws://" + l.Addr().String() + "/"
}

// drive runs a server's driver on a transport: react is called for each event.
// It writes whenever there is output, which suits peers that read.
func drive(nc net.Conn, o wsfsm.Options, react func(*wsfsm.Driver, wsfsm.Event)) {
	o.AutoStart = true
	endpoint, err := wsfsm.NewEndpoint(o)
	if err != nil {
		panic(err)
	}
	d := endpoint.Server()
	buf := make([]byte, 4096)
	for {
		n, err := nc.Read(buf)
		if n > 0 {
			d.Receive(buf[:n])
		}
		if err != nil {
			return
		}
		for first := true; first || d.Pending() > 0; first = false {
			for e := range d.Events() {
				react(d, e)
			}
			for len(d.Output()) > 0 {
				n, err := nc.Write(d.Output())
				d.Sent(n)
				if err != nil {
					return
				}
			}
		}
		if d.CloseExpected() == states.WaitHangUp {
			return
		}
	}
}

func echo(d *wsfsm.Driver, e wsfsm.Event) {
	if e.Kind == wsfsm.EventMessage && e.Message == wsfsm.Text {
		d.Text(e.Data)
	} else if e.Kind == wsfsm.EventMessage {
		d.Binary(e.Data)
	}
}

func dial(t *testing.T, url string, o client.Options) *client.Conn {
	t.Helper()
	if o.Timeout == 0 {
		o.Timeout = 10 * time.Second
	}
	c, err := client.Dial(t.Context(), url, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// run runs a connection and spells its events.
func run(c *client.Conn, also func(wsfsm.Event)) string {
	var events []string
	c.Run(func(e wsfsm.Event) {
		switch e.Kind {
		case wsfsm.EventClosed:
			events = append(events, fmt.Sprintf("closed %d %t", e.Code(), e.Clean()))
		case wsfsm.EventMessage:
			events = append(events, fmt.Sprintf("%s %.20q", e.Message, e.Data))
		case wsfsm.EventError:
			var rule *wsfsm.Error
			errors.As(c.Driver().Err(), &rule)
			events = append(events, "error "+rule.Violation.String())
		default:
			events = append(events, e.Kind.String())
		}
		if also != nil {
			also(e)
		}
	})
	return strings.Join(events, ", ")
}

// TestAnswersBehindTheOwnClose sends everything and closes before anything has
// come back.
func TestAnswersBehindTheOwnClose(t *testing.T) {
	url := listen(t, func(nc net.Conn) { drive(nc, wsfsm.Options{}, echo) })
	c := dial(t, url, client.Options{})
	go func() {
		c.Do(func(d *wsfsm.Driver) error { return d.Text([]byte("Hello")) })
		c.Do(func(d *wsfsm.Driver) error { return d.Binary([]byte{0, 255}) })
		c.Do(func(d *wsfsm.Driver) error { _, err := d.Ping(nil); return err })
		time.Sleep(50 * time.Millisecond) // the connection is open by now
		c.Close(wsfsm.CloseNormal, "bye")
	}()
	const want = `open, text "Hello", binary "\x00\xff", pong, closed 1000 true`
	if got := run(c, nil); got != want {
		t.Errorf("events %s, want %s", got, want)
	}
	if err := c.Do(func(*wsfsm.Driver) error { return nil }); !errors.Is(err, client.ErrEnded) {
		t.Errorf("a command after the end: %v", err)
	}
	if err := c.Close(0, ""); !errors.Is(err, client.ErrEnded) {
		t.Errorf("Close after the end: %v", err)
	}
}

// TestFlood sends much more than transports hold, to a server that answers
// before it reads on.
func TestFlood(t *testing.T) {
	url := listen(t, func(nc net.Conn) { drive(nc, wsfsm.Options{MaxOutput: 1}, echo) })
	c := dial(t, url, client.Options{})
	const messages, size = 300, 100_000
	opened := make(chan struct{})
	go func() {
		<-opened
		payload := bytes.Repeat([]byte{'x'}, size)
		for i := range messages {
			payload[0] = byte(i)
			c.Do(func(d *wsfsm.Driver) error { return d.Binary(payload) })
		}
		c.Close(0, "")
	}()
	got := 0
	end := run(c, func(e wsfsm.Event) {
		if e.Kind == wsfsm.EventOpen {
			close(opened)
		}
		if e.Kind == wsfsm.EventMessage {
			if len(e.Data) != size || e.Data[0] != byte(got) {
				t.Errorf("message %d has %d octets and begins with %d", got, len(e.Data), e.Data[0])
			}
			got++
		}
	})
	if got != messages || !strings.HasSuffix(end, "closed 1005 true") {
		t.Errorf("%d of %d messages came back, end %.30s", got, messages, end[max(0, len(end)-30):])
	}
}

// TestCloseWhileBlocked floods a server that does not read: commands wait for
// room, but Close does not.
func TestCloseWhileBlocked(t *testing.T) {
	release := make(chan struct{})
	url := listen(t, func(nc net.Conn) {
		drive(nc, wsfsm.Options{}, func(d *wsfsm.Driver, e wsfsm.Event) {
			if e.Kind == wsfsm.EventOpen {
				nc.Write(d.Output())
				<-release
			}
		})
	})
	defer close(release)
	c := dial(t, url, client.Options{Timeout: 200 * time.Millisecond})
	go func() {
		go func() {
			for c.Do(func(d *wsfsm.Driver) error { return d.Binary(make([]byte, 1<<20)) }) == nil {
			}
		}()
		time.Sleep(300 * time.Millisecond) // the transport is full by now
		c.Close(wsfsm.CloseNormal, "")
	}()
	if got := run(c, nil); got != "open, closed 1006 false" {
		t.Errorf("events %s", got)
	}
}

func TestRefusal(t *testing.T) {
	url := listen(t, func(nc net.Conn) {
		nc.Read(make([]byte, 4096))
		io.WriteString(nc, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
		io.Copy(io.Discard, nc)
	})
	c := dial(t, url, client.Options{})
	if got := run(c, nil); got != "error bad-status, closed 1006 false" || c.Driver().Response().Status != 404 {
		t.Errorf("events %s", got)
	}
}

func TestBrokenRule(t *testing.T) {
	url := listen(t, func(nc net.Conn) {
		drive(nc, wsfsm.Options{}, func(d *wsfsm.Driver, e wsfsm.Event) {
			if e.Kind == wsfsm.EventOpen {
				nc.Write(d.Output())
				d.Sent(d.Unsent())
				io.WriteString(nc, "\x81\x01\xff")
			}
		})
	})
	c := dial(t, url, client.Options{})
	if got := run(c, nil); got != "open, error invalid-text, closed 1006 false" {
		t.Errorf("events %s", got)
	}
}

// TestSilence holds the timer of each handshake.
func TestSilence(t *testing.T) {
	const short = 100 * time.Millisecond
	mute := listen(t, func(nc net.Conn) { io.Copy(io.Discard, nc) })
	if got := run(dial(t, mute, client.Options{Timeout: short}), nil); got != "closed 1006 false" {
		t.Errorf("no response: events %s", got)
	}
	deaf := listen(t, func(nc net.Conn) {
		drive(nc, wsfsm.Options{}, func(d *wsfsm.Driver, e wsfsm.Event) {
			if e.Kind == wsfsm.EventOpen {
				nc.Write(d.Output())
				io.Copy(io.Discard, nc)
			}
		})
	})
	c := dial(t, deaf, client.Options{Timeout: short})
	began := time.Now()
	got := run(c, func(e wsfsm.Event) {
		if e.Kind == wsfsm.EventOpen {
			go func() {
				time.Sleep(2 * short) // an open connection has no timer
				c.Close(wsfsm.CloseNormal, "")
			}()
		}
		if e.Kind == wsfsm.EventClosed && !errors.Is(c.Driver().Err(), wsfsm.ErrTimeout) {
			t.Errorf("no close frame: %v", c.Driver().Err())
		}
	})
	if got != "open, closed 1006 false" || time.Since(began) < 3*short {
		t.Errorf("no close frame: events %s after %s", got, time.Since(began))
	}
}

func TestWrongUse(t *testing.T) {
	for _, c := range []struct {
		url     string
		options client.Options
	}{
		{"http://127.0.0.1/", client.Options{}},
		{"ws://", client.Options{}},
		{"ws://user:secret@127.0.0.1/#x", client.Options{}},
		{"ws://127.0.0.1/", client.Options{Driver: wsfsm.Options{Versions: []string{"99"}}}},
		{"ws://127.0.0.1/", client.Options{Header: []wsfsm.Field{{Name: "Host", Value: "x"}}}},
	} {
		var usage *client.UsageError
		_, err := client.Dial(t.Context(), c.url, c.options)
		if !errors.As(err, &usage) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", c.url, err)
		}
	}
}

func TestNoConnection(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if _, err := client.Dial(t.Context(), "ws://"+l.Addr().String(), client.Options{Timeout: time.Second}); err == nil {
		t.Error("connected to nobody")
	}
	// A listener that never accepts lets TLS wait.
	l, err = net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, err = client.Dial(t.Context(), "wss://"+l.Addr().String(), client.Options{Timeout: 50 * time.Millisecond})
	if !errors.Is(err, client.ErrConnectTimeout) {
		t.Errorf("TLS with nobody: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client.Dial(ctx, "ws://127.0.0.1/", client.Options{Timeout: time.Second}); !errors.Is(err, context.Canceled) {
		t.Errorf("a context that has ended: %v", err)
	}
}
