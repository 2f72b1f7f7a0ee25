// Command sansio echoes without wsnet: the driver between Read and Write.
package main

import (
	"log"
	"net"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

func main() {
	endpoint, err := wsfsm.NewEndpoint(wsfsm.Options{AutoStart: true})
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:9002")
	if err != nil {
		log.Fatal(err)
	}
	for {
		conn, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go echo(conn, endpoint.Server())
	}
}

func echo(conn net.Conn, d *wsfsm.Driver) {
	defer conn.Close()
	buf := make([]byte, 4096)
	for d.CloseExpected() != states.WaitHangUp {
		n, err := conn.Read(buf)
		if err != nil {
			d.ReceiveEOF(err)
		} else if err := d.Receive(buf[:n]); err != nil {
			return
		}
		for more := true; more; more = d.Pending() > 0 { // output may fill up before the input is used up
			for event := range d.Events() {
				switch {
				case event.Kind == wsfsm.EventClosed:
					return
				case event.Kind == wsfsm.EventMessage && event.Message == wsfsm.Text:
					err = d.Text(event.Data)
				case event.Kind == wsfsm.EventMessage:
					err = d.Binary(event.Data)
				}
			}
			n, err = conn.Write(d.Output())
			if d.Sent(n); err != nil {
				return
			}
		}
	}
}
