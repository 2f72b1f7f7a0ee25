package wsfsm_test

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"strings"

	"github.com/wsfsm/wsfsm"
)

func ExampleAcceptKey() {
	fmt.Println(wsfsm.AcceptKey("dGhlIHNhbXBsZSBub25jZQ=="))
	// Output: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
}

func ExampleAppendFrame() {
	header := wsfsm.FrameHeader{Final: true, Opcode: 1, Masked: true, Key: [4]byte{0x37, 0xfa, 0x21, 0x3d}}
	fmt.Printf("% x\n", wsfsm.AppendFrame(nil, header, []byte("Hello")))
	// Output: 81 85 37 fa 21 3d 7f 9f 4d 51 58
}

func ExampleMask() {
	key := [4]byte{0x37, 0xfa, 0x21, 0x3d}
	payload := []byte{0x7f, 0x9f, 0x4d, 0x51, 0x58}
	pos := wsfsm.Mask(key, 0, payload[:2]) // in pieces, as they come
	wsfsm.Mask(key, pos, payload[2:])
	fmt.Printf("%s\n", payload)
	// Output: Hello
}

// Two drivers talk to each other without any transport.
func ExampleDriver() {
	endpoint, err := wsfsm.NewEndpoint(wsfsm.Options{AutoStart: true})
	if err != nil {
		log.Fatal(err)
	}
	server := endpoint.Server()
	client, err := endpoint.Client("ws://example.com/")
	if err != nil {
		log.Fatal(err)
	}
	if err := client.Start(); err != nil {
		log.Fatal(err)
	}
	if err := client.Text([]byte("Hello")); err != nil { // queued until the connection is open
		log.Fatal(err)
	}

	deliver := func(from, to *wsfsm.Driver, name string) {
		if err := to.Receive(from.Output()); err != nil {
			log.Fatal(err)
		}
		for e := range to.Events() {
			fmt.Println(name, e.Kind)
			if e.Kind == wsfsm.EventMessage {
				fmt.Printf("%s says %s\n", e.Message, e.Data)
				if err := to.Close(wsfsm.CloseNormal, "thanks"); err != nil {
					log.Fatal(err)
				}
			}
		}
		from.Sent(from.Unsent())
	}
	for server.Unsent()+client.Unsent() > 0 {
		deliver(client, server, "server")
		deliver(server, client, "client")
	}
	server.ReceiveEOF(nil)
	for e := range server.Events() {
		fmt.Println("server", e.Kind, e.Code(), e.Clean())
	}
	// Output:
	// server open
	// client open
	// server message
	// text says Hello
	// server closed 1000 true
}

// A large message is read to where it is delivered; all else into a buffer of the
// caller's.
func ExampleDriver_Room() {
	endpoint, err := wsfsm.NewEndpoint(wsfsm.Options{AutoStart: true})
	if err != nil {
		log.Fatal(err)
	}
	server := endpoint.Server()
	key := wsfsm.FrameHeader{Final: true, Opcode: 2, Masked: true, Key: [4]byte{1, 2, 3, 4}}
	transport := io.MultiReader(
		strings.NewReader("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
			"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"),
		bytes.NewReader(wsfsm.AppendFrame(nil, key, make([]byte, 100<<10))))

	buf := make([]byte, 4<<10)
	for {
		p := server.Room(len(buf))
		if p == nil {
			p = buf
		}
		n, err := transport.Read(p)
		if err == io.EOF {
			break
		}
		if err := server.Receive(p[:n]); err != nil {
			log.Fatal(err)
		}
		for e := range server.Events() {
			fmt.Println(e.Kind, len(e.Data))
		}
	}
	// Output:
	// open 0
	// message 102400
}

func ExampleOptions_observer() {
	options := wsfsm.Options{AutoStart: true, Observer: func(t wsfsm.Transition) {
		if t.Machine.String() == "frame" {
			fmt.Println(t)
		}
	}}
	endpoint, err := wsfsm.NewEndpoint(options)
	if err != nil {
		log.Fatal(err)
	}
	d := endpoint.Server()
	hello := []byte{0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58}
	if err := d.Receive(append([]byte(request), hello...)); err != nil {
		log.Fatal(err)
	}
	for range d.Events() {
	}
	// Output:
	// frame head --data--> length
	// frame length --masked-7--> masked-size
	// frame masked-size --fits--> key / begin
	// frame key --done--> masked-payload
	// frame masked-payload --part--> masked-payload / pass
	// frame masked-payload --done--> head / end
}
