package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/extension/deflate"
	"github.com/wsfsm/wsfsm/trace"
)

// replayOptions are the flags of replay.
type replayOptions struct {
	step  bool
	until bool
}

func newReplay() *cobra.Command {
	var o replayOptions
	c := &cobra.Command{
		Use:   "replay FILE",
		Short: "Play a trace again",
		Long: `Play a trace that 'wsfsm trace' or the package trace has recorded: the same calls
with the same random octets on a new driver. What comes of each call is compared
with the trace. FILE may be - for standard input.

The exit status is 1 if something differs, or the trace cannot be played: it was
redacted, is damaged, or was made with other tables.`,
		Example: `  wsfsm replay 1.trace
  wsfsm replay --step 1.trace`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return found(o.replay(c, args[0])) },
	}
	c.Flags().BoolVar(&o.step, "step", false, "print each call with its transitions; wait for a line of standard input behind each, unless that is the trace")
	c.Flags().BoolVar(&o.until, "until-difference", false, "end with the first difference")
	return c
}

func (o *replayOptions) replay(c *cobra.Command, path string) error {
	in := c.InOrStdin()
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		in = file
	}
	p, err := openTrace(in)
	if err != nil {
		return err
	}
	keys := bufio.NewReader(c.InOrStdin())
	calls, differences := 0, 0
	for {
		call, err := p.Step()
		var differs *trace.Difference
		switch {
		case err == io.EOF:
			return o.sum(c, p, calls, differences)
		case errors.As(err, &differs):
			differences++
			tellDifference(c.OutOrStdout(), differs)
		case err != nil:
			return err
		}
		calls++
		if o.step {
			tellCall(c.OutOrStdout(), p.Line(), call)
		}
		if o.until && differences > 0 {
			return o.sum(c, p, calls, differences)
		}
		if o.step && path != "-" {
			if _, err := keys.ReadString('\n'); err != nil {
				o.step = false // nobody is there: play on
			}
		}
	}
}

// openTrace opens a trace with the extensions of this program.
func openTrace(in io.Reader) (*trace.Player, error) {
	compression, err := deflate.New(deflate.Options{})
	if err != nil {
		return nil, err
	}
	return trace.Open(in, trace.PlayerOptions{Extensions: []extension.Extension{compression}})
}

// sum says how the replay went.
func (o *replayOptions) sum(c *cobra.Command, p *trace.Player, calls, differences int) error {
	c.PrintErrf("%d calls played, %s %s, connection %s\n", calls, p.Driver().Version(), p.Driver().Role(), p.Driver().State())
	if differences > 0 {
		return fmt.Errorf("%d calls differ", differences)
	}
	return nil
}

// tellCall prints a call: its line, what came of it, and its transitions.
func tellCall(w io.Writer, line int, call trace.Call) {
	steps := call.Steps
	call.Steps = nil
	fmt.Fprintf(w, "%d %s\n", line, marshal(call))
	for _, s := range steps {
		fmt.Fprintf(w, "\t%s\n", s)
	}
}

func tellDifference(w io.Writer, d *trace.Difference) {
	fmt.Fprintf(w, "line %d: %s of %s differs\n", d.Line, d.What, d.Want.Call)
	for _, side := range []struct {
		name string
		call trace.Call
	}{{"trace", d.Want}, {"replay", d.Got}} {
		text, _ := json.Marshal(resultOf(d.What, side.call))
		fmt.Fprintf(w, "\t%-6s %s\n", side.name, text)
	}
}

// resultOf returns the result with that name.
func resultOf(what string, c trace.Call) any {
	switch what {
	case "steps":
		return c.Steps
	case "error":
		return c.Error
	case "event":
		return c.Event
	case "out":
		return c.Out
	case "random":
		return c.Random
	case "unread":
		return c.Unread
	}
	return c.Ping
}
