package interop

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// process is a program that runs libraries under remote control.
type process struct {
	ended     chan struct{} // closed when the program says nothing more
	ids       atomic.Int64
	listening map[string]listening // complete once the program has started

	writing sync.Mutex // guards stdin, and not ends: who reads must not wait for who writes
	stdin   *os.File

	mu   sync.Mutex // guards the rest
	ends map[string]*remote
}

// listening is the line with which a program presents a library.
type listening struct {
	Event   string
	Library string
	Port    int
	Version string
}

// remote is an end that is a connection of a library in a process.
type remote struct {
	process *process
	id      string
	events  chan event
	answers chan event
}

// startProcess starts a program and waits until all its libraries listen.
func startProcess(t *testing.T, cmd *exec.Cmd, libraries int) *process {
	t.Helper()
	commands, stdin, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer commands.Close()
	cmd.Stdin = commands
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{stdin: stdin, ended: make(chan struct{}), ends: map[string]*remote{}, listening: map[string]listening{}}
	t.Cleanup(func() {
		stdin.Close()
		cmd.Process.Kill()
		<-p.ended
		cmd.Wait()
		if t.Failed() && stderr.Len() > 0 {
			t.Logf("%v: %s", cmd.Args, &stderr)
		}
	})
	lines := bufio.NewScanner(stdout)
	lines.Buffer(nil, 1<<20)
	ready := make(chan error, 1)
	go p.read(lines, libraries, ready)
	select {
	case err := <-ready:
		if err != nil {
			t.Fatalf("%v: %v\n%s", cmd.Args, err, &stderr)
		}
	case <-time.After(6 * patience): // a browser on a busy machine
		t.Fatalf("%v says nothing", cmd.Args)
	}
	return p
}

// read hands out the lines of the program to the ends that they are about.
func (p *process) read(lines *bufio.Scanner, libraries int, ready chan<- error) {
	defer close(p.ended)
	for len(p.listening) < libraries {
		var l listening
		if !lines.Scan() {
			ready <- errors.Join(errors.New("ended"), lines.Err())
			return
		}
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil || l.Event != "listening" {
			ready <- fmt.Errorf("says %q: %v", lines.Text(), err)
			return
		}
		p.listening[l.Library] = l
	}
	ready <- nil
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			e = event{Event: "failed", Error: lines.Text()}
		}
		p.deliver(e)
	}
}

// deliver gives an event to the end that it is about. Events of an end that has
// left are dropped.
func (p *process) deliver(e event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.ends[e.ID]
	if r == nil {
		return
	}
	to := r.events
	switch e.Event {
	case "done", "cannot", "refused":
		to = r.answers
	}
	select {
	case to <- e:
	default: // a thousand events that nobody wants: the exercise fails anyway
	}
}

// end makes an end for a connection to come.
func (p *process) end() *remote {
	r := &remote{process: p, id: strconv.FormatInt(p.ids.Add(1), 10), events: make(chan event, 1000), answers: make(chan event, 10)}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ends[r.id] = r
	return r
}

// write sends the program a line.
func (p *process) write(c command) error {
	line, err := json.Marshal(c)
	if err != nil {
		return err
	}
	p.writing.Lock()
	defer p.writing.Unlock()
	p.stdin.SetWriteDeadline(deadline())
	_, err = p.stdin.Write(append(line, '\n'))
	return err
}

// dismiss ends the program by the end of its input, and waits until it has.
func (p *process) dismiss() {
	p.stdin.Close()
	select {
	case <-p.ended:
	case <-time.After(patience):
	}
}

// connect has a library connect to a URL.
func (r *remote) connect(library, url string, version int) error {
	return r.process.write(command{ID: r.id, Do: connectTo, Library: library, URL: url, Version: version})
}

func (r *remote) do(c command) error {
	c.ID = r.id
	if err := r.process.write(c); err != nil {
		return err
	}
	answer, err := receive(r.answers)
	switch {
	case err != nil:
		return err
	case answer.Event == "cannot":
		return errCannot
	case answer.Event == "refused":
		return fmt.Errorf("refused: %s", answer.Error)
	}
	return nil
}

func (r *remote) next() (event, error) { return receive(r.events) }

func (r *remote) leave() {
	r.process.mu.Lock()
	defer r.process.mu.Unlock()
	delete(r.process.ends, r.id)
}
