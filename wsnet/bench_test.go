package wsnet_test

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/wsfsm/wsfsm/wsnet"
)

// BenchmarkEcho times messages that a server sends back over loopback, so many at
// once; the client is a bare socket.
func BenchmarkEcho(b *testing.B) {
	const size = 128
	payload := string(make([]byte, size))
	for _, flight := range []int{1, 16} {
		b.Run(fmt.Sprint(flight, " in flight"), func(b *testing.B) {
			nc, br := rawOpen(b, serve(b, reusingEcho, nil))
			out, want := bytes.Repeat(masked(opBinary, payload), flight), bytes.Repeat(plain(opBinary, payload), flight)
			in := make([]byte, len(want))
			b.SetBytes(int64(size * flight))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := nc.Write(out); err != nil {
					b.Fatal(err)
				}
				if _, err := io.ReadFull(br, in); err != nil {
					b.Fatal(err)
				}
			}
			if !bytes.Equal(in, want) {
				b.Fatalf("%.100q came back", in)
			}
		})
	}
}

// BenchmarkOpen times the opening of a connection over loopback, and its end.
func BenchmarkOpen(b *testing.B) {
	url := serve(b, func(*wsnet.Conn) {}, nil)
	b.ReportAllocs()
	for b.Loop() {
		dial(b, url, nil).CloseNow()
	}
}

// BenchmarkBroadcast times a prepared message to a hundred connections, whose clients
// drop it.
func BenchmarkBroadcast(b *testing.B) {
	const connections, size = 100, 1 << 10
	opened := make(chan *wsnet.Conn, connections)
	url := serve(b, func(c *wsnet.Conn) {
		opened <- c
		wait(c)
	}, nil)
	var servers []*wsnet.Conn
	for range connections {
		nc, br := rawOpen(b, url)
		servers = append(servers, <-opened)
		go func() {
			io.Copy(io.Discard, br)
			nc.Close()
		}()
	}
	m := prepare(b, wsnet.Binary, string(make([]byte, size)))
	b.SetBytes(connections * size)
	b.ReportAllocs()
	for b.Loop() {
		wsnet.Broadcast(slices.Values(servers), m, func(_ *wsnet.Conn, err error) { b.Error(err) })
	}
}
