package callback_test

import (
	"errors"
	"fmt"
	"log"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/callback"
)

// discard takes output that nobody needs.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// An echo server; what a transport would bring is given by hand.
func ExampleAdapter() {
	endpoint, err := wsfsm.NewEndpoint(wsfsm.Options{})
	if err != nil {
		log.Fatal(err)
	}
	a := callback.New(endpoint.Server(), discard{}, callback.Listeners{
		OnConnect: func(a *callback.Adapter, r *wsfsm.Request) error {
			fmt.Println("connect", r.Target)
			return a.Start()
		},
		OnOpen: func(a *callback.Adapter) error {
			fmt.Println("open", a.Version())
			return a.Ping([]byte("are you there?"), func() { fmt.Println("it is") })
		},
		OnMessage: func(a *callback.Adapter, m callback.Message) error {
			fmt.Printf("%s %s\n", m.Kind, m.Data)
			return a.Send(m.Kind, m.Data)
		},
		OnClose: func(_ *callback.Adapter, e callback.CloseEvent) {
			fmt.Println("close", e.Code, e.Reason, e.Clean)
		},
	})
	input := []byte(request)
	input = append(input, frame(0x81, "Hello")...)
	input = append(input, frame(0x8A, "are you there?")...)
	input = append(input, frame(0x88, "\x03\xe8bye")...)
	if err := a.Receive(input); err != nil {
		log.Fatal(err)
	}
	// Output:
	// connect /chat
	// open hybi-13
	// text Hello
	// it is
	// close 1000 bye true
}

// What the application does wrong is told apart from what the peer does wrong.
func ExampleListeners_faults() {
	endpoint, err := wsfsm.NewEndpoint(wsfsm.Options{})
	if err != nil {
		log.Fatal(err)
	}
	a := callback.New(endpoint.Server(), discard{}, callback.Listeners{
		OnMessage: func(*callback.Adapter, callback.Message) error { return errors.New("the database is gone") },
		OnError:   func(_ *callback.Adapter, err error) { fmt.Println("the peer's:", err) },
		OnFault:   func(_ *callback.Adapter, f *callback.Fault) { fmt.Println("ours:", f) },
		OnClose:   func(_ *callback.Adapter, e callback.CloseEvent) { fmt.Println("close", e.Code) },
	})
	input := append([]byte(request), frame(0x81, "Hello")...)
	input = append(input, frame(0x88, "\x03\xf3")...) // the peer answers with the same code
	if err := a.Receive(input); err != nil {
		log.Fatal(err)
	}
	// Output:
	// ours: callback: OnMessage: the database is gone
	// close 1011
}

func ExampleVersionName() {
	fmt.Println(callback.VersionName("rfc6455"), callback.VersionName("hybi-10"), callback.VersionName("hixie-76"))
	// Output: hybi-13 hybi-8 hixie-76
}
