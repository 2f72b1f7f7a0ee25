package peers

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"

	"github.com/lxzan/gws"

	"github.com/wsfsm/wsfsm/bench/wire"
)

// GWS is github.com/lxzan/gws, which checks UTF-8 if it is told to.
func GWS(utf8 bool) Peer {
	name := "gws"
	if utf8 {
		name = "gws+utf8"
	}
	o := &GWSOptions{UTF8: utf8}
	upgrader := gws.NewUpgrader(gws.BuiltinEventHandler{}, nil)
	return Peer{
		Name:    name,
		Receive: o.Receive,
		Open:    o.Open,
		Handle: func(w http.ResponseWriter, r *http.Request) error {
			_, err := upgrader.Upgrade(w, r)
			return err
		},
		Serve: o.Serve,
	}
}

// GWSOptions are a way to open connections of gws.
type GWSOptions struct {
	UTF8    bool
	Deflate gws.PermessageDeflate
}

// Receive counts messages.
func (o *GWSOptions) Receive(role wire.Role, c net.Conn, t *wire.Tally) error {
	h := &gwsTally{tally: t}
	conn, err := o.open(role, c, h, wire.Chunk)
	if err != nil {
		return err
	}
	t.Start()
	conn.ReadLoop()
	return h.err
}

// Serve echoes. The connections are read outside of the handlers of net/http,
// which saves their buffers.
func (o *GWSOptions) Serve(l net.Listener) error {
	upgrader := gws.NewUpgrader(gwsEcho{}, &gws.ServerOption{CheckUtf8Enabled: o.UTF8, PermessageDeflate: o.Deflate})
	return http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if conn, err := upgrader.Upgrade(w, r); err == nil {
			go conn.ReadLoop()
		}
	}))
}

// Open opens a connection to send on.
func (o *GWSOptions) Open(role wire.Role, c net.Conn) (Sender, error) {
	conn, err := o.open(role, c, gws.BuiltinEventHandler{}, wire.Chunk)
	if err != nil {
		return nil, err
	}
	return sender(gws.OpcodeText, gws.OpcodeBinary, conn.WriteMessage), nil
}

func (o *GWSOptions) open(role wire.Role, c net.Conn, h gws.Event, buffer int) (*gws.Conn, error) {
	if role == wire.Client {
		conn, _, err := gws.NewClientFromConn(h, &gws.ClientOption{
			Addr: "ws://bench/", CheckUtf8Enabled: o.UTF8, ReadBufferSize: buffer, PermessageDeflate: o.Deflate,
		}, c)
		return conn, err
	}
	br := bufio.NewReaderSize(c, buffer)
	r, err := http.ReadRequest(br)
	if err != nil {
		return nil, err
	}
	return gws.NewUpgrader(h, &gws.ServerOption{
		CheckUtf8Enabled: o.UTF8, ReadBufferSize: buffer, PermessageDeflate: o.Deflate,
	}).UpgradeFromConn(c, br, r)
}

type gwsTally struct {
	gws.BuiltinEventHandler
	tally *wire.Tally
	err   error
}

func (h *gwsTally) OnMessage(_ *gws.Conn, m *gws.Message) {
	h.tally.Got(m.Opcode == gws.OpcodeText, m.Bytes())
	m.Close()
}

func (h *gwsTally) OnClose(_ *gws.Conn, err error) {
	if !errors.Is(err, io.EOF) {
		h.err = err
	}
}

type gwsEcho struct{ gws.BuiltinEventHandler }

func (gwsEcho) OnMessage(c *gws.Conn, m *gws.Message) {
	c.WriteMessage(m.Opcode, m.Bytes())
	m.Close()
}
