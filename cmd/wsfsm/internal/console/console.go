// Package console is where a person or a program talks to the client: lines in,
// data and remarks out. At a terminal the lines that come are shown above the
// prompt.
package console

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/term"
)

// Console reads lines for one goroutine and writes for any number.
type Console struct {
	mu       sync.Mutex
	lines    *bufio.Scanner // from a program
	out, err io.Writer
	person   *term.Terminal // nil if no person is there
	size     func() (width, height int, err error)
	restore  func()
	apart    bool // remarks go to err also if a person is there, because err goes elsewhere
	colour   bool
}

// LongestLine is the number of octets that a line from a program may have.
const LongestLine = 64 << 20

const prompt = "> "

// Open makes a console of the three streams. It is a person's if in and out are
// terminals; colour says whether that person wants to see colours. Close undoes
// what Open did to the terminal.
func Open(in io.Reader, out, err io.Writer, colour bool) (*Console, error) {
	c := &Console{out: out, err: err, restore: func() {}}
	keys, isFile := in.(*os.File)
	screen, isToo := out.(*os.File)
	if !isFile || !isToo || !term.IsTerminal(int(keys.Fd())) || !term.IsTerminal(int(screen.Fd())) {
		c.lines = bufio.NewScanner(in)
		c.lines.Buffer(nil, LongestLine)
		return c, nil
	}
	state, problem := term.MakeRaw(int(keys.Fd()))
	if problem != nil {
		return nil, problem
	}
	c.restore = func() { term.Restore(int(keys.Fd()), state) }
	remarks, isToo := err.(*os.File)
	c.apart = !isToo || !term.IsTerminal(int(remarks.Fd()))
	c.size = func() (int, int, error) { return term.GetSize(int(screen.Fd())) }
	c.meet(struct {
		io.Reader
		io.Writer
	}{keys, screen}, colour)
	return c, nil
}

// meet makes the console a person's.
func (c *Console) meet(keys io.ReadWriter, colour bool) {
	c.person = term.NewTerminal(keys, prompt)
	c.colour = colour
	c.fit()
}

// fit tells the terminal's size, which the person may have changed.
func (c *Console) fit() {
	if c.size == nil {
		return
	}
	if width, height, err := c.size(); err == nil && width > 0 { // 0: the terminal does not know
		c.person.SetSize(width, height)
	}
}

// Interactive reports whether a person is there.
func (c *Console) Interactive() bool { return c.person != nil }

// Close gives the terminal back as it was.
func (c *Console) Close() { c.restore() }

// Line returns the next line without its end, which the caller owns; io.EOF
// after the last one, and when a person types Ctrl-D or Ctrl-C.
func (c *Console) Line() ([]byte, error) {
	if c.person == nil {
		if c.lines.Scan() {
			return bytes.Clone(c.lines.Bytes()), nil
		}
		if err := c.lines.Err(); errors.Is(err, bufio.ErrTooLong) {
			return nil, fmt.Errorf("a line of more than %d octets", LongestLine)
		} else if err != nil {
			return nil, err
		}
		return nil, io.EOF
	}
	line, err := c.person.ReadLine()
	if err != nil {
		c.person.SetPrompt("")
	}
	return []byte(line), err
}

// Data writes one line of data. For a person, what could move the cursor is
// spelled out.
func (c *Console) Data(line string) {
	if c.person == nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		io.WriteString(c.out, line+"\n")
		return
	}
	c.show(c.person.Escape.Cyan, "< "+harmless(line))
}

// Remark writes one line that is no data.
func (c *Console) Remark(line string) {
	if c.person == nil || c.apart {
		c.mu.Lock()
		defer c.mu.Unlock()
		io.WriteString(c.err, line+"\n")
		return
	}
	c.show(c.person.Escape.Yellow, "* "+harmless(line))
}

func (c *Console) show(colour []byte, line string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fit()
	if c.colour {
		line = string(colour) + line[:1] + string(c.person.Escape.Reset) + line[1:]
	}
	io.WriteString(c.person, line+"\n")
}

// harmless spells out control characters, which could do things to a terminal,
// and octets that are no text. Line feeds and tabs stay.
func harmless(line string) string {
	b := new(strings.Builder)
	for i, r := range line {
		switch {
		case r == '\n' || r == '\t' || unicode.IsPrint(r) && !invalid(line[i:]):
			b.WriteRune(r)
		case invalid(line[i:]):
			fmt.Fprintf(b, `\x%02x`, line[i])
		default:
			quoted := strconv.QuoteRune(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	return b.String()
}

// invalid reports whether a text begins with an octet that is no text.
func invalid(text string) bool {
	r, size := utf8.DecodeRuneInString(text)
	return r == utf8.RuneError && size == 1
}
