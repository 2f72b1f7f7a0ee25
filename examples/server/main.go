// Command server echoes each message.
package main

import (
	"context"
	"log"

	"github.com/wsfsm/wsfsm/wsnet"
)

func main() {
	log.Fatal(wsnet.ListenAndServe("127.0.0.1:9001", func(c *wsnet.Conn) {
		for {
			kind, message, err := c.Read(context.Background())
			if err != nil {
				return // err says how the connection ended
			}
			if err := c.Write(context.Background(), kind, message); err != nil {
				return
			}
		}
	}, nil))
}
