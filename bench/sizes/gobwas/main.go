// Command gobwas is an echo server on gobwas/ws, for the size of its program.
package main

import (
	"net"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:8080")
	if err != nil {
		panic(err)
	}
	for {
		c, err := l.Accept()
		if err != nil {
			panic(err)
		}
		go serve(c)
	}
}

func serve(c net.Conn) {
	defer c.Close()
	if _, err := ws.Upgrade(c); err != nil {
		return
	}
	for {
		p, code, err := wsutil.ReadClientData(c)
		if err != nil || wsutil.WriteServerMessage(c, code, p) != nil {
			return
		}
	}
}
