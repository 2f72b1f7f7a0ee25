package main

import (
	"context"
	"net"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/websocket"
	"github.com/wsfsm/wsfsm/wsnet"
)

func TestRoom(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &room{members: map[*websocket.Socket]struct{}{}}
	server := websocket.NewServer(r.enter, nil)
	go server.Serve(l)
	defer server.Close()

	enter := func() *wsnet.Conn {
		c, err := wsnet.Dial(context.Background(), "ws://"+l.Addr().String()+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	hear := func(c *wsnet.Conn, want string) {
		t.Helper()
		if _, p, err := c.Read(context.Background()); string(p) != want || err != nil {
			t.Fatalf("heard %q, %v; want %q", p, err, want)
		}
	}
	a := enter()
	hear(a, a.LocalAddr().String()+" came")
	b := enter()
	for _, c := range []*wsnet.Conn{a, b} {
		hear(c, b.LocalAddr().String()+" came")
	}
	for kind, p := range map[wsnet.MessageKind]string{wsnet.Binary: "\xff", wsnet.Text: "Hello"} { // the former is for nobody
		if err := a.Write(context.Background(), kind, []byte(p)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []*wsnet.Conn{a, b} {
		hear(c, a.LocalAddr().String()+": Hello")
	}
	if err := a.Close(wsfsm.CloseNormal, ""); err != nil {
		t.Fatal(err)
	}
	hear(b, a.LocalAddr().String()+" left")
	if err := b.CloseNow(); err != nil {
		t.Fatal(err)
	}
}
