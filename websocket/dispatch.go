package websocket

import (
	"runtime/debug"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/callback"
)

// emit has an event wait for its listeners.
func (s *Socket) emit(e Event) {
	e.Target = s
	s.queues[e.Type] = append(s.queues[e.Type], e)
	if e.Type == MessageEvent {
		s.unheard += len(e.Data) + cost
	}
	s.kick()
}

// kick has the events delivered that can be.
func (s *Socket) kick() {
	s.changed.Broadcast()
	if _, ok := s.deliverable(); ok && !s.dispatching {
		s.dispatching = true
		go s.dispatch()
	}
}

// heard reports whether a type has a listener.
func (s *Socket) heard(t EventType) bool { return s.handlers[t] != nil || len(s.listeners[t]) > 0 }

// deliverable returns the type whose first event is the next to be delivered. The
// order of the types is that in which a connection meets them.
func (s *Socket) deliverable() (next EventType, ok bool) {
	for t := range EventType(types) {
		if len(s.queues[t]) > 0 && s.heard(t) {
			return t, true
		}
	}
	return 0, false
}

// dispatch delivers events until none is left that can be.
func (s *Socket) dispatch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() { // a listener may end the goroutine
		s.dispatching = false
		s.kick()
	}()
	for {
		t, ok := s.deliverable()
		if !ok {
			return
		}
		s.deliver(s.take(t))
	}
}

// take takes the first event of a type off its queue.
func (s *Socket) take(t EventType) Event {
	e := s.queues[t][0]
	s.queues[t][0] = Event{}
	if s.queues[t] = s.queues[t][1:]; len(s.queues[t]) == 0 {
		s.queues[t] = nil
	}
	if t == MessageEvent {
		s.unheard -= len(e.Data) + cost
		if e.Kind == wsfsm.Binary {
			e.Binary = s.binaryType
		}
	}
	return e
}

// deliver calls the listeners of an event.
func (s *Socket) deliver(e Event) {
	if e.Type == MessageEvent && s.left {
		return // as in browsers: not wanted any more
	}
	handler, listeners := s.handlers[e.Type], s.listeners[e.Type]
	s.mu.Unlock()
	defer s.mu.Lock()
	if handler != nil {
		s.call(handler, e)
	}
	for _, l := range listeners {
		s.call(l.call, e)
	}
}

// call calls a listener and reports its panic.
func (s *Socket) call(f func(Event), e Event) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		err, _ := p.(error)
		fault := &callback.Fault{Function: e.Type.String(), Panic: p, Stack: debug.Stack(), Err: err}
		if s.options.Fault == nil {
			panic(fault)
		}
		s.mu.Lock()
		s.leave(wsfsm.CloseInternalError, "")
		s.mu.Unlock()
		s.options.Fault(s, fault)
	}()
	f(e)
}

// awaitHearing waits until more may be read: until the listeners have had what
// came before and their answers have gone, and there is room for what nobody
// listens to.
func (s *Socket) awaitHearing() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.left && (s.dispatching || s.unheard >= s.options.MaxUnheard) {
		s.changed.Wait()
	}
	if s.left || s.impatient || !s.writing {
		return
	}
	timer := time.AfterFunc(grace, s.losePatience)
	defer timer.Stop()
	for s.writing && !s.left && !s.impatient {
		s.changed.Wait()
	}
}

// grace is for how long reading waits for what is being sent. Two ends that only
// wait for each other's reading would wait for ever.
const grace = time.Second

// losePatience lets the reading go on until all has been sent.
func (s *Socket) losePatience() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.impatient = s.writing
	s.changed.Broadcast()
}
