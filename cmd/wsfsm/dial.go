package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/client"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/console"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/trace"
)

// dialOptions are the flags of dial.
type dialOptions struct {
	client   client.Options
	headers  []string
	version  string
	deflate  bool
	insecure bool
	binary   bool
	ping     string
	wait     time.Duration
	code     uint16
	reason   string
	asJSON   bool
	trace    bool
}

func newDial() *cobra.Command {
	var o dialOptions
	c := &cobra.Command{
		Use:   "dial URL",
		Short: "Connect to a WebSocket server",
		Long: `Connect to a ws or wss URL.

At a terminal, type messages at the prompt; what comes is shown above it. Ctrl-D
or Ctrl-C closes. Otherwise each line of standard input is sent as a message, and
each message that comes is a line of standard output; at the end of standard
input the connection is closed, and what the server still sends before it closes
too is written.

A line is a text message, or with --binary the octets of a binary message in hex,
such as "48 65 6c6c6f". Binary messages that come are written in hex. With --json
each event is a line of JSON, which also tells binary messages from texts and
keeps line feeds inside of texts.

The exit status is 1 if a rule of the protocol was broken, the connection broke
down, a line could not be sent, or the server closed with a code from 1002 to
1014; 3 if no connection came about, because of the name, the network, TLS,
time, or an HTTP status other than 101.`,
		Example: `  wsfsm dial ws://127.0.0.1:9001/
  echo Hello | wsfsm dial ws://127.0.0.1:9001/
  wsfsm dial ws://127.0.0.1:9001/ --version hixie-76
  wsfsm dial wss://localhost:9443/ --insecure --ping=5s --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return dial(c, args[0], &o) },
	}
	f := c.Flags()
	f.BoolVarP(&o.binary, "binary", "b", false, "send binary messages, from lines of hex")
	f.StringVar(&o.ping, "ping", "", "send one ping, or one every `interval`, and print round trips")
	f.Lookup("ping").NoOptDefVal = "once"
	f.StringSliceVar(&o.client.Driver.Subprotocols, "subprotocol", nil, "`subprotocols` to offer, the preferred first")
	f.StringArrayVarP(&o.headers, "header", "H", nil, "`'Name: value'` to add to the request; may be repeated")
	f.StringVar(&o.version, "version", "rfc6455", "`version` to speak, such as hixie-76, or its number on the wire")
	f.BoolVar(&o.deflate, "deflate", false, "offer permessage-deflate")
	f.StringVar(&o.client.Driver.Origin, "origin", "", "`origin` to send")
	f.BoolVarP(&o.insecure, "insecure", "k", false, "do not verify the server's certificate")
	f.Int64Var(&o.client.Driver.MaxMessage, "max-message", wsfsm.DefaultMaxMessage, "longest message received, in `octets`; -1 for no limit")
	f.DurationVar(&o.client.Timeout, "timeout", 30*time.Second, "longest `time` for each of connecting, the opening and the closing handshake")
	f.DurationVar(&o.wait, "wait", 0, "`time` to go on reading after the end of standard input, before closing")
	f.Uint16Var(&o.code, "close-code", uint16(wsfsm.CloseNormal), "`code` to close with; 0 for none")
	f.StringVar(&o.reason, "close-reason", "", "`reason` to close with")
	f.BoolVar(&o.asJSON, "json", false, "write events as lines of JSON")
	f.BoolVar(&o.trace, "trace", false, "print each transition, and the sizes of compressed messages, on standard error")
	return c
}

func dial(c *cobra.Command, url string, o *dialOptions) error {
	interval, err := o.complete()
	if err != nil {
		return err
	}
	s := &session{options: o, interval: interval, opened: make(chan struct{}), ended: make(chan struct{})}
	if o.trace {
		o.client.Driver.Observer = s.transition
		s.in, s.out = trace.NewMeter("in", s.sizes), trace.NewMeter("out", s.sizes)
		o.client.SeeIn, o.client.SeeOut = s.in.Frame, s.out.Frame
	}
	ctx, stop := signal.NotifyContext(c.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	s.conn, err = client.Dial(ctx, url, o.client)
	if err != nil {
		return dialOutcome(err)
	}
	s.console, err = console.Open(c.InOrStdin(), c.OutOrStdout(), c.ErrOrStderr(), os.Getenv("NO_COLOR") == "")
	if err != nil {
		return found(err)
	}
	defer s.console.Close()
	context.AfterFunc(ctx, func() {
		stop() // a second signal ends the program at once
		s.interrupted.Store(true)
		s.close()
	})
	return s.run()
}

// complete checks the flags and fills in what follows from them. It returns the
// interval of pings: 0 for none, -1 for a single one.
func (o *dialOptions) complete() (interval time.Duration, err error) {
	switch {
	case o.client.Driver.MaxMessage == 0:
		return 0, errors.New("--max-message is 0; -1 is no limit")
	case o.client.Timeout <= 0:
		return 0, fmt.Errorf("--timeout is %s", o.client.Timeout)
	case o.code == 0 && o.reason != "":
		return 0, errors.New("--close-reason needs a --close-code")
	}
	for _, h := range o.headers {
		name, value, ok := strings.Cut(h, ":")
		if !ok {
			return 0, fmt.Errorf("--header: %q has no colon", h)
		}
		o.client.Header = append(o.client.Header, wsfsm.Field{Name: name, Value: strings.TrimSpace(value)})
	}
	o.client.Driver.Versions = []string{o.version}
	if o.deflate {
		if err := compress(&o.client.Driver); err != nil {
			return 0, err
		}
	}
	o.client.TLS = &tls.Config{InsecureSkipVerify: o.insecure}
	if err := o.tryClose(); err != nil {
		return 0, err
	}
	switch o.ping {
	case "":
		return 0, nil
	case "once":
		return -1, nil
	}
	if interval, err = time.ParseDuration(o.ping); err != nil || interval <= 0 {
		return 0, fmt.Errorf("--ping: %q is no interval, such as 5s", o.ping)
	}
	return interval, nil
}

// tryClose asks a driver that goes nowhere whether code and reason may be sent.
func (o *dialOptions) tryClose() error {
	endpoint, err := wsfsm.NewEndpoint(o.client.Driver)
	if err != nil {
		return err
	}
	d, err := endpoint.Client("ws://localhost/")
	if err != nil {
		return err
	}
	return d.Close(wsfsm.CloseCode(o.code), o.reason)
}

// dialOutcome gives an error of connecting its exit status.
func dialOutcome(err error) error {
	var usage *client.UsageError
	if errors.As(err, &usage) {
		return usage.Err
	}
	return &outcome{exitUnreachable, err}
}
