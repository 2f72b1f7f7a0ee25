// Command echo sends each message back, and speaks every version that it is asked
// in.
package main

import (
	"log"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/websocket"
	"github.com/wsfsm/wsfsm/wsnet"
)

func main() {
	options := &websocket.ServerOptions{
		Net:        &wsnet.Options{Driver: wsfsm.Options{Versions: []string{wsfsm.AllVersions}}},
		HealthPath: "/healthcheck",
	}
	log.Fatal(websocket.ListenAndServe("127.0.0.1", 9003, echo, options))
}

func echo(s *websocket.Socket) {
	s.OnOpen(func(websocket.Event) { log.Printf("%s: open, %s", s.RemoteAddr(), s.Version()) })
	s.OnMessage(func(e websocket.Event) {
		send := s.SendBinary
		if e.Kind == wsfsm.Text {
			send = func(p []byte) error { return s.Send(string(p)) }
		}
		if err := send(e.Data); err != nil {
			log.Printf("%s: %v", s.RemoteAddr(), err)
		}
	})
	s.OnError(func(e websocket.Event) { log.Printf("%s: %v", s.RemoteAddr(), e.Err) })
	s.OnClose(func(e websocket.Event) { log.Printf("%s: closed, %d %s", s.RemoteAddr(), e.Code, e.Reason) })
}
