package wsnet_test

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
	"github.com/wsfsm/wsfsm/wsnet"
)

func TestServerEndsTheTransportAfterBothCloseFrames(t *testing.T) {
	nc, br := rawOpen(t, serve(t, echo, nil))
	if _, err := nc.Write([]byte{0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8, 'j', 'u', 'n', 'k'}); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(br)
	if err != nil || string(got) != "\x88\x02\x03\xe8" {
		t.Fatalf("%q %v", got, err)
	}
}

// What the peer still sends does not turn into a reset, which could destroy the
// close frame.
func TestServerReadsToTheEndOfTheStream(t *testing.T) {
	nc, br := rawOpen(t, serve(t, echo, nil))
	if _, err := nc.Write(masked(opClose, "\x03\xe8")); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if _, err := nc.Write(make([]byte, 100<<10)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond)
	}
	if got, err := io.ReadAll(br); err != nil || string(got) != "\x88\x02\x03\xe8" {
		t.Fatalf("%q %v", got, err)
	}
}

func TestViolationIsAnsweredAndReported(t *testing.T) {
	ended := make(chan error, 1)
	url := serve(t, func(c *wsnet.Conn) {
		_, _, err := c.Read(background)
		if err == nil {
			_, _, err = c.Read(background)
		}
		ended <- err
	}, nil)
	nc, br := rawOpen(t, url)
	message := wsfsm.AppendFrame(nil, wsfsm.FrameHeader{Final: true, Opcode: 1, Masked: true}, []byte("whole"))
	if _, err := nc.Write(append(message, 0x83, 0x80)); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(br)
	if err != nil || string(got) != "\x88\x02\x03\xea" {
		t.Fatalf("%q %v", got, err)
	}
	nc.Close()
	var end *wsnet.CloseError
	if err := <-ended; !errors.Is(err, states.ReservedOpcode) || !errors.As(err, &end) || end.Clean || end.Code != wsfsm.CloseAbnormal {
		t.Fatalf("got %v", err)
	}
}

func TestCloseTimeout(t *testing.T) {
	ended := make(chan error, 1)
	url := serve(t, func(c *wsnet.Conn) { ended <- c.Close(wsfsm.CloseNormal, "") }, &wsnet.Options{CloseTimeout: 50 * time.Millisecond})
	_, br := rawOpen(t, url)
	if got, err := io.ReadAll(br); err != nil || string(got) != "\x88\x02\x03\xe8" {
		t.Fatalf("%q %v", got, err)
	}
	if err := <-ended; !errors.Is(err, wsnet.ErrCloseTimeout) {
		t.Fatalf("got %v", err)
	}
}

func TestAbruptEnd(t *testing.T) {
	ended := make(chan error, 1)
	url := serve(t, func(c *wsnet.Conn) { _, _, err := c.Read(background); ended <- err }, nil)
	nc, _ := rawOpen(t, url)
	nc.Close()
	var end *wsnet.CloseError
	if err := <-ended; !errors.As(err, &end) || end.Clean || end.Code != wsfsm.CloseAbnormal || errors.Is(err, io.EOF) || !errors.Is(err, wsfsm.ErrEndOfStream) {
		t.Fatalf("got %v", err)
	}
}

func TestCloseNowEndsEverybody(t *testing.T) {
	c := dial(t, serve(t, echo, nil), nil)
	errs := make(chan error, 2)
	go func() { _, _, err := c.Read(background); errs <- err }()
	go func() { errs <- c.Ping(background, nil) }()
	time.Sleep(20 * time.Millisecond)
	c.CloseNow()
	for range 2 {
		if err := <-errs; err != nil && !errors.Is(err, wsnet.ErrClosed) {
			t.Fatalf("got %v", err)
		}
	}
	if err := c.Write(background, wsnet.Text, nil); !errors.Is(err, wsnet.ErrClosed) {
		t.Fatalf("got %v", err)
	}
	if err := c.Close(wsfsm.CloseNormal, ""); err == nil {
		t.Fatal("Close after CloseNow says that all is well")
	}
}

func TestShutdownSays1001(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &wsnet.Server{Handler: echo}
	go s.Serve(l)
	clients := make([]*wsnet.Conn, 5)
	for i := range clients {
		clients[i] = dial(t, "ws://"+l.Addr().String(), nil)
	}
	if err := s.Shutdown(within(t, 10*time.Second)); err != nil {
		t.Fatal(err)
	}
	for _, c := range clients {
		_, _, err := c.Read(within(t, 5*time.Second))
		var end *wsnet.CloseError
		if !errors.As(err, &end) || end.Code != wsfsm.CloseGoingAway || !errors.Is(err, io.EOF) {
			t.Fatalf("got %v", err)
		}
	}
	if err := s.Serve(l); err != wsnet.ErrServerClosed {
		t.Fatalf("Serve after Shutdown: %v", err)
	}
}

func TestShutdownCutsWhoDoesNotAnswer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &wsnet.Server{Handler: echo}
	go s.Serve(l)
	rawOpen(t, "ws://"+l.Addr().String()+"/")
	if err := s.Shutdown(within(t, 50*time.Millisecond)); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
}

func TestMessageAtAndAboveTheLimit(t *testing.T) {
	url := serve(t, echo, &wsnet.Options{Driver: wsfsm.Options{MaxMessage: 10}})
	c := dial(t, url, nil)
	if err := c.Write(background, wsnet.Binary, make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	if _, p, err := c.Read(within(t, 5*time.Second)); err != nil || len(p) != 10 {
		t.Fatalf("%d octets, %v", len(p), err)
	}
	if err := c.Write(background, wsnet.Binary, make([]byte, 11)); err != nil {
		t.Fatal(err)
	}
	_, _, err := c.Read(within(t, 5*time.Second))
	var end *wsnet.CloseError
	if !errors.As(err, &end) || end.Code != wsfsm.CloseMessageTooBig {
		t.Fatalf("got %v", err)
	}
}
