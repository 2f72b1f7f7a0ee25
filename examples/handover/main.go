//go:build unix

// Command handover is an echo server that can be replaced while it runs: on SIGUSR2 it
// starts its executable anew, hands the listener and all connections to the new
// process, and ends. The peers notice nothing, also in the middle of a message.
//
//	go run ./examples/handover &
//	kill -USR2 %1
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/wsfsm/wsfsm"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:9006", "`address` to listen on")
	flag.Parse()
	// Each process decides for itself what it speaks; a snapshot of another version,
	// or of other tables of it, is refused.
	endpoint, err := wsfsm.NewEndpoint(wsfsm.Options{AutoStart: true, Versions: []string{wsfsm.AllVersions}})
	if err != nil {
		log.Fatal(err)
	}
	s := &server{endpoint: endpoint, connections: map[*connection]struct{}{}}
	if way, ok, err := inherited(); err != nil {
		log.Fatal(err)
	} else if ok {
		if err := s.takeOver(way); err != nil {
			log.Fatal(err)
		}
	} else if s.listener, err = listen(*addr); err != nil {
		log.Fatal(err)
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR2)
	fmt.Println("listening", s.listener.Addr(), os.Getpid())
	s.accepting.Go(s.accept)
	<-signals
	if err := s.handOver(); err != nil {
		log.Fatal(err)
	}
}

func listen(addr string) (*net.TCPListener, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	return l.(*net.TCPListener), nil
}
