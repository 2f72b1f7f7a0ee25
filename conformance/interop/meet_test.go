package interop

import (
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/internal/peer"
)

// room is where the two ends of a connection meet: it has the programs that
// were started.
type room struct {
	processes map[string]*process // by the kind of peer
	servers   *servers
	silences  atomic.Int32 // exercises in which something did not come in time
}

// programs are the programs that peers run in, with the libraries of each.
var programs = []struct {
	kind      string
	command   []string
	libraries []string
}{
	{"npm", []string{"node", "testdata/node/main.cjs"}, []string{"ws", "websocket", "faye-websocket", "websocket-driver"}},
	{"python", []string{"python3", "testdata/python/main.py"}, []string{"websockets"}},
	{"ruby", []string{"ruby", "testdata/ruby/main.rb"}, []string{"em-websocket", "faye-websocket", "websocket-driver"}},
}

// newRoom starts the programs of which all libraries are installed.
func newRoom(t *testing.T) *room {
	t.Helper()
	m := &room{processes: map[string]*process{}, servers: newServers(t)}
	for _, p := range programs {
		var names []string
		for _, library := range p.libraries {
			names = append(names, p.kind+":"+library)
		}
		if len(peer.Missing(names...)) > 0 {
			continue // the rows of these peers say so
		}
		args := append(p.command[1:len(p.command):len(p.command)], p.libraries...)
		m.processes[p.kind] = startProcess(t, peer.Command(t, p.command[0], args...), len(p.libraries))
	}
	return m
}

// has says whether the peer of a row runs.
func (m *room) has(r row) bool {
	kind, _ := r.implementation()
	return r.own() || m.processes[kind] != nil
}

// requirements are the names, for peer.Require, of what a row needs: a program
// runs only with all its libraries.
func requirements(r row) (names []string) {
	kind, _ := r.implementation()
	for _, p := range programs {
		for _, library := range p.libraries {
			if p.kind == kind {
				names = append(names, kind+":"+library)
			}
		}
	}
	return names
}

// meet opens a connection between the ends of a row. The driver is nil if
// neither end is one; theirs is nil if it is an echo server.
func (m *room) meet(t *testing.T, r row) (d *driven, theirs end, err error) {
	switch {
	case r.peer == "wsfsm:driver":
		return m.meetOurselves(r)
	case r.peer == "wsfsm:serve":
		d, err = m.dial(r, m.servers.address(t, r.version.name), "")
		return d, nil, opened(err, d)
	case r.ours == "serve":
		theirs, err = m.call(r, "ws://"+m.servers.address(t, r.version.name))
		return nil, theirs, opened(err, theirs)
	case r.role == "server":
		kind, library := r.implementation()
		guest := m.processes[kind].end()
		d, err = m.dial(r, fmt.Sprintf("127.0.0.1:%d", m.processes[kind].listening[library].Port), guest.id)
		return d, guest, opened(err, d, guest)
	}
	return m.host(r)
}

// dial connects a driver to a server.
func (m *room) dial(r row, address, path string) (*driven, error) {
	transport, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return nil, err
	}
	if field := r.field(); field != "" {
		transport = &inserting{transport, field}
	}
	return client(r.version.name, transport, "ws://"+address+"/"+path, request)
}

// client puts the driver of a client on a socket.
func client(version string, transport net.Conn, url string, begin func(*wsfsm.Driver) error) (*driven, error) {
	ep, err := endpoint(version)
	if err != nil {
		return nil, err
	}
	d, err := ep.Client(url)
	if err != nil {
		return nil, err
	}
	return drive(d, transport, begin)
}

// inserting is a connection that inserts a field into the request that is
// written first.
type inserting struct {
	net.Conn
	field string
}

// Write writes p, which begins with the first line of the request the first time.
func (c *inserting) Write(p []byte) (int, error) {
	line, rest, _ := strings.Cut(string(p), "\r\n")
	if c.field == "" {
		return c.Conn.Write(p)
	}
	_, err := c.Conn.Write([]byte(line + "\r\n" + c.field + "\r\n" + rest))
	c.field = ""
	return len(p), err
}

// call has the peer connect to a URL, to which the name of its end is added.
func (m *room) call(r row, url string) (*remote, error) {
	kind, library := r.implementation()
	caller := m.processes[kind].end()
	return caller, caller.connect(library, url+"/"+caller.id, r.version.wire)
}

// host has the peer connect to a driver.
func (m *room) host(r row) (*driven, end, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	defer l.Close()
	caller, err := m.call(r, "ws://"+l.Addr().String())
	if err != nil {
		return nil, caller, err
	}
	d, err := accept(r.version.name, l)
	return d, caller, opened(err, d, caller)
}

// meetOurselves connects two drivers.
func (m *room) meetOurselves(r row) (caller *driven, server end, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	defer l.Close()
	if caller, err = m.dial(r, l.Addr().String(), ""); err != nil {
		return caller, nil, err
	}
	accepted, err := accept(r.version.name, l)
	if err != nil {
		return caller, nil, err
	}
	return caller, accepted, opened(nil, caller, accepted)
}

// accept puts a driver behind the next connection of a listener.
func accept(version string, l net.Listener) (*driven, error) {
	ep, err := endpoint(version)
	if err != nil {
		return nil, err
	}
	l.(*net.TCPListener).SetDeadline(deadline())
	transport, err := l.Accept()
	if err != nil {
		return nil, err
	}
	return drive(ep.Server(), transport, listen)
}

// opened waits until all ends have opened.
func opened(err error, ends ...end) error {
	for _, e := range ends {
		if err != nil {
			return err
		}
		_, err = await(e, "open")
	}
	return err
}
