package wsnet_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/extension/deflate"
	"github.com/wsfsm/wsfsm/states"
	"github.com/wsfsm/wsfsm/wsnet"
)

// recorder is a transport that keeps what was written and what was read.
type recorder struct {
	net.Conn
	mu      sync.Mutex
	out, in bytes.Buffer
}

func (r *recorder) Write(p []byte) (int, error) {
	r.mu.Lock()
	r.out.Write(p)
	r.mu.Unlock()
	return r.Conn.Write(p)
}

func (r *recorder) Read(p []byte) (int, error) {
	n, err := r.Conn.Read(p)
	r.mu.Lock()
	r.in.Write(p[:n])
	r.mu.Unlock()
	return n, err
}

func (r *recorder) CloseWrite() error { return r.Conn.(*net.TCPConn).CloseWrite() }

// frames returns what passed behind the HTTP heads in both directions.
func (r *recorder) frames() (out, in []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	behind := func(b *bytes.Buffer) []byte {
		_, frames, _ := bytes.Cut(bytes.Clone(b.Bytes()), []byte("\r\n\r\n"))
		return frames
	}
	return behind(&r.out), behind(&r.in)
}

// recording dials with a transport that is recorded.
func recording(t *testing.T, url string, o wsfsm.Options) (*wsnet.Conn, *recorder, error) {
	t.Helper()
	nc, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(url, "ws://"), "/"))
	if err != nil {
		t.Fatal(err)
	}
	r := &recorder{Conn: nc}
	c, err := wsnet.Dial(soon(t), url, &wsnet.DialOptions{Driver: o, Conn: r, CloseTimeout: 5 * time.Second})
	if err == nil {
		t.Cleanup(func() { c.CloseNow() })
	}
	return c, r, err
}

// compressing are options of a driver that speaks permessage-deflate.
func compressing(t *testing.T, o deflate.Options) wsfsm.Options {
	t.Helper()
	x, err := deflate.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return wsfsm.Options{Extensions: []extension.Extension{x}}
}

// TestCompressedOnTheWire has both roles send a text that repeats itself.
func TestCompressedOnTheWire(t *testing.T) {
	agreed := make(chan []string, 1)
	url := serve(t, func(c *wsnet.Conn) {
		agreed <- c.Extensions()
		echo(c)
	}, &wsnet.Options{Driver: compressing(t, deflate.Options{NoContextTakeover: true})})
	c, wire, err := recording(t, url, compressing(t, deflate.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"permessage-deflate; server_no_context_takeover"}
	if got := <-agreed; !slices.Equal(got, want) || !slices.Equal(c.Extensions(), want) {
		t.Errorf("server %q, client %q; want %q", got, c.Extensions(), want)
	}
	text := strings.Repeat("all work and no play. ", 500)
	write(t, c, text)
	if got := read(t, c); got != text {
		t.Fatalf("%d octets came back of %d", len(got), len(text))
	}
	const head = 0xC1 // FIN, RSV1, text
	if out, in := wire.frames(); len(out) < 1 || len(in) < 1 || out[0] != head || in[0] != head || len(out) > 200 || len(in) > 200 {
		t.Errorf("sent % .8x in %d octets, received % .8x in %d", out, len(out), in, len(in))
	}
	if err := c.Close(wsfsm.CloseNormal, ""); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(c.Extensions(), want) {
		t.Errorf("at the end %q", c.Extensions())
	}
}

// TestDeclined: where only one end speaks an extension messages go as they are.
func TestDeclined(t *testing.T) {
	both := compressing(t, deflate.Options{})
	for name, ends := range map[string][2]wsfsm.Options{"server": {{}, both}, "client": {both, {}}} {
		t.Run(name, func(t *testing.T) {
			c, wire, err := recording(t, serve(t, echo, &wsnet.Options{Driver: ends[0]}), ends[1])
			if err != nil {
				t.Fatal(err)
			}
			text := strings.Repeat("a", 1000)
			write(t, c, text)
			read(t, c)
			_, in := wire.frames()
			if c.Extensions() != nil || !bytes.Equal(in, plain(opText, text)) {
				t.Errorf("%q agreed on, % .8x came in %d octets", c.Extensions(), in, len(in))
			}
		})
	}
}

// TestRequiredExtension: Dial fails, and the server is told which extension is
// missing (RFC 6455 section 7.4.1).
func TestRequiredExtension(t *testing.T) {
	told := make(chan error, 1)
	url := serve(t, func(c *wsnet.Conn) {
		_, _, err := c.Read(background)
		told <- err
	}, nil)
	c, wire, err := recording(t, url, compressing(t, deflate.Options{Required: true}))
	var opening *wsnet.OpenError
	var broken *wsfsm.Error
	if c != nil || !errors.As(err, &opening) || opening.Stage != wsnet.StageHandshake || opening.Response == nil || opening.Response.Status != 101 ||
		!errors.Is(err, extension.ErrRequired) || !errors.As(err, &broken) || broken.Code != wsfsm.CloseMandatoryExtension {
		t.Fatalf("%v, %v", c, err)
	}
	var closed *wsnet.CloseError
	if err := <-told; !errors.As(err, &closed) || closed.Code != 1010 || closed.Reason != deflate.Name || !closed.Clean {
		t.Errorf("the server is told %v", err)
	}
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		if _, in := wire.frames(); bytes.HasPrefix(in, []byte{0x88}) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the transport was ended before the server had answered")
		}
	}
}

// TestLimitBehindInflating: 64 KiB of one letter take less than 400 octets, and
// are too much for a limit of 1,000.
func TestLimitBehindInflating(t *testing.T) {
	ended := make(chan error, 1)
	limited := compressing(t, deflate.Options{})
	limited.MaxMessage = 1000
	url := serve(t, func(c *wsnet.Conn) {
		_, _, err := c.Read(background)
		if err == nil {
			err = errors.New("the message was delivered")
		}
		ended <- err
	}, &wsnet.Options{Driver: limited})
	c, wire, err := recording(t, url, compressing(t, deflate.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	write(t, c, strings.Repeat("a", 64<<10))
	if out, _ := wire.frames(); len(out) > 400 {
		t.Fatalf("%d octets were sent", len(out))
	}
	if err := <-ended; !errors.Is(err, states.TooLong) {
		t.Errorf("server: %v", err)
	}
	_, _, err = c.Read(soon(t))
	var closed *wsnet.CloseError
	if !errors.As(err, &closed) || closed.Code != wsfsm.CloseMessageTooBig || errors.Is(err, io.EOF) {
		t.Errorf("client: %v", err)
	}
}
