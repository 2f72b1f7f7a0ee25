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
	raw, err := person.SyscallConn() // unlike Fd, it lets reads have deadlines
	if err != nil {
		t.Fatal(err)
	}
	for request, argument := range map[uintptr]*uint32{syscall.TIOCGPTN: &number, syscall.TIOCSPTLCK: &locked} {
		var errno syscall.Errno
		err := raw.Control(func(fd uintptr) {
			_, _, errno = syscall.Syscall(syscall.SYS_IOCTL, fd, request, uintptr(unsafe.Pointer(argument)))
		})
		if err != nil || errno != 0 {
			t.Fatal(err, errno)
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
	at   int // behind the last text that was awaited
}

// await reads until a text is seen behind the last one.
func (s *screen) await(t *testing.T, text string) {
	t.Helper()
	if err := s.from.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 4096)
	for {
		if i := strings.Index(s.text[s.at:], text); i >= 0 {
			s.at += i + len(text)
			return
		}
		n, err := s.from.Read(buf)
		s.text += string(buf[:n])
		if n == 0 && err != nil {
			t.Fatalf("no %q in %q behind %d: %v", text, s.text, s.at, err)
		}
	}
}
