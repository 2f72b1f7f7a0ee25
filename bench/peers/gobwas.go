package peers

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"net/url"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"github.com/wsfsm/wsfsm/bench/wire"
)

// GobwasLow is github.com/gobwas/ws by its lowest calls: headers and masks. It
// checks no UTF-8 and answers nothing.
func GobwasLow() Peer {
	return Peer{
		Name: "gobwas-low",
		Receive: func(role wire.Role, c net.Conn, t *wire.Tally) error {
			rw, err := openGobwas(role, c)
			if err != nil {
				return err
			}
			t.Start()
			return gobwasFrames(rw, t)
		},
		Open: func(role wire.Role, c net.Conn) (Sender, error) {
			_, err := openGobwas(role, c)
			var buf bytes.Buffer
			return func(text bool, messages ...[]byte) error {
				for _, p := range messages {
					h := ws.Header{Fin: true, OpCode: gobwasCode(text), Length: int64(len(p))}
					if role == wire.Client {
						h.Masked, h.Mask = true, ws.NewMask()
					}
					buf.Reset()
					if err := ws.WriteHeader(&buf, h); err != nil {
						return err
					}
					at := buf.Len()
					buf.Write(p)
					if h.Masked {
						ws.Cipher(buf.Bytes()[at:], h.Mask, 0)
					}
					if _, err := c.Write(buf.Bytes()); err != nil {
						return err
					}
				}
				return nil
			}, err
		},
		Upgrade: func(c net.Conn) error {
			_, err := ws.Upgrade(c)
			return err
		},
	}
}

func gobwasCode(text bool) ws.OpCode {
	if text {
		return ws.OpText
	}
	return ws.OpBinary
}

func gobwasFrames(rw io.Reader, t *wire.Tally) error {
	var buf []byte
	text := false
	for {
		h, err := ws.ReadHeader(rw)
		if err != nil {
			return ended(err)
		}
		if h.OpCode != ws.OpContinuation {
			buf, text = buf[:0], h.OpCode == ws.OpText
		}
		at, n := len(buf), len(buf)+int(h.Length)
		if n > cap(buf) {
			buf = append(make([]byte, 0, 2*n), buf...)
		}
		buf = buf[:n]
		if _, err := io.ReadFull(rw, buf[at:]); err != nil {
			return err
		}
		if h.Masked {
			ws.Cipher(buf[at:], h.Mask, 0)
		}
		if h.Fin {
			t.Got(text, buf)
		}
	}
}

// GobwasUtil is github.com/gobwas/ws by its package wsutil.
func GobwasUtil() Peer {
	return Peer{
		Name: "gobwas-util",
		Receive: func(role wire.Role, c net.Conn, t *wire.Tally) error {
			rw, err := openGobwas(role, c)
			if err != nil {
				return err
			}
			t.Start()
			for {
				p, code, err := wsutil.ReadData(rw, gobwasState(role))
				if err != nil {
					return ended(err)
				}
				t.Got(code == ws.OpText, p)
			}
		},
		Open: func(role wire.Role, c net.Conn) (Sender, error) {
			_, err := openGobwas(role, c)
			var buf []byte
			return func(text bool, messages ...[]byte) error {
				state, code := gobwasState(role), gobwasCode(text)
				for _, p := range messages {
					if role == wire.Client { // whose payload is masked in place
						buf = append(buf[:0], p...)
						p = buf
					}
					if err := wsutil.WriteMessage(c, state, code, p); err != nil {
						return err
					}
				}
				return nil
			}, err
		},
		Handle: func(w http.ResponseWriter, r *http.Request) error {
			_, _, _, err := ws.UpgradeHTTP(r, w)
			return err
		},
		Serve: each(func(c net.Conn) {
			_, err := ws.Upgrade(c)
			rw := readWriter{bufio.NewReader(c), c}
			for err == nil {
				var p []byte
				var code ws.OpCode
				if p, code, err = wsutil.ReadClientData(rw); err == nil {
					err = wsutil.WriteServerMessage(c, code, p)
				}
			}
		}),
	}
}

func gobwasState(role wire.Role) ws.State {
	if role == wire.Server {
		return ws.StateServerSide
	}
	return ws.StateClientSide
}

type readWriter struct {
	io.Reader
	io.Writer
}

func openGobwas(role wire.Role, c net.Conn) (io.ReadWriter, error) {
	if role == wire.Client {
		if _, _, err := ws.DefaultDialer.Upgrade(c, &url.URL{Scheme: "ws", Host: "bench", Path: "/"}); err != nil {
			return nil, err
		}
	} else if _, err := ws.Upgrade(c); err != nil {
		return nil, err
	}
	return readWriter{bufio.NewReaderSize(c, wire.Chunk), c}, nil
}
