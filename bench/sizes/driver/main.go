// Command driver is an echo server on the driver, for the size of its program.
package main

import (
	"net"

	"github.com/wsfsm/wsfsm"
)

func main() {
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{AutoStart: true})
	if err != nil {
		panic(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:8080")
	if err != nil {
		panic(err)
	}
	for {
		c, err := l.Accept()
		if err != nil {
			panic(err)
		}
		go serve(c, ep.Server())
	}
}

func serve(c net.Conn, d *wsfsm.Driver) {
	defer c.Close()
	buf := make([]byte, 4<<10)
	for {
		n, err := c.Read(buf)
		if err != nil || d.Receive(buf[:n]) != nil {
			return
		}
		for e := range d.Events() {
			if e.Kind == wsfsm.EventMessage && d.Binary(e.Data) != nil {
				return
			}
		}
		n, err = c.Write(d.Output())
		if err != nil {
			return
		}
		d.Sent(n)
	}
}
