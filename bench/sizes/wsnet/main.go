// Command wsnet is an echo server on wsnet, for the size of its program.
package main

import (
	"context"

	"github.com/wsfsm/wsfsm/wsnet"
)

func main() {
	panic(wsnet.ListenAndServe("127.0.0.1:8080", func(c *wsnet.Conn) {
		for {
			kind, p, err := c.Read(context.Background())
			if err != nil || c.Write(context.Background(), kind, p) != nil {
				return
			}
		}
	}, nil))
}
