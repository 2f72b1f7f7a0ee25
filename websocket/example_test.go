package websocket_test

import (
	"context"
	"fmt"
	"log"
	"net"

	"github.com/wsfsm/wsfsm/websocket"
)

// An echo server, and a client with the interface of browsers.
func Example() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	server := websocket.NewServer(func(s *websocket.Socket) {
		s.OnMessage(func(e websocket.Event) { s.Send(string(e.Data)) })
	}, nil)
	go server.Serve(listener)
	defer server.Shutdown(context.Background())

	s, err := websocket.New("ws://"+listener.Addr().String()+"/", nil)
	if err != nil {
		log.Fatal(err)
	}
	closed := make(chan struct{})
	s.OnOpen(func(websocket.Event) { s.Send("Hello") })
	s.OnMessage(func(e websocket.Event) {
		fmt.Printf("%s\n", e.Data)
		s.Close(1000, "that was all")
	})
	s.OnClose(func(e websocket.Event) {
		fmt.Println(e.Code, e.Reason, e.WasClean)
		close(closed)
	})
	<-closed
	// Output:
	// Hello
	// 1000 that was all true
}

// A server on a port of its own, with a path for load balancers to look at.
func ExampleListenAndServe() {
	log.Fatal(websocket.ListenAndServe("127.0.0.1", 8080, func(s *websocket.Socket) {
		s.OnOpen(func(websocket.Event) { log.Println(s.RemoteAddr(), s.Origin(), s.Path(), s.Query()) })
		s.OnMessage(func(e websocket.Event) { s.Send(string(e.Data)) })
	}, &websocket.ServerOptions{HealthPath: "/healthcheck"}))
}
