package wsnet_test

import (
	"context"
	"fmt"
	"log"
	"maps"
	"net"
	"net/http/httptest"
	"strings"
	"sync"

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

// A room under net/http in which each message goes to all.
func ExampleBroadcast() {
	var mu sync.Mutex
	members := map[*wsnet.Conn]bool{}
	room := &wsnet.Server{
		Options: &wsnet.Options{SlowPeer: wsnet.SlowPeerClose},
		Handler: func(c *wsnet.Conn) {
			mu.Lock()
			members[c] = true
			mu.Unlock()
			defer func() {
				mu.Lock()
				delete(members, c)
				mu.Unlock()
			}()
			if c.Write(context.Background(), wsnet.Text, []byte("welcome")) != nil {
				return
			}
			for {
				kind, p, err := c.Read(context.Background())
				if err != nil {
					return
				}
				message, err := wsfsm.Prepare(kind, p)
				if err != nil {
					log.Fatal(err)
				}
				mu.Lock()
				wsnet.Broadcast(maps.Keys(members), message, nil)
				mu.Unlock()
			}
		},
	}
	s := httptest.NewServer(room)
	defer s.Close()
	defer room.Close()

	ctx := context.Background()
	var clients []*wsnet.Conn
	for range 2 {
		c, err := wsnet.Dial(ctx, strings.Replace(s.URL, "http", "ws", 1), nil)
		if err != nil {
			log.Fatal(err)
		}
		if _, _, err := c.Read(ctx); err != nil { // now it is a member
			log.Fatal(err)
		}
		clients = append(clients, c)
	}
	if err := clients[0].Write(ctx, wsnet.Text, []byte("hello")); err != nil {
		log.Fatal(err)
	}
	for _, c := range clients {
		_, p, err := c.Read(ctx)
		fmt.Println(string(p), err)
	}
	// Output:
	// hello <nil>
	// hello <nil>
}
