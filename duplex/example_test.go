package duplex_test

import (
	"fmt"
	"io"
	"log"
	"net"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/duplex"
)

// connect joins a wire to a transport.
func connect(wire *duplex.Wire, conn net.Conn) {
	go func() {
		_, err := io.Copy(wire, conn)
		if err == nil {
			wire.CloseWrite()
		} else {
			wire.CloseWithError(err)
		}
	}()
	go func() {
		io.Copy(conn, wire)
		conn.Close()
		wire.Close()
	}()
}

// An echo server and a client on a transport that blocks.
func Example() {
	endpoint, err := wsfsm.NewEndpoint(wsfsm.Options{})
	if err != nil {
		log.Fatal(err)
	}
	near, far := net.Pipe()

	wire, server := duplex.New(endpoint.Server(), nil)
	connect(wire, far)
	go func() {
		io.Copy(server, struct{ io.Reader }{server})
		server.Close()
	}()

	driver, err := endpoint.Client("ws://example.com/")
	if err != nil {
		log.Fatal(err)
	}
	if err := driver.Start(); err != nil {
		log.Fatal(err)
	}
	wire, client := duplex.New(driver, nil)
	connect(wire, near)
	fmt.Fprint(client, "Hello")
	buf := make([]byte, 100)
	n, err := client.Read(buf)
	fmt.Printf("%s %v\n", buf[:n], err)
	client.CloseWrite()
	_, err = client.Read(buf)
	fmt.Println(err)
	// Output:
	// Hello <nil>
	// EOF
}

// Commands that the streams have no method for go through Do.
func ExampleMessages_Do() {
	endpoint, err := wsfsm.NewEndpoint(wsfsm.Options{})
	if err != nil {
		log.Fatal(err)
	}
	wire, messages := duplex.New(endpoint.Server(), nil)
	if _, err := io.WriteString(wire, request); err != nil {
		log.Fatal(err)
	}
	err = messages.Do(func(d *wsfsm.Driver) error {
		fmt.Println(d.Request().Target, d.Version())
		return d.Close(wsfsm.CloseTryAgainLater, "busy")
	})
	fmt.Println(err)
	// Output:
	// /chat rfc6455
	// <nil>
}
