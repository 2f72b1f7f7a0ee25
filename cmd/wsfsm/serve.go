package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/echo"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/trace"
)

// serveOptions are the flags of serve.
type serveOptions struct {
	addr     string
	cert     string
	key      string
	driver   wsfsm.Options
	deflate  bool
	trace    bool
	asJSON   bool
	shutdown time.Duration
}

func newServe() *cobra.Command {
	var o serveOptions
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve an echo server, with a page for browsers",
		Long: `Serve an echo server for tests: it sends back each message as it came, on every
path and, unless --origin says otherwise, for pages from anywhere. It never
pings or fragments on its own account, and compresses only with --deflate. GET / without an upgrade is a
page on which a browser connects, sends, closes, and sees the frames.

Only this machine can connect unless --addr names another address, such as
0.0.0.0:9001. On SIGINT and SIGTERM all connections are closed with code 1001.`,
		Example: `  wsfsm serve
  wsfsm serve --addr 0.0.0.0:9443 --tls-cert cert.pem --tls-key key.pem
  wsfsm serve --versions all
  wsfsm serve --trace | grep 'frame '`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return serve(c, &o) },
	}
	f := c.Flags()
	f.StringVar(&o.addr, "addr", "127.0.0.1:9001", "`address` to listen on; without a host, loopback")
	f.StringVar(&o.cert, "tls-cert", "", "PEM `file` with the certificate; serves wss and https")
	f.StringVar(&o.key, "tls-key", "", "PEM `file` with the certificate's key")
	f.Int64Var(&o.driver.MaxMessage, "max-message", wsfsm.DefaultMaxMessage, "longest message received, in `octets`; -1 for no limit")
	f.StringArrayVar(&o.driver.Origins, "origin", nil, "`origin` whose pages may connect, besides the server's own; may be repeated")
	f.StringSliceVar(&o.driver.Versions, "versions", nil, "`versions` to speak, such as hixie-76,rfc6455, or all (default 13, 8 and 7 on the wire)")
	f.StringSliceVar(&o.driver.Subprotocols, "subprotocol", nil, "`subprotocols` to speak, the preferred first")
	f.BoolVar(&o.deflate, "deflate", false, "compress messages for clients that offer permessage-deflate")
	f.BoolVar(&o.trace, "trace", false, "print each transition, and the sizes of compressed messages, behind their connection's number")
	f.BoolVar(&o.asJSON, "json", false, "print the address, and what --trace prints, as lines of JSON on standard output")
	f.DurationVar(&o.shutdown, "shutdown-timeout", 5*time.Second, "how long closing handshakes may take in the end")
	return c
}

func serve(c *cobra.Command, o *serveOptions) error {
	if (o.cert == "") != (o.key == "") {
		return errors.New("--tls-cert and --tls-key go together")
	}
	if o.driver.MaxMessage == 0 {
		return errors.New("--max-message is 0; -1 is no limit")
	}
	if len(o.driver.Origins) == 0 {
		o.driver.Origins = []string{"*"}
	}
	r := &reporter{command: c, asJSON: o.asJSON}
	o.driver.Secure = o.cert != ""
	if o.deflate {
		if err := compress(&o.driver); err != nil {
			return err
		}
	}
	config := echo.Config{Driver: o.driver, Note: r.note}
	if o.trace {
		config.Trace, config.Message = r.trace, r.message
	}
	server, err := echo.New(config)
	if err != nil {
		return err
	}
	listener, err := listen(c.Context(), o)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(c.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	r.listening(listener.Addr(), o.cert != "") // who reads that may end the server at once
	return found(serveUntil(ctx, server, listener, o.shutdown))
}

// serveUntil serves until ctx ends, then shuts down. A second signal, for which
// nobody listens any more, ends the program at once.
func serveUntil(ctx context.Context, server *echo.Server, l net.Listener, timeout time.Duration) error {
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeoutCause(context.Background(), timeout, errors.New("some connections did not close in time and were cut"))
	defer cancel()
	err := server.Shutdown(ending)
	return errors.Join(err, <-served)
}

func listen(ctx context.Context, o *serveOptions) (net.Listener, error) {
	host, port, err := net.SplitHostPort(o.addr)
	if err != nil {
		return nil, fmt.Errorf("--addr: %w", err)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	var config *tls.Config
	if o.cert != "" {
		certificate, err := tls.LoadX509KeyPair(o.cert, o.key)
		if err != nil {
			return nil, found(err)
		}
		config = &tls.Config{Certificates: []tls.Certificate{certificate}, NextProtos: []string{"http/1.1"}}
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, found(err)
	}
	if config != nil {
		l = tls.NewListener(l, config)
	}
	return l, nil
}

// reporter writes what the server has to say, from many goroutines.
type reporter struct {
	mu      sync.Mutex
	command *cobra.Command
	asJSON  bool
}

func (r *reporter) listening(addr net.Addr, secure bool) {
	webSocket, page := "ws", "http"
	if secure {
		webSocket, page = "wss", "https"
	}
	if !r.asJSON {
		r.command.PrintErrf("echo server on %s://%s/, page on %s://%s/\n", webSocket, addr, page, addr)
		return
	}
	r.line(struct {
		Type    string `json:"type"`
		Address string `json:"address"`
		URL     string `json:"url"`
		Page    string `json:"page"`
	}{"listening", addr.String(), webSocket + "://" + addr.String() + "/", page + "://" + addr.String() + "/"})
}

func (r *reporter) trace(connection int, t wsfsm.Transition) {
	if r.asJSON {
		line := trace.Of(t)
		line.Connection = connection
		r.line(line)
		return
	}
	r.numbered(connection, t)
}

// message tells the sizes of a compressed message.
func (r *reporter) message(connection int, m trace.Message) {
	if r.asJSON {
		m.Connection = connection
		r.line(m)
		return
	}
	r.numbered(connection, m)
}

func (r *reporter) numbered(connection int, what fmt.Stringer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fmt.Fprintf(r.command.OutOrStdout(), "%d %s\n", connection, what)
}

func (r *reporter) line(v any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	json.NewEncoder(r.command.OutOrStdout()).Encode(v)
}

func (r *reporter) note(connection int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.command.PrintErrf("connection %d: %s\n", connection, plain(err))
}
