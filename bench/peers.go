package main

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
	"github.com/gorilla/websocket"
	"github.com/lxzan/gws"

	"github.com/wsfsm/wsfsm"
)

// peer is an implementation: echo serves one connection until its end.
type peer struct {
	name string
	echo func(net.Conn) error
}

func peers() []peer {
	return []peer{
		{"wsfsm", echoDriver},
		{"gobwas", echoGobwas},
		{"gorilla", echoGorilla},
		{"gws", func(c net.Conn) error { return echoGWS(c, false) }},
		{"gws+utf8", func(c net.Conn) error { return echoGWS(c, true) }},
	}
}

// echoDriver answers all frames of one read with one write.
func echoDriver(c net.Conn) error {
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{AutoStart: true})
	if err != nil {
		return err
	}
	return echoServer(c, ep.Server())
}

// echoServer serves one connection with a driver.
func echoServer(c net.Conn, d *wsfsm.Driver) error {
	buf := make([]byte, 64<<10)
	for {
		n, err := c.Read(buf)
		if err == io.EOF {
			return nil
		}
		if err := d.Receive(buf[:n]); err != nil {
			return err
		}
		for more := true; more; more = d.Pending() > 0 {
			if err := answer(d); err != nil {
				return err
			}
			n, err := c.Write(d.Output())
			if err != nil {
				return err
			}
			d.Sent(n)
		}
	}
}

func answer(d *wsfsm.Driver) error {
	for {
		e, ok := d.Next()
		if !ok {
			return nil
		}
		var err error
		switch e.Kind {
		case wsfsm.EventMessage:
			if e.Message == wsfsm.Text {
				err = d.Text(e.Data)
			} else {
				err = d.Binary(e.Data)
			}
		case wsfsm.EventError:
			err = e.Err
		}
		if err != nil {
			return err
		}
	}
}

func echoGobwas(c net.Conn) error {
	if _, err := ws.Upgrade(c); err != nil {
		return err
	}
	for {
		p, op, err := wsutil.ReadClientData(c)
		if err != nil {
			return ended(err)
		}
		if err := wsutil.WriteServerMessage(c, op, p); err != nil {
			return err
		}
	}
}

// hijacked is what gorilla upgrades: a response writer around a connection.
type hijacked struct {
	http.ResponseWriter
	conn net.Conn
	rw   *bufio.ReadWriter
}

func (h hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) { return h.conn, h.rw, nil }

func echoGorilla(c net.Conn) error {
	rw := bufio.NewReadWriter(bufio.NewReader(c), bufio.NewWriter(c))
	r, err := http.ReadRequest(rw.Reader)
	if err != nil {
		return err
	}
	u := websocket.Upgrader{}
	conn, err := u.Upgrade(hijacked{conn: c, rw: rw}, r, nil)
	if err != nil {
		return err
	}
	for {
		kind, p, err := conn.ReadMessage()
		if err != nil {
			return ended(err)
		}
		if err := conn.WriteMessage(kind, p); err != nil {
			return err
		}
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

func (h *gwsEcho) OnClose(_ *gws.Conn, err error) {
	if h.err == nil {
		h.err = ended(err)
	}
}

func echoGWS(c net.Conn, utf8 bool) error {
	h := &gwsEcho{}
	u := gws.NewUpgrader(h, &gws.ServerOption{CheckUtf8Enabled: utf8, ReadBufferSize: 64 << 10})
	br := bufio.NewReaderSize(c, 64<<10)
	r, err := http.ReadRequest(br)
	if err != nil {
		return err
	}
	conn, err := u.UpgradeFromConn(c, br, r)
	if err != nil {
		return err
	}
	conn.ReadLoop()
	return h.err
}

// ended takes the end of the stream for success.
func ended(err error) error {
	var closed *websocket.CloseError
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &closed) {
		return nil
	}
	return err
}
