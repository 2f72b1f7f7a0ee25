//go:build linux || darwin || netbsd || freebsd || openbsd || dragonfly

// Command eventloop is an echo server on event loops, without a goroutine for
// each connection.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/lesismal/nbio/logging"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/examples/eventloop/loop"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:9005", "`address` to listen on")
	flag.Parse()
	logging.SetLevel(logging.LevelWarn)
	s, err := loop.Listen(loop.Options{Addr: *addr, Message: echo})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("echo server on ws://%s/\n", s.Addr())
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	<-ctx.Done()
	if err := s.Shutdown(context.Background()); err != nil {
		log.Fatal(err)
	}
}

// echo sends each message back. That the peer is closing already is no failure.
func echo(c *loop.Conn, e wsfsm.Event) { _ = c.Send(e.Message, e.Data) }
