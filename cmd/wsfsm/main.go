// Command wsfsm is a WebSocket server, a client, and a look into the state
// machines that both run on.
//
//	wsfsm serve                                an echo server, with a page for browsers
//	wsfsm dial URL                             a client, for people and for pipes
//	wsfsm show VERSION [MACHINE]               the machines of a version as tables
//	wsfsm diagram VERSION MACHINE --format F   a machine as a picture
//	wsfsm gen [DIR]                            what is generated from spec files
//	wsfsm trace serve|dial|read                what is done with a driver, recorded
//	wsfsm replay FILE                          what was recorded, played again
//
// Data goes to standard output, everything else to standard error. The exit
// status is 0 if all went well, 1 if something was found wrong, 2 if the
// command was used wrongly, and 3 if no connection came about.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
}

// streams are what a command reads and writes.
type streams struct {
	in  io.Reader
	out io.Writer
	err io.Writer
}

// Exit statuses.
const (
	exitOK          = 0
	exitFound       = 1
	exitUsage       = 2
	exitUnreachable = 3
)

// outcome is an error that knows the exit status. What has none is a mistake
// in the command line.
type outcome struct {
	status int
	err    error
}

func (o *outcome) Error() string { return o.err.Error() }
func (o *outcome) Unwrap() error { return o.err }

// found makes the outcome of something that was found wrong; nil of nil.
func found(err error) error {
	if err == nil {
		return nil
	}
	return &outcome{exitFound, err}
}

// run carries out one command line and returns the exit status.
func run(ctx context.Context, args []string, std streams) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(std.in)
	root.SetOut(std.out)
	root.SetErr(std.err)
	command, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitOK
	}
	var o *outcome
	if errors.As(err, &o) {
		fmt.Fprintf(std.err, "wsfsm: %s\n", plain(o.err))
		return o.status
	}
	fmt.Fprintf(std.err, "wsfsm: %s\nTry '%s --help'.\n", plain(err), command.CommandPath())
	return exitUsage
}

// plain is an error's text without the package that it comes from.
func plain(err error) string {
	text := err.Error()
	for _, name := range []string{"wsfsm: ", "wsnet: ", "gen: ", "trace: ", "capture: "} {
		text = strings.TrimPrefix(text, name)
	}
	return text
}

// version is that of the module which the program was built from.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(unknown)"
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "wsfsm",
		Short: "WebSocket as finite state machines",
		Long: `WebSocket as finite state machines: an echo server, a client, and a look into
the machines that both run on.

Data goes to standard output, everything else to standard error. The exit
status is 0 if all went well, 1 if something was found wrong, 2 if the command
was used wrongly, and 3 if no connection came about.`,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(*cobra.Command, []string) error {
			return errors.New("a command is missing")
		},
	}
	root.AddCommand(newServe(), newDial(), newShow(), newDiagram(), newGen(), newTrace(), newReplay())
	return root
}
