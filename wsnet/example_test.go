package wsnet_test

import (
	"context"
	"fmt"
	"log"
	"net"
	"strings"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/extension/deflate"
	"github.com/wsfsm/wsfsm/wsnet"
)

// A server and a client that compress.
func Example_compression() {
	compression, err := deflate.New(deflate.Options{})
	if err != nil {
		log.Fatal(err)
	}
	driver := wsfsm.Options{Extensions: []extension.Extension{compression}}

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	server := &wsnet.Server{
		Options: &wsnet.Options{Driver: driver},
		Handler: func(c *wsnet.Conn) {
			for {
				kind, message, err := c.Read(context.Background())
				if err != nil || c.Write(context.Background(), kind, message) != nil {
					return
				}
			}
		},
	}
	go server.Serve(l)
	defer server.Close()

	ctx := context.Background()
	c, err := wsnet.Dial(ctx, "ws://"+l.Addr().String(), &wsnet.DialOptions{Driver: driver})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.Extensions())
	if err := c.Write(ctx, wsnet.Text, []byte(strings.Repeat("Hello ", 1000))); err != nil {
		log.Fatal(err)
	}
	_, message, err := c.Read(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(message), "octets")
	fmt.Println(c.Close(wsfsm.CloseNormal, ""))
	// Output:
	// [permessage-deflate]
	// 6000 octets
	// <nil>
}
