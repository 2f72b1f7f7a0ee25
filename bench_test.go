package wsfsm_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
)

// opened returns both ends of an open connection.
func opened(tb testing.TB, version string) (client, server *wsfsm.Driver) {
	tb.Helper()
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{Versions: []string{version}, AutoStart: true})
	if err != nil {
		tb.Fatal(err)
	}
	return connected(tb, ep)
}

// connected returns both ends of an open connection of one endpoint.
func connected(tb testing.TB, ep *wsfsm.Endpoint) (client, server *wsfsm.Driver) {
	tb.Helper()
	client, err := ep.Client("ws://example.com/")
	if err != nil {
		tb.Fatal(err)
	}
	server = ep.Server()
	if err := client.Start(); err != nil {
		tb.Fatal(err)
	}
	for range 4 {
		hand(tb, client, server)
		hand(tb, server, client)
	}
	return client, server
}

// hand takes what one end has to send to the other.
func hand(tb testing.TB, from, to *wsfsm.Driver) {
	p := bytes.Clone(from.Output())
	from.Sent(len(p))
	if err := to.Receive(p); err != nil {
		tb.Fatal(err)
	}
	for e := range to.Events() {
		if e.Kind == wsfsm.EventError {
			tb.Fatal(to.Err())
		}
	}
}

// mixed is random text with characters of one to four octets.
func mixed(n int) []byte {
	var p []byte
	for len(p) < n-4 {
		p = append(p, string([]rune{'a', 'é', '世', '🙂', ' ', 'n', 'ß'}[rand.N(7)])...)
	}
	return append(p, "...."[:n-len(p)]...)
}

func octets(n int) []byte {
	p := make([]byte, n)
	for i := range p {
		p[i] = byte(rand.N(256))
	}
	return p
}

// timeReceive times a driver that reads messages, 64 KiB or one message at a time;
// the copy into the read buffer counts.
func timeReceive(b *testing.B, from, to *wsfsm.Driver, send func(*wsfsm.Driver) error, size int) {
	n := 0
	for n == 0 || from.Unsent() < 60<<10 {
		if err := send(from); err != nil {
			b.Fatal(err)
		}
		n++
	}
	stream := bytes.Clone(from.Output())
	from.Sent(len(stream))
	buf := make([]byte, len(stream))
	b.SetBytes(int64(size))
	b.ReportAllocs()
	b.ResetTimer()
	for left := b.N; left > 0; left -= n {
		copy(buf, stream)
		if err := to.Receive(buf); err != nil {
			b.Fatal(err)
		}
		got := 0
		for {
			e, ok := to.Next()
			if !ok {
				break
			}
			if e.Kind != wsfsm.EventMessage || len(e.Data) != size {
				b.Fatal(e.Kind, len(e.Data), to.Err())
			}
			got++
		}
		if got != n {
			b.Fatal(got, "messages of", n)
		}
	}
}

func BenchmarkReceive(b *testing.B) {
	for _, version := range []string{"rfc6455", "hybi-05", "hybi-04", "hybi-03", "hixie-76"} {
		for _, n := range []int{0, 16, 125, 1 << 10, 64 << 10, 1 << 20} {
			for _, kind := range []wsfsm.MessageKind{wsfsm.Text, wsfsm.Binary} {
				b.Run(fmt.Sprintf("%s/%v/%d", version, kind, n), func(b *testing.B) {
					client, server := opened(b, version)
					if kind == wsfsm.Binary {
						if !client.Protocol().HasBinary() {
							b.SkipNow()
						}
						timeReceive(b, client, server, func(d *wsfsm.Driver) error { return d.Binary(octets(n)) }, n)
						return
					}
					timeReceive(b, client, server, func(d *wsfsm.Driver) error { return d.Text(mixed(max(n, 4))[:n]) }, n)
				})
			}
		}
	}
}

func BenchmarkReceiveFragments(b *testing.B) {
	for _, kind := range []wsfsm.MessageKind{wsfsm.Text, wsfsm.Binary} {
		b.Run(kind.String(), func(b *testing.B) {
			client, server := opened(b, "rfc6455")
			timeReceive(b, client, server, func(d *wsfsm.Driver) error {
				part := octets
				if kind == wsfsm.Text {
					part = mixed
				}
				if err := d.Begin(kind, part(1<<10)); err != nil {
					return err
				}
				for range 14 {
					if err := d.Append(part(1 << 10)); err != nil {
						return err
					}
				}
				return d.End(part(1 << 10))
			}, 16<<10)
		})
	}
}

// BenchmarkReceiveChunks reads a message in chunks of 1 and 7 octets.
func BenchmarkReceiveChunks(b *testing.B) {
	for _, size := range []int{1, 7} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			client, server := opened(b, "rfc6455")
			if err := client.Text(mixed(125)); err != nil {
				b.Fatal(err)
			}
			frame := sent(client)
			in := make([]byte, size)
			b.ReportAllocs()
			for range b.N {
				messages := 0
				for rest := frame; len(rest) > 0; rest = rest[min(size, len(rest)):] {
					if err := server.Receive(in[:copy(in, rest)]); err != nil {
						b.Fatal(err)
					}
					for {
						e, ok := server.Next()
						if !ok {
							break
						}
						messages += len(e.Data) / 125
					}
				}
				if messages != 1 {
					b.Fatal(messages, "messages")
				}
			}
		})
	}
}

// BenchmarkSend encodes a message for each write: into a buffer of the caller's, or
// into the driver's.
func BenchmarkSend(b *testing.B) {
	for _, role := range []string{"server", "client"} {
		for _, n := range []int{0, 16, 125, 1 << 10, 64 << 10} {
			p := octets(n)
			timeSend(b, fmt.Sprintf("%s/%d/append", role, n), n, func(d *wsfsm.Driver, buf []byte) ([]byte, error) {
				return d.EncodeMessage(buf, wsfsm.Binary, p)
			})
			timeSend(b, fmt.Sprintf("%s/%d/output", role, n), n, func(d *wsfsm.Driver, _ []byte) ([]byte, error) {
				err := d.Binary(p)
				d.Sent(len(d.Output()))
				return nil, err
			})
		}
	}
}

func timeSend(b *testing.B, name string, n int, send func(*wsfsm.Driver, []byte) ([]byte, error)) {
	b.Run(name, func(b *testing.B) {
		d, server := opened(b, "rfc6455")
		if strings.HasPrefix(name, "server") {
			d = server
		}
		b.SetBytes(int64(n))
		b.ReportAllocs()
		var buf []byte
		for range b.N {
			var err error
			if buf, err = send(d, buf[:0]); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkHandshake(b *testing.B) {
	const request = "GET / HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{AutoStart: true})
	if err != nil {
		b.Fatal(err)
	}
	in := make([]byte, len(request))
	b.ReportAllocs()
	for range b.N {
		d := ep.Server()
		if err := d.Receive(in[:copy(in, request)]); err != nil {
			b.Fatal(err)
		}
		if e, ok := d.Next(); !ok || e.Kind != wsfsm.EventOpen {
			b.Fatal(e)
		}
		d.Next()
		d.ForgetHeads()
		d.Sent(d.Unsent())
	}
}
