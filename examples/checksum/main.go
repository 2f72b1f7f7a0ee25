// Command checksum is an extension of one's own: a checksum behind each data
// frame, on the reserved bit RSV2. It lets a client and a server talk in memory,
// then changes an octet on the way.
package main

import (
	"fmt"
	"io"
	"log"
	"os"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension"
)

func main() {
	if err := run(os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(w io.Writer) error {
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{AutoStart: true, Extensions: []extension.Extension{checksum{}}})
	if err != nil {
		return err
	}
	client, err := ep.Client("ws://example.com/")
	if err != nil {
		return err
	}
	server := ep.Server()
	if err := client.Start(); err != nil {
		return err
	}
	carry(w, client, server, nil)
	carry(w, server, client, nil)
	fmt.Fprintln(w, "agreed on", client.Extensions())

	for _, change := range []func([]byte){nil, func(p []byte) { p[len(p)-1] ^= 1 }} {
		if err := client.Text([]byte("Hello")); err != nil {
			return err
		}
		carry(w, client, server, change)
	}
	return nil
}

// carry takes what one driver has to send to the other, changed on the way, and
// prints what happens there.
func carry(w io.Writer, from, to *wsfsm.Driver, change func([]byte)) {
	p := append([]byte(nil), from.Output()...)
	from.Sent(len(p))
	if change != nil {
		change(p)
	}
	if err := to.Receive(p); err != nil {
		fmt.Fprintln(w, err)
	}
	for e := range to.Events() {
		switch e.Kind {
		case wsfsm.EventMessage:
			fmt.Fprintf(w, "%s %q\n", e.Message, e.Data)
		case wsfsm.EventError:
			fmt.Fprintln(w, "error:", to.Err())
		}
	}
}
