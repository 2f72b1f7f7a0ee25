package work

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm/bench/wire"
)

// fakeVariable makes this program stand for the one in Rust, with a fault or "none".
const fakeVariable = "BENCH_FAKE_RUST"

// fake takes orders as the program in Rust does, and knows one message.
func fake(fault string, args []string) {
	work, role, file := args[1], args[2], args[3]
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		order, _, _ := strings.Cut(lines.Text(), " ")
		switch {
		case fault == "dies":
			os.Exit(1)
		case order == "time":
			fmt.Println(5_000_000)
		case work == "receive":
			fmt.Println(1)
		default:
			var key *[4]byte
			if (role == "client") != (fault == "masks") {
				key = &[4]byte{1, 2, 3, 4}
			}
			payload := []byte("abc")
			if fault == "octets" {
				payload = []byte("abx")
			}
			if fault != "writes nothing" {
				os.WriteFile(file+".out", wire.Frame{Final: true, Opcode: wire.BinaryOpcode, Payload: payload}.Append(nil, key), 0o600)
			}
			fmt.Println(2)
		}
	}
}

func fakeRust(t *testing.T, fault string) Rust {
	t.Setenv(fakeVariable, fault)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Rust(self)
}

func TestRustSends(t *testing.T) {
	messages := [][]byte{[]byte("abc")}
	for _, role := range []wire.Role{wire.Server, wire.Client} {
		list, err := fakeRust(t, "none").senders(role, false, messages)
		if err != nil || len(list) != 2 || !list[0].Beside || list[0].Note != "2w" {
			t.Fatalf("%+v, %v", list, err)
		}
		c := list[0]
		if err := c.Check(); err != nil {
			t.Error(err)
		}
		s, err := c.Sample(10 * time.Millisecond)
		if err != nil || s.Value <= 0 || s.Allocs != -1 {
			t.Errorf("%+v, %v", s, err)
		}
		c.Close()
		for _, fault := range []string{"masks", "octets"} {
			list, err := fakeRust(t, fault).senders(role, false, messages)
			if err != nil {
				t.Fatal(err)
			}
			if list[0].Check() == nil {
				t.Errorf("%v: %s: passes", role, fault)
			}
			list[0].Close()
		}
		if _, err := fakeRust(t, "writes nothing").senders(role, false, messages); err == nil {
			t.Errorf("%v: a process that writes nothing passes", role)
		}
	}
}

func TestRustReceives(t *testing.T) {
	s := wire.NewStream(wire.Load{Content: wire.Binary, Size: 125}, wire.Server)
	for fault, want := range map[string]bool{"none": true, "dies": false} {
		for _, c := range fakeRust(t, fault).receivers(s, wire.Server) {
			if err := c.Check(); (err == nil) != want {
				t.Errorf("%s: %v", fault, err)
			}
			c.Close()
		}
	}
	for _, c := range Rust("/nonexistent").receivers(s, wire.Server) {
		if c.Check() == nil {
			t.Error("a program that is not there passes")
		}
		c.Close()
	}
	if list := Rust("").receivers(s, wire.Server); len(list) > 0 {
		t.Error("contestants without a program")
	}
}
