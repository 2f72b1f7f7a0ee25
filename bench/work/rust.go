package work

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/wsfsm/wsfsm/bench/measure"
	"github.com/wsfsm/wsfsm/bench/wire"
)

// Rust is the program in the folder rust, built: libraries in Rust that receive and
// send the same octets in processes of their own. Without a program there are none.
type Rust string

// Libraries in Rust, by the names that the program has for them.
func (r Rust) libraries() []string {
	if r == "" {
		return nil
	}
	return []string{"fastwebsockets", "tungstenite"}
}

// Versions are those of the libraries.
func (r Rust) Versions() (list []measure.Module, err error) {
	if r == "" {
		return nil, nil
	}
	out, err := exec.Command(string(r), "versions").Output()
	for line := range strings.Lines(string(out)) {
		name, version, _ := strings.Cut(strings.TrimSpace(line), " ")
		list = append(list, measure.Module{Path: "crates.io/crates/" + name, Version: version})
	}
	return list, err
}

// receivers receive the stream.
func (r Rust) receivers(s *wire.Stream, role wire.Role) (list []measure.Contestant) {
	for _, name := range r.libraries() {
		p := &process{program: string(r), crate: name, work: "receive", role: role, stream: s}
		list = append(list, p.contestant(func() error {
			_, err := p.order("check", checked(s))
			return err
		}))
	}
	return list
}

// senders send the messages; what they write is looked at here.
func (r Rust) senders(role wire.Role, text bool, messages [][]byte) (list []measure.Contestant, err error) {
	s := &wire.Stream{Text: text}
	for _, m := range messages {
		s.Add(m, nil)
	}
	for _, name := range r.libraries() {
		p := &process{program: string(r), crate: name, work: "send", role: role, stream: s}
		check := func() error {
			octets, _, err := p.written()
			if err != nil {
				return err
			}
			return sent(octets, role, text, messages)
		}
		c := p.contestant(check)
		if err := p.start(); err != nil {
			return list, err
		}
		_, writes, err := p.written()
		p.stop()
		if err != nil {
			return list, err
		}
		if writes > 1 { // as for the others
			c.Beside, c.Note = true, fmt.Sprintf("%dw", writes)
		}
		list = append(list, c)
	}
	return list, nil
}

// process is one library at one kind of work.
type process struct {
	program, crate, work string
	role                 wire.Role
	stream               *wire.Stream
	dir                  string // of the stream's file
	cmd                  *exec.Cmd
	in                   io.WriteCloser
	out                  *bufio.Reader
}

func (p *process) contestant(check func() error) measure.Contestant {
	timed := measure.Timed(func(n int) (int, time.Duration, error) {
		took, err := p.order("time", n)
		return n, time.Duration(took), err
	})
	return measure.Contestant{
		Name: p.crate,
		Check: func() error {
			if err := p.start(); err != nil {
				return err
			}
			return check()
		},
		Sample: func(d time.Duration) (measure.Sample, error) {
			s, err := timed(d)
			s.Allocs = -1 // those of another process
			return s, err
		},
		Close: p.stop,
	}
}

func (p *process) file() string { return filepath.Join(p.dir, "stream") }

func (p *process) start() (err error) {
	if p.dir, err = os.MkdirTemp("", "rust-peers"); err != nil {
		return err
	}
	if err := p.stream.Save(p.file()); err != nil {
		return err
	}
	p.cmd = exec.Command(p.program, p.crate, p.work, p.role.String(), p.file())
	p.cmd.Stderr = os.Stderr
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	p.out = bufio.NewReader(out)
	return p.cmd.Start()
}

var errProcess = errors.New("the process answers nothing that it should")

// order gives an order and waits for the answer.
func (p *process) order(what string, n int) (answer int64, err error) {
	if _, err = fmt.Fprintln(p.in, what, n); err == nil {
		_, err = fmt.Fscanln(p.out, &answer)
	}
	if err != nil {
		return 0, errors.Join(errProcess, err)
	}
	return answer, nil
}

// written is what is written for all messages, and the writes of the first.
func (p *process) written() ([]byte, int64, error) {
	writes, err := p.order("check", len(p.stream.Payloads))
	if err != nil {
		return nil, 0, err
	}
	octets, err := os.ReadFile(p.file() + ".out")
	return octets, writes, err
}

// stop ends the process.
func (p *process) stop() {
	if p.cmd != nil && p.cmd.Process != nil {
		p.in.Close()
		p.cmd.Wait()
	}
	os.RemoveAll(p.dir)
	p.cmd, p.dir = nil, ""
}
