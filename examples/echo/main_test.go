package main

import (
	"context"
	"net"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/websocket"
	"github.com/wsfsm/wsfsm/wsnet"
)

func TestEcho(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := websocket.NewServer(echo, nil)
	go server.Serve(l)
	defer server.Close()
	ctx := context.Background()
	c, err := wsnet.Dial(ctx, "ws://"+l.Addr().String()+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []wsnet.MessageKind{wsnet.Text, wsnet.Binary} {
		if err := c.Write(ctx, kind, []byte("Hello")); err != nil {
			t.Fatal(err)
		}
		if got, p, err := c.Read(ctx); got != kind || string(p) != "Hello" || err != nil {
			t.Fatalf("got %v %q, %v", got, p, err)
		}
	}
	if err := c.Close(wsfsm.CloseNormal, ""); err != nil {
		t.Fatal(err)
	}
}
