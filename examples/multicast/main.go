// Command multicast sends each message to all who are connected.
package main

import (
	"errors"
	"log"
	"sync"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/websocket"
)

func main() {
	r := &room{members: map[*websocket.Socket]struct{}{}}
	log.Fatal(websocket.ListenAndServe("127.0.0.1", 9004, r.enter, nil))
}

// room is where those who are connected meet.
type room struct {
	mu      sync.Mutex
	members map[*websocket.Socket]struct{}
}

// enter lets a connection take part until it ends.
func (r *room) enter(s *websocket.Socket) {
	s.OnOpen(func(websocket.Event) {
		r.mu.Lock()
		r.members[s] = struct{}{}
		r.mu.Unlock()
		r.send(s.RemoteAddr().String() + " came")
	})
	s.OnMessage(func(e websocket.Event) {
		if e.Kind == wsfsm.Text {
			r.send(s.RemoteAddr().String() + ": " + string(e.Data))
		}
	})
	s.OnClose(func(websocket.Event) {
		r.mu.Lock()
		delete(r.members, s)
		r.mu.Unlock()
		r.send(s.RemoteAddr().String() + " left")
	})
}

// send sends a text to all, without waiting for any of them. Who is too slow has
// to leave; who is leaving already is passed over.
func (r *room) send(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for s := range r.members {
		if errors.Is(s.Send(text), websocket.ErrBufferFull) {
			s.Close(3000, "too slow")
		}
	}
}
