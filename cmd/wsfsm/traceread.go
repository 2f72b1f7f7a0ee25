package main

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/capture"
	"github.com/wsfsm/wsfsm/states"
	"github.com/wsfsm/wsfsm/trace"
)

// readOptions are the flags of trace read.
type readOptions struct {
	traceOptions
	output     string
	role       string
	version    string
	connection int
}

func newTraceRead() *cobra.Command {
	var o readOptions
	c := &cobra.Command{
		Use:   "read FILE",
		Short: "Make a trace of captured octets",
		Long: `Walk a driver through what was captured of a connection, and write the trace of it:
raw octets of one direction, from the opening handshake on, or a pcap or pcapng file
with a plain connection. FILE may be - for standard input.

The role is that of the end which would read the octets: a server's for a request, a
client's for a response. Of a pcap file the server's is taken unless --role says
otherwise; version and compression are then seen from the other direction. The exit
status is 1 if a rule was broken or part of the connection is missing.`,
		Example: `  wsfsm trace read request.bin
  wsfsm trace read --connection 2 --role client capture.pcap`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return o.read(c, args[0]) },
	}
	o.flags(c, false)
	f := c.Flags()
	f.StringVarP(&o.output, "output", "o", "", "`file` to write the trace to (default standard output)")
	f.StringVar(&o.role, "role", "", "`role` of the driver, server or client")
	f.StringVar(&o.version, "version", "", "`version` that a client speaks (default rfc6455, or that of the request)")
	f.IntVar(&o.connection, "connection", 1, "`number` of the connection in a pcap file")
	return c
}

func (o *readOptions) read(c *cobra.Command, path string) error {
	if o.role != "" && o.role != states.Server.String() && o.role != states.Client.String() {
		return fmt.Errorf("--role: there is no %q", o.role)
	}
	if o.version != "" && wsfsm.ProtocolNamed(o.version) == nil {
		return fmt.Errorf("--version: unknown version %q", o.version)
	}
	all, err := readAll(c, path)
	if err != nil {
		return found(err)
	}
	own, other, missing := all, []byte(nil), false
	if capture.Is(all) {
		connection, err := o.choose(c, all)
		if err != nil {
			return found(err)
		}
		ends := []capture.Stream{connection.Client, connection.Server}
		if o.role == states.Client.String() {
			slices.Reverse(ends)
		}
		own, other, missing = ends[0].Octets, ends[1].Octets, ends[0].Missing
	}
	role := trace.Role(own)
	if o.role != "" && o.role != role.String() || role == 0 {
		return found(errors.New("the octets do not begin with a request or response that this role reads"))
	}
	if err := o.expect(role, other); err != nil {
		return err
	}
	write := func(w io.Writer) error {
		return trace.Decode(w, role, o.driver, slices.Chunk(own, 32<<10), o.settings)
	}
	if o.output == "" {
		err = write(c.OutOrStdout())
	} else {
		err = toFile(o.output, write)
	}
	if missing {
		err = errors.Join(err, errors.New("part of the connection was not captured"))
	}
	return found(err)
}

func readAll(c *cobra.Command, path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(c.InOrStdin())
	}
	return os.ReadFile(path)
}

// choose takes one connection of a capture: of those that begin with a request.
func (o *readOptions) choose(c *cobra.Command, file []byte) (*capture.Connection, error) {
	list, err := capture.Read(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(c *capture.Connection) bool { return trace.Role(c.Client.Octets) != states.Server })
	if o.connection < 1 || o.connection > len(list) {
		return nil, fmt.Errorf("there is no connection %d; the file has %d that begin with a request", o.connection, len(list))
	}
	chosen := list[o.connection-1]
	if !o.settings.Redact {
		c.PrintErrf("connection %d of %d, from %s to %s\n", o.connection, len(list), chosen.Client.From, chosen.Server.From)
	}
	return chosen, nil
}

// expect sets the options by what the other direction says.
func (o *readOptions) expect(role states.Role, other []byte) error {
	if role == states.Client {
		o.driver.Versions = []string{cmp.Or(o.version, versionOf(other), "rfc6455")}
	}
	response := other
	if role == states.Server {
		if answer, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(response)), nil); err == nil {
			// A server of hybi-04 has drawn this, and frames are masked by it.
			nonce, _ := base64.StdEncoding.DecodeString(answer.Header.Get("Sec-WebSocket-Nonce"))
			o.driver.Rand = io.MultiReader(bytes.NewReader(nonce), rand.Reader)
			o.deflate = o.deflate || strings.Contains(answer.Header.Get("Sec-WebSocket-Extensions"), "permessage-deflate")
		}
	} else if bytes.Contains(other, []byte("permessage-deflate")) {
		o.deflate = true
	}
	return o.complete()
}

// versionOf returns the version that a request asks for; "" if it asks for none.
func versionOf(request []byte) string {
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{Versions: []string{wsfsm.AllVersions}, Origins: []string{"*"}})
	if err != nil {
		return ""
	}
	d := ep.Server()
	d.Receive(bytes.Clone(request))
	if e, ok := d.Next(); !ok || e.Kind != wsfsm.EventRequest {
		return ""
	}
	return d.Version()
}
