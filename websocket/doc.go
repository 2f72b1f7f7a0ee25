// Package websocket has the WebSocket interface of browsers, for clients and for
// servers, as faye-websocket has, and a server in one call, as em-websocket has.
// It stands on package wsnet, which is the one to use where no such interface is
// asked for.
//
//	s, err := websocket.New("wss://example.com/chat", nil)
//	...
//	s.OnMessage(func(e websocket.Event) { fmt.Println(string(e.Data)) })
//	s.OnClose(func(e websocket.Event) { fmt.Println(e.Code, e.Reason, e.WasClean) })
//	s.OnOpen(func(websocket.Event) { s.Send("Hello") })
//
//	err = websocket.ListenAndServe("127.0.0.1", 8080, func(s *websocket.Socket) {
//		s.OnMessage(func(e websocket.Event) { s.Send(string(e.Data)) })
//	}, nil)
//
// # Events
//
// The listeners of a Socket are called one after the other, by a goroutine that
// lives as long as there is something to do. An event is delivered as soon as its
// type has a listener: OnOpen is best set last. What may wait is bounded by
// Options.MaxUnheard, after which no more is read. While a listener has a message,
// what follows it is not read either, so that an answer can still be sent when the
// peer closes right behind it.
//
// # Differences to browsers
//
// What they throw is returned: ErrInvalidState, ErrInvalidAccess, ErrSyntax.
// Sending on a socket that is closing or closed is an error. So is more than
// Options.MaxBuffered octets that wait to be sent. BufferedAmount counts what has
// not been given to the transport. The error event has the error. Every binary
// message comes as octets; BinaryType is but a label.
package websocket
