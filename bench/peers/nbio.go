package peers

import (
	"net"
	"net/http"

	"github.com/lesismal/nbio/logging"
	"github.com/lesismal/nbio/nbhttp"
	"github.com/lesismal/nbio/nbhttp/websocket"

	"github.com/wsfsm/wsfsm/bench/wire"
)

// Nbio is github.com/lesismal/nbio without its event loop; it has no client that
// gives its buffers back.
func Nbio() Peer {
	return Peer{
		Name: "nbio",
		Receive: func(role wire.Role, c net.Conn, t *wire.Tally) error {
			if role == wire.Client {
				return ErrNot
			}
			conn, err := openNbio(c, func(_ *websocket.Conn, kind websocket.MessageType, p []byte) {
				t.Got(kind == websocket.TextMessage, p)
			})
			if err != nil {
				return err
			}
			t.Start()
			conn.HandleRead(wire.Chunk)
			return nil
		},
		Open: func(role wire.Role, c net.Conn) (Sender, error) {
			if role == wire.Client {
				return nil, ErrNot
			}
			conn, err := openNbio(c, func(*websocket.Conn, websocket.MessageType, []byte) {})
			if err != nil {
				return nil, err
			}
			return sender(websocket.TextMessage, websocket.BinaryMessage, conn.WriteMessage), nil
		},
		Handle: func(w http.ResponseWriter, r *http.Request) error {
			_, err := nbioUpgrader(nil).Upgrade(w, r, nil)
			return err
		},
		Serve: serveNbio,
	}
}

// serveNbio echoes on its event loop.
func serveNbio(l net.Listener) error {
	u := nbioUpgrader(func(conn *websocket.Conn, kind websocket.MessageType, p []byte) { conn.WriteMessage(kind, p) })
	logging.SetLevel(logging.LevelNone)
	return nbhttp.NewEngine(nbhttp.Config{
		Network: "tcp", Addrs: []string{l.Addr().String()}, MaxLoad: 1 << 20, ReleaseWebsocketPayload: true,
		Listen:  func(string, string) (net.Listener, error) { return l, nil },
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { u.Upgrade(w, r, nil) }),
	}).Start()
}

func nbioUpgrader(h func(*websocket.Conn, websocket.MessageType, []byte)) *websocket.Upgrader {
	u := websocket.NewUpgrader()
	u.BlockingModAsyncWrite = false
	u.KeepaliveTime = 0
	if h != nil {
		u.OnMessage(h)
	}
	return u
}

func openNbio(c net.Conn, h func(*websocket.Conn, websocket.MessageType, []byte)) (*websocket.Conn, error) {
	w, r, err := Accepting(c)
	if err != nil {
		return nil, err
	}
	return nbioUpgrader(h).Upgrade(w, r, nil)
}

// IdleNbio makes connections without sockets, nor a handshake.
func IdleNbio() func() (any, error) {
	u := nbioUpgrader(nil)
	return func() (any, error) { return websocket.NewServerConn(u, nil, "", false, false), nil }
}
