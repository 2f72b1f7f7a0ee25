package console

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

func lines(c *Console) (list []string, err error) {
	for {
		line, err := c.Line()
		if err != nil {
			return list, err
		}
		list = append(list, string(line))
	}
}

func TestProgram(t *testing.T) {
	var out, remarks bytes.Buffer
	c, err := Open(strings.NewReader("one\r\n\ntwo\x1b\nlast"), &out, &remarks, true)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	list, err := lines(c)
	if got := strings.Join(list, "|"); got != "one||two\x1b|last" || err != io.EOF {
		t.Errorf("lines %q, %v", got, err)
	}
	c.Data("data\x1b[2J")
	c.Remark("remark")
	if c.Interactive() || out.String() != "data\x1b[2J\n" || remarks.String() != "remark\n" {
		t.Errorf("data %q, remarks %q", &out, &remarks)
	}
}

func TestLongLine(t *testing.T) {
	c, err := Open(io.MultiReader(strings.NewReader("short\n"), endless{}), io.Discard, io.Discard, false)
	if err != nil {
		t.Fatal(err)
	}
	list, err := lines(c)
	if len(list) != 1 || err == io.EOF || !strings.Contains(err.Error(), "67108864 octets") {
		t.Errorf("%d lines, %v", len(list), err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestBrokenInput(t *testing.T) {
	broken := errors.New("broken")
	c, err := Open(io.MultiReader(strings.NewReader("one\n"), failing{broken}), io.Discard, io.Discard, false)
	if err != nil {
		t.Fatal(err)
	}
	if list, err := lines(c); len(list) != 1 || !errors.Is(err, broken) {
		t.Errorf("lines %q, %v", list, err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// keyboard gives keys, and keeps what is shown.
type keyboard struct {
	io.Reader
	bytes.Buffer
}

func (k *keyboard) Read(p []byte) (int, error) { return k.Reader.Read(p) }

// TestPerson types, deletes, and ends with Ctrl-D.
func TestPerson(t *testing.T) {
	for name, end := range map[string]string{"Ctrl-D": "\x04", "Ctrl-C": "half\x03"} {
		k := &keyboard{Reader: strings.NewReader("Helxx\x7f\x7flo\r" + end)}
		c := &Console{out: io.Discard, err: io.Discard, restore: func() {}}
		c.size = func() (int, int, error) { return 0, 0, nil } // some terminals do not know
		c.meet(k, false)
		list, err := lines(c)
		if got := strings.Join(list, "|"); got != "Hello" || err != io.EOF {
			t.Errorf("%s: lines %q, %v", name, got, err)
		}
		c.Data("echo\x1b[2J\x00\xff\u202e世界\n\tnext")
		c.Remark("done")
		shown := k.String()
		for _, want := range []string{prompt + "H", `< echo\x1b[2J\x00\xff\u202e世界`, "\r\n\tnext\r\n", "* done\r\n"} {
			if !strings.Contains(shown, want) {
				t.Errorf("%s: %q is not shown in %q", name, want, shown)
			}
		}
	}
}

func TestColour(t *testing.T) {
	for _, colour := range []bool{false, true} {
		k := &keyboard{Reader: strings.NewReader("")}
		c := &Console{out: io.Discard, err: io.Discard, restore: func() {}}
		c.meet(k, colour)
		c.Data("x")
		if got := strings.Contains(k.String(), "\x1b[36m<\x1b[0m x"); got != colour {
			t.Errorf("colour %t: %q", colour, k.String())
		}
	}
}

// TestRemarksApart holds what happens when standard error goes to a file.
func TestRemarksApart(t *testing.T) {
	k := &keyboard{Reader: strings.NewReader("")}
	var remarks bytes.Buffer
	c := &Console{out: io.Discard, err: &remarks, restore: func() {}, apart: true}
	c.meet(k, false)
	c.Remark("x")
	if remarks.String() != "x\n" || k.Len() != 0 {
		t.Errorf("remark %q, shown %q", remarks.String(), k.String())
	}
}
