package deflate_test

import (
	"fmt"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/extension/deflate"
)

func Example() {
	compression, err := deflate.New(deflate.Options{PeerNoContextTakeover: true, Threshold: deflate.NoThreshold})
	if err != nil {
		panic(err)
	}
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{AutoStart: true, Extensions: []extension.Extension{compression}})
	if err != nil {
		panic(err)
	}
	client, err := ep.Client("ws://example.com/")
	if err != nil {
		panic(err)
	}
	server := ep.Server()
	carry := func(from, to *wsfsm.Driver) {
		p := append([]byte(nil), from.Output()...)
		from.Sent(len(p))
		if err := to.Receive(p); err != nil {
			panic(err)
		}
		for e := range to.Events() {
			if e.Kind == wsfsm.EventMessage {
				fmt.Printf("%d octets in %d\n", len(e.Data), len(p))
			}
		}
	}
	if err := client.Start(); err != nil {
		panic(err)
	}
	carry(client, server)
	carry(server, client)
	fmt.Println(client.Extensions())
	if err := server.Text([]byte("HelloHelloHelloHelloHello")); err != nil {
		panic(err)
	}
	carry(server, client)
	// Output:
	// [permessage-deflate; server_no_context_takeover; client_no_context_takeover]
	// 25 octets in 11
}
