package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/record"
	"github.com/wsfsm/wsfsm/trace"
)

// traceOptions are the flags that the commands below trace share.
type traceOptions struct {
	driver   wsfsm.Options
	settings trace.Settings
	deflate  bool
	insecure bool // of a client
}

func newTrace() *cobra.Command {
	c := &cobra.Command{
		Use:   "trace",
		Short: "Record what is done with a driver, to replay it",
		Long: `Record a connection as a trace: lines of JSON with each call of the driver, the
random octets that it drew, and what came of it. 'wsfsm replay' plays it again,
bit for bit.

With --redact a trace tells no payload, key, credential, cookie or address: filler of
the same length is in their place. The heads of frames and the names of header fields
remain. Such a trace is marked, and cannot be replayed.`,
		RunE: func(*cobra.Command, []string) error { return errors.New("a command is missing") },
	}
	c.AddCommand(newTraceServe(), newTraceDial(), newTraceRead())
	return c
}

// flags adds the flags that all commands have.
func (o *traceOptions) flags(c *cobra.Command, redact bool) {
	f := c.Flags()
	f.BoolVar(&o.settings.Redact, "redact", redact, "write filler in place of what is secret; the trace cannot be replayed then")
	f.BoolVar(&o.settings.NoSteps, "no-steps", false, "leave out the transitions")
	f.BoolVar(&o.deflate, "deflate", false, "speak permessage-deflate")
}

// complete fills in what follows from the flags.
func (o *traceOptions) complete() error {
	if o.deflate {
		return compress(&o.driver)
	}
	return nil
}

func newTraceServe() *cobra.Command {
	o := traceOptions{driver: wsfsm.Options{AutoStart: true, Origins: []string{"*"}}}
	var addr, dir string
	c := &cobra.Command{
		Use:   "serve DIR",
		Short: "Record the connections of an echo server",
		Long: `Serve an echo server and write a trace of each connection into a directory, as
1.trace, 2.trace and so on. Filler is in place of what is secret unless --redact=false.`,
		Example: "  wsfsm trace serve traces --redact=false",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			dir = args[0]
			if err := o.complete(); err != nil {
				return err
			}
			return o.serve(c, addr, dir)
		},
	}
	o.flags(c, true)
	c.Flags().StringVar(&addr, "addr", "127.0.0.1:9001", "`address` to listen on; without a host, loopback")
	c.Flags().StringSliceVar(&o.driver.Versions, "versions", nil, "`versions` to speak, such as hixie-76,rfc6455, or all (default 13, 8 and 7 on the wire)")
	return c
}

// serve records connections until a signal comes.
func (o *traceOptions) serve(c *cobra.Command, addr, dir string) error {
	if _, err := trace.NewServer(io.Discard, o.driver, o.settings); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return found(err)
	}
	l, err := listen(c.Context(), &serveOptions{addr: addr})
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(c.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var running sync.WaitGroup
	defer running.Wait()
	context.AfterFunc(ctx, func() { l.Close() })
	c.PrintErrf("echo server on ws://%s/\n", l.Addr())
	for number := 1; ; number++ {
		transport, err := l.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return found(err)
		}
		running.Go(func() {
			ending := context.AfterFunc(ctx, func() { transport.Close() })
			defer ending()
			if err := o.echo(transport, filepath.Join(dir, fmt.Sprint(number, ".trace"))); err != nil {
				c.PrintErrf("connection %d: %s\n", number, plain(err))
			}
		})
	}
}

// echo records one connection in a file of its own.
func (o *traceOptions) echo(transport net.Conn, path string) error {
	defer transport.Close()
	return toFile(path, func(w io.Writer) error {
		r, err := trace.NewServer(w, o.driver, o.settings)
		if err != nil {
			return err
		}
		record.Echo(transport, r)
		return errors.Join(r.Driver().Err(), r.Err())
	})
}

// toFile writes a file, which only its owner may read, since a trace may hold secrets.
func toFile(path string, write func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(file)
	err = write(w)
	return errors.Join(err, w.Flush(), file.Close())
}

func newTraceDial() *cobra.Command {
	var o traceOptions
	var output, version string
	c := &cobra.Command{
		Use:   "dial URL",
		Short: "Record a client's connection",
		Long: `Connect to a ws or wss URL, send each line of standard input as a text message, and
close; messages that come are written to standard output, and the trace to a file.`,
		Example: "  echo Hello | wsfsm trace dial ws://127.0.0.1:9001/ --output hello.trace",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if output == "" {
				return errors.New("--output is missing")
			}
			o.driver.Versions = []string{version}
			if err := o.complete(); err != nil {
				return err
			}
			return o.dial(c, args[0], output)
		},
	}
	o.flags(c, false)
	c.Flags().StringVarP(&output, "output", "o", "", "`file` to write the trace to")
	c.Flags().BoolVarP(&o.insecure, "insecure", "k", false, "do not verify the server's certificate")
	c.Flags().StringVar(&version, "version", "rfc6455", "`version` to speak, such as hixie-76, or its number on the wire")
	return c
}

func (o *traceOptions) dial(c *cobra.Command, to, output string) error {
	if _, err := trace.NewClient(io.Discard, to, o.driver, o.settings); err != nil {
		return err
	}
	transport, err := connect(c.Context(), to, o.insecure)
	if err != nil {
		return &outcome{exitUnreachable, err}
	}
	lines := make(chan []byte)
	go func() {
		defer close(lines)
		for in := bufio.NewScanner(c.InOrStdin()); in.Scan(); {
			lines <- append([]byte(nil), in.Bytes()...)
		}
	}()
	return found(toFile(output, func(w io.Writer) error {
		r, err := trace.NewClient(w, to, o.driver, o.settings)
		if err != nil {
			return err
		}
		err = record.Talk(transport, r, lines, func(e wsfsm.Event) { fmt.Fprintf(c.OutOrStdout(), "%s\n", e.Data) })
		return errors.Join(err, r.Err())
	}))
}

// connect connects to the host of a URL that a driver has accepted.
func connect(ctx context.Context, to string, insecure bool) (net.Conn, error) {
	u, err := url.Parse(to)
	if err != nil {
		return nil, err
	}
	port := u.Port()
	if u.Scheme == "wss" {
		if port == "" {
			port = "443"
		}
		dialer := &tls.Dialer{Config: &tls.Config{InsecureSkipVerify: insecure}}
		return dialer.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	}
	if port == "" {
		port = "80"
	}
	return new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
}
