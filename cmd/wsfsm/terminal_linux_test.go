package main_test

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// terminal opens a pseudoterminal: what a person sees and types, and what the
// program has.
func terminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { person.Close() })
	var number, locked uint32
	for request, argument := range map[uintptr]*uint32{syscall.TIOCGPTN: &number, syscall.TIOCSPTLCK: &locked} {
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, person.Fd(), request, uintptr(unsafe.Pointer(argument))); errno != 0 {
			t.Fatal(errno)
		}
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { program.Close() })
	return person, program
}

// TestDialAtATerminal types a message and Ctrl-D, as a person does.
func TestDialAtATerminal(t *testing.T) {
	_, url := echoServer(t)
	for _, colour := range []bool{true, false} {
		person, program := terminal(t)
		client := wsfsm(t, "dial", url)
		client.Stdin, client.Stdout, client.Stderr = program, program, program
		client.Env = append(os.Environ(), "TERM=xterm")
		if !colour {
			client.Env = append(client.Env, "NO_COLOR=1")
		}
		if err := client.Start(); err != nil {
			t.Fatal(err)
		}
		program.Close()
		screen := &screen{from: person}
		screen.await(t, "connected, RFC 6455")
		person.WriteString("Hello")
		screen.await(t, "> Hello")
		person.WriteString("\r")
		screen.await(t, " Hello\r\n") // the echo, above the prompt
		person.WriteString("\x04")
		screen.await(t, "closed with code 1000")
		if err := client.Wait(); err != nil {
			t.Errorf("dial ends with %v", err)
		}
		if got := strings.Contains(screen.text, "\x1b[36m<\x1b[0m Hello"); got != colour {
			t.Errorf("colour %t: %q", colour, screen.text)
		}
		if got := strings.Contains(screen.text, "\r\n< Hello\r\n") || strings.Contains(screen.text, "< Hello\r\n"); got == colour {
			t.Errorf("colour %t: %q", colour, screen.text)
		}
		person.Close()
	}
}

// screen is what a person has seen so far.
type screen struct {
	from *os.File
	text string
}

// await reads until a text is seen.
func (s *screen) await(t *testing.T, text string) {
	t.Helper()
	seen := len(s.text)
	buf := make([]byte, 4096)
	for begin := time.Now(); !strings.Contains(s.text[seen:], text); {
		if time.Since(begin) > 20*time.Second {
			t.Fatalf("no %q in %q", text, s.text)
		}
		n, err := s.from.Read(buf)
		if s.text += string(buf[:n]); err != nil && !strings.Contains(s.text[seen:], text) {
			t.Fatalf("no %q in %q: %v", text, s.text, err)
		}
	}
}
