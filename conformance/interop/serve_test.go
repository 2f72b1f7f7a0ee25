package interop

import (
	"bufio"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
)

// servers are the processes of wsfsm serve, one for each version asked for.
type servers struct {
	owner *testing.T // whose end is theirs
	build func() (string, error)

	mu      sync.Mutex
	running map[string]string // addresses by version
}

func newServers(t *testing.T) *servers {
	return &servers{owner: t, running: map[string]string{}, build: sync.OnceValues(func() (string, error) {
		binary := filepath.Join(t.TempDir(), "wsfsm")
		return binary, exec.Command("go", "build", "-o", binary, "../../cmd/wsfsm").Run()
	})}
}

// address returns where a server that speaks the version listens.
func (s *servers) address(t *testing.T, version string) string {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.running[version]; !ok {
		s.running[version], _ = s.start(t, version)
	}
	return s.running[version]
}

// start starts a server and returns its address and its process.
func (s *servers) start(t *testing.T, version string) (string, *exec.Cmd) {
	t.Helper()
	binary, err := s.build()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary, "serve", "--addr", "127.0.0.1:0", "--json", "--versions", version)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.owner.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	var listening struct{ URL string }
	line := bufio.NewScanner(stdout)
	if line.Scan() {
		err = json.Unmarshal(line.Bytes(), &listening)
	}
	if err != nil || listening.URL == "" {
		t.Fatalf("serve --versions %s says %q: %v", version, line.Text(), err)
	}
	return strings.TrimSuffix(strings.TrimPrefix(listening.URL, "ws://"), "/"), cmd
}

// testServeEnds ends an echo server while a client of each library is connected.
func (m *room) testServeEnds(t *testing.T) {
	address, server := m.servers.start(t, "rfc6455")
	var clients []row
	callers := map[string]*remote{}
	for _, r := range rows() {
		kind, _ := r.implementation()
		if r.ours != "serve" || r.version.name != "rfc6455" || m.processes[kind] == nil {
			continue
		}
		caller, err := m.call(r, "ws://"+address)
		if err := opened(err, caller); err != nil {
			t.Fatalf("%s: %v", r.peer, err)
		}
		clients, callers[r.peer] = append(clients, r), caller
	}
	if err := server.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for _, r := range clients {
		got, err := await(callers[r.peer], "closed")
		if err != nil || got.Code != 1001 {
			t.Errorf("%s: %v, %v", r.peer, got, err)
		}
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Error("serve does not end")
	}
}

// testServeAll has clients of all versions connected to one port at the same
// time, each with a text of its own.
func (m *room) testServeAll(t *testing.T) {
	address, _ := m.servers.start(t, wsfsm.AllVersions)
	connected := map[string]end{}
	for _, r := range rows() {
		var e end
		var err error
		switch {
		case r.version.name == "hybi-01": // cannot be told from hixie-76
			continue
		case r.peer == "wsfsm:serve":
			e, err = m.dial(r, address, "")
		case r.ours == "serve" && m.has(r):
			e, err = m.call(r, "ws://"+address)
		default:
			continue
		}
		if err := opened(err, e); err != nil {
			t.Fatalf("%s: %v", r.name(), err)
		}
		connected[r.name()] = e
	}
	if len(connected) < 19 {
		t.Errorf("%d clients", len(connected))
	}
	for name, e := range connected {
		if err := e.do(command{Do: sendText, Data: []byte(name)}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, e := range connected {
		if got, err := await(e, "message"); err != nil || string(got.Data) != name {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		e.leave()
	}
}

func deadline() time.Time { return time.Now().Add(patience) }
