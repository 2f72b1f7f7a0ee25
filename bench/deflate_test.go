package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/klauspost/compress/flate"
	"github.com/lxzan/gws"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/extension/deflate"
)

// document is JSON of about n octets, different for each seed.
func document(n, seed int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"items":[`)
	for i := 0; b.Len() < n-80; i++ {
		fmt.Fprintf(&b, `{"id":%d,"name":"item %d","price":%d.%02d,"tags":["a","b%d"]},`, seed*7919+i, i*seed%97, i*31%500, i%100, seed%13)
	}
	b.WriteString(`{"id":0}]}`)
	return b.Bytes()
}

// documents are messages as a connection meets them.
func documents(n int) (list [][]byte) {
	for seed := range 32 {
		list = append(list, document(n, seed+1))
	}
	return list
}

func compression(b testing.TB, takeover bool) []extension.Extension {
	x, err := deflate.New(deflate.Options{NoContextTakeover: !takeover, PeerNoContextTakeover: !takeover})
	if err != nil {
		b.Fatal(err)
	}
	return []extension.Extension{x}
}

// offer asks for compression, with or without context takeover on both ends.
func offer(takeover bool) string {
	s := "Sec-WebSocket-Extensions: permessage-deflate"
	if !takeover {
		s += "; server_no_context_takeover; client_no_context_takeover"
	}
	return strings.TrimSuffix(request, "\r\n") + s + "\r\n\r\n"
}

// pair returns two drivers that compress.
func pair(b testing.TB, takeover bool) (client, server *wsfsm.Driver) {
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{AutoStart: true, Extensions: compression(b, takeover)})
	if err != nil {
		b.Fatal(err)
	}
	if client, err = ep.Client("ws://bench/"); err != nil {
		b.Fatal(err)
	}
	server = ep.Server()
	if err := client.Start(); err != nil {
		b.Fatal(err)
	}
	move(b, client, server)
	move(b, server, client)
	return client, server
}

// move takes the output of one driver to the other and returns its length.
func move(b testing.TB, from, to *wsfsm.Driver) int {
	p := bytes.Clone(from.Output())
	from.Sent(len(p))
	if err := to.Receive(p); err != nil {
		b.Fatal(err)
	}
	for e := range to.Events() {
		if e.Kind == wsfsm.EventError {
			b.Fatal(e.Err)
		}
	}
	return len(p)
}

// clientFrames are frames of a client that compresses.
func clientFrames(b testing.TB, list [][]byte, takeover bool) (frames [][]byte) {
	client, _ := pair(b, takeover)
	for _, p := range list {
		if err := client.Text(p); err != nil {
			b.Fatal(err)
		}
		frames = append(frames, bytes.Clone(client.Output()))
		client.Sent(client.Unsent())
	}
	return frames
}

var sizes = []struct {
	name string
	n    int
}{{"1 KiB JSON", 1 << 10}, {"64 KiB JSON", 64 << 10}}

// BenchmarkDeflateSend compresses; klauspost is that library by itself, with one
// writer for the connection, or reset for each message.
func BenchmarkDeflateSend(b *testing.B) {
	for _, size := range sizes {
		list := documents(size.n)
		for _, takeover := range []bool{false, true} {
			name := fmt.Sprintf("%s/takeover=%v/", size.name, takeover)
			b.Run(name+"wsfsm", func(b *testing.B) {
				_, d := pair(b, takeover)
				b.SetBytes(int64(size.n))
				b.ReportAllocs()
				out := 0
				for i := range b.N {
					if err := d.Text(list[i%len(list)]); err != nil {
						b.Fatal(err)
					}
					out += d.Unsent()
					d.Sent(d.Unsent())
				}
				b.ReportMetric(float64(out)/float64(b.N), "octets-out")
			})
			b.Run(name+"klauspost", func(b *testing.B) {
				var buf bytes.Buffer
				w, err := flate.NewWriter(&buf, 1)
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(size.n))
				b.ReportAllocs()
				out := 0
				for i := range b.N {
					buf.Reset()
					if !takeover {
						w.Reset(&buf)
					}
					w.Write(list[i%len(list)])
					w.Flush()
					out += buf.Len() - 4
				}
				b.ReportMetric(float64(out)/float64(b.N), "octets-out")
			})
		}
	}
}

// BenchmarkDeflateReceive decompresses.
func BenchmarkDeflateReceive(b *testing.B) {
	for _, size := range sizes {
		list := documents(size.n)
		for _, takeover := range []bool{false, true} {
			frames := clientFrames(b, list, takeover)
			name := fmt.Sprintf("%s/takeover=%v/", size.name, takeover)
			b.Run(name+"wsfsm", func(b *testing.B) {
				_, d := pair(b, takeover)
				buf := make([]byte, 1<<17)
				b.SetBytes(int64(size.n))
				b.ReportAllocs()
				for i := range b.N {
					if i%len(frames) == 0 && takeover { // the context of the frames begins anew
						b.StopTimer()
						_, d = pair(b, takeover)
						b.StartTimer()
					}
					if err := d.Receive(buf[:copy(buf, frames[i%len(frames)])]); err != nil {
						b.Fatal(err)
					}
					for e := range d.Events() {
						if e.Kind != wsfsm.EventMessage || len(e.Data) != len(list[i%len(list)]) {
							b.Fatalf("%v %v", e.Kind, e.Err)
						}
					}
				}
			})
			if takeover {
				continue
			}
			b.Run(name+"klauspost", func(b *testing.B) {
				var payloads [][]byte
				for _, f := range frames {
					payloads = append(payloads, unmasked(f))
				}
				r := flate.NewReader(bytes.NewReader(nil))
				out := make([]byte, 1<<17)
				b.SetBytes(int64(size.n))
				b.ReportAllocs()
				var in bytes.Reader
				for i := range b.N {
					in.Reset(payloads[i%len(payloads)])
					if err := r.(flate.Resetter).Reset(&in, nil); err != nil {
						b.Fatal(err)
					}
					if n, err := io.ReadFull(r, out); n != len(list[i%len(list)]) || err != io.ErrUnexpectedEOF {
						b.Fatal(n, err)
					}
				}
			})
		}
	}
}

// unmasked is the payload of a frame, with what a reader needs to see its end.
func unmasked(f []byte) []byte {
	n := 2
	if f[1]&0x7F == 126 {
		n = 4
	}
	key, p := f[n:n+4], bytes.Clone(f[n+4:])
	for i := range p {
		p[i] ^= key[i%4]
	}
	return append(p, "\x00\x00\xff\xff\x01\x00\x00\xff\xff"...)
}

// compressing peers echo with permessage-deflate.
func compressing(b testing.TB, takeover bool) []peer {
	list := []peer{
		{"wsfsm", func(c net.Conn) error {
			ep, err := wsfsm.NewEndpoint(wsfsm.Options{AutoStart: true, Extensions: compression(b, takeover)})
			if err != nil {
				return err
			}
			return echoServer(c, ep.Server())
		}},
		{"gws", func(c net.Conn) error { return echoCompressedGWS(c, takeover) }},
	}
	if !takeover { // which gorilla does not have
		list = append(list, peer{"gorilla", echoCompressedGorilla})
	}
	return list
}

func echoCompressedGWS(c net.Conn, takeover bool) error {
	h := &gwsEcho{}
	u := gws.NewUpgrader(h, &gws.ServerOption{PermessageDeflate: gws.PermessageDeflate{
		Enabled: true, ServerContextTakeover: takeover, ClientContextTakeover: takeover, Level: 1,
		ServerMaxWindowBits: 15, ClientMaxWindowBits: 15,
	}})
	rw := bufio.NewReader(c)
	r, err := http.ReadRequest(rw)
	if err != nil {
		return err
	}
	conn, err := u.UpgradeFromConn(c, rw, r)
	if err != nil {
		return err
	}
	conn.ReadLoop()
	return h.err
}

func echoCompressedGorilla(c net.Conn) error {
	rw := bufio.NewReadWriter(bufio.NewReader(c), bufio.NewWriter(c))
	r, err := http.ReadRequest(rw.Reader)
	if err != nil {
		return err
	}
	u := websocket.Upgrader{EnableCompression: true}
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

// BenchmarkDeflateEcho receives and sends.
func BenchmarkDeflateEcho(b *testing.B) {
	for _, size := range sizes {
		list := documents(size.n)
		for _, takeover := range []bool{false, true} {
			long := list
			for range 5 {
				long = append(long, long...) // one context for 1024 messages
			}
			frames := clientFrames(b, long, takeover)
			for _, p := range compressing(b, takeover) {
				b.Run(fmt.Sprintf("%s/takeover=%v/%s", size.name, takeover, p.name), func(b *testing.B) {
					b.SetBytes(int64(size.n))
					b.ReportAllocs()
					for left := b.N; left > 0; {
						n := min(left, len(frames))
						c := &conn{head: []byte(offer(takeover)), frames: bytes.Join(frames[:n], nil), left: 1}
						c.frame = len(c.frames)
						if err := p.echo(c); err != nil {
							b.Fatal(err)
						}
						left -= n
					}
				})
			}
		}
	}
}
