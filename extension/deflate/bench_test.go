package deflate_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension/deflate"
	"github.com/wsfsm/wsfsm/extension/deflate/internal/flate"
)

// documents are 32 messages of JSON, of about n octets each.
func documents(n int) (list [][]byte) {
	for seed := range 32 {
		var items []map[string]any
		for i := range n / 64 {
			items = append(items, map[string]any{"id": seed*7919 + i, "name": fmt.Sprint("item ", i*seed%97), "price": i * 31 % 50000})
		}
		text, _ := json.Marshal(items)
		list = append(list, text)
	}
	return list
}

// BenchmarkDriver sends and receives, and lets the coder do the same by itself:
// the difference is what the driver costs.
func BenchmarkDriver(b *testing.B) {
	for _, n := range []int{1 << 10, 64 << 10} {
		list := documents(n)
		x := newMessage(b, deflate.Options{NoContextTakeover: true, PeerNoContextTakeover: true})
		ep := endpoint(b, wsfsm.Options{}, x)
		client, server := pair(b, ep, ep)
		var frames [][]byte
		for _, p := range list {
			if err := server.Text(p); err != nil {
				b.Fatal(err)
			}
			frames = append(frames, take(server))
		}
		b.Run(fmt.Sprintf("send/%d/driver", n), func(b *testing.B) {
			b.ReportAllocs()
			for i := range b.N {
				if err := server.Text(list[i%len(list)]); err != nil {
					b.Fatal(err)
				}
				server.Sent(server.Unsent())
			}
		})
		b.Run(fmt.Sprintf("send/%d/coder", n), func(b *testing.B) {
			d, w := flate.NewDeflater(15, 1), flate.NewWork()
			var out []byte
			for i := range b.N {
				d.Forget()
				out = d.Deflate(w, out[:0], list[i%len(list)], true)
			}
		})
		b.Run(fmt.Sprintf("receive/%d/driver", n), func(b *testing.B) {
			b.ReportAllocs()
			in := make([]byte, 0, len(list[0]))
			for i := range b.N {
				in = append(in[:0], frames[i%len(frames)]...)
				if err := client.Receive(in); err != nil {
					b.Fatal(err)
				}
				if e, ok := client.Next(); !ok || len(e.Data) != len(list[i%len(list)]) {
					b.Fatal(e.Kind, client.Err())
				}
				client.Next()
			}
		})
		b.Run(fmt.Sprintf("receive/%d/coder", n), func(b *testing.B) {
			f, window := flate.NewInflater(flate.NewFixedTables()), flate.NewWindow(15)
			var out []byte
			for i := range b.N {
				frame := frames[i%len(frames)]
				payload := frame[2:]
				if frame[1] == 126 {
					payload = frame[4:]
				}
				f.Begin(window)
				var err error
				if out, _, err = f.Inflate(out[:0], payload, 1<<20); err == nil {
					out, _, err = f.Inflate(out, []byte{0, 0, 0xFF, 0xFF}, 1<<20)
				}
				if err != nil || !bytes.Equal(out, list[i%len(list)]) {
					b.Fatal(err, len(out))
				}
				f.Drop()
				window.Reset()
			}
		})
	}
}
