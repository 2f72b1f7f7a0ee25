package interop

import (
	"bufio"
	"fmt"
	"net"
	"net/http"

	"github.com/lxzan/gws"

	"github.com/wsfsm/wsfsm/extension/deflate"
)

// allGWS are all combinations of the parameters of gws.
func allGWS() (list []end) {
	for _, takeover := range allTakeovers() {
		for server := deflate.MinWindow; server <= deflate.MaxWindow; server++ {
			for client := deflate.MinWindow; client <= deflate.MaxWindow; client++ {
				list = append(list, gwsEnd(gws.PermessageDeflate{
					Enabled: true, PoolSize: 1, ServerContextTakeover: takeover[0], ClientContextTakeover: takeover[1],
					ServerMaxWindowBits: server, ClientMaxWindowBits: client,
				}))
			}
		}
	}
	return list
}

func gwsEnd(o gws.PermessageDeflate) end {
	return end{
		name: fmt.Sprintf("gws(server %v %d, client %v %d)", o.ServerContextTakeover, o.ServerMaxWindowBits, o.ClientContextTakeover, o.ClientMaxWindowBits),
		serve: func(c net.Conn) error {
			h := &gwsEcho{}
			br := bufio.NewReader(c)
			r, err := http.ReadRequest(br)
			if err != nil {
				return err
			}
			conn, err := gws.NewUpgrader(h, &gws.ServerOption{PermessageDeflate: o}).UpgradeFromConn(c, br, r)
			if err != nil {
				return err
			}
			conn.ReadLoop()
			return h.err
		},
		dial: func(c net.Conn) (client, error) {
			h := &gwsClient{messages: make(chan []byte, 1), ended: make(chan error, 1)}
			var err error
			h.conn, _, err = gws.NewClientFromConn(h, &gws.ClientOption{Addr: "ws://interop/", PermessageDeflate: o}, c)
			if err == nil {
				go h.conn.ReadLoop()
			}
			return h, err
		},
	}
}

type gwsEcho struct {
	gws.BuiltinEventHandler
	err error
}

func (h *gwsEcho) OnMessage(c *gws.Conn, m *gws.Message) {
	if err := c.WriteMessage(m.Opcode, m.Bytes()); err != nil {
		h.err = err
	}
	m.Close()
}

type gwsClient struct {
	gws.BuiltinEventHandler
	conn     *gws.Conn
	messages chan []byte
	ended    chan error
}

func (h *gwsClient) OnMessage(c *gws.Conn, m *gws.Message) {
	h.messages <- append([]byte{byte(m.Opcode)}, m.Bytes()...)
	m.Close()
}

func (h *gwsClient) OnClose(_ *gws.Conn, err error) { h.ended <- err }

func (h *gwsClient) close() { h.conn.NetConn().Close() }

func (h *gwsClient) echo(text bool, p []byte) ([]byte, error) {
	kind := gws.OpcodeBinary
	if text {
		kind = gws.OpcodeText
	}
	if err := h.conn.WriteMessage(kind, p); err != nil {
		return nil, err
	}
	select {
	case m := <-h.messages:
		if m[0] != byte(kind) {
			return nil, fmt.Errorf("kind %d came back for %d", m[0], kind)
		}
		return m[1:], nil
	case err := <-h.ended:
		return nil, err
	}
}
