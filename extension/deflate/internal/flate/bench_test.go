package flate

import (
	"bytes"
	stdflate "compress/flate"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
)

// records is JSON of about n octets, different for each seed.
func records(n, seed int) (text []byte) {
	type record struct {
		ID    int      `json:"id"`
		Name  string   `json:"name"`
		Price float64  `json:"price"`
		Tags  []string `json:"tags"`
	}
	for i := 0; len(text) < n-70; i++ {
		line, _ := json.Marshal(record{seed*7919 + i, fmt.Sprint("item ", i*seed%97), float64(i*31%50000) / 100, []string{"a", fmt.Sprint("b", seed%13)}})
		text = append(append(text, line...), '\n')
	}
	return text
}

// prose is text of n octets whose words are as rare as those of a language.
func prose(n, seed int) []byte {
	r := rand.New(rand.NewPCG(uint64(seed), 3))
	var words [2000][]byte
	for i := range words {
		for range 2 + r.IntN(9) {
			words[i] = append(words[i], "etaoinshrdlucmfwypvbgkqjxz"[min(25, int(r.ExpFloat64()*6))])
		}
	}
	var text []byte
	for len(text) < n {
		text = append(append(text, words[min(1999, int(r.ExpFloat64()*300))]...), " ,."[r.IntN(30)/28])
	}
	return text[:n]
}

// contents are what the benchmarks code: lists of messages.
func contents() (list []struct {
	name     string
	messages [][]byte
}) {
	for _, c := range []struct {
		name string
		make func(n, seed int) []byte
		n    int
	}{
		{"1 KiB JSON", records, 1 << 10}, {"64 KiB JSON", records, 64 << 10},
		{"1 KiB text", prose, 1 << 10}, {"64 KiB text", prose, 64 << 10},
		{"64 KiB noise", func(n, seed int) []byte {
			r, p := rand.New(rand.NewPCG(uint64(seed), 4)), make([]byte, n)
			for i := range p {
				p[i] = byte(r.Uint32())
			}
			return p
		}, 64 << 10},
	} {
		var messages [][]byte
		for seed := range 32 {
			messages = append(messages, c.make(c.n, seed+1))
		}
		list = append(list, struct {
			name     string
			messages [][]byte
		}{c.name, messages})
	}
	return list
}

// BenchmarkDeflate codes messages, each by itself or with what came before;
// std is compress/flate at level 1.
func BenchmarkDeflate(b *testing.B) {
	for _, c := range contents() {
		for _, takeover := range []bool{false, true} {
			name := fmt.Sprintf("%s/takeover=%v/", c.name, takeover)
			b.Run(name+"flate", func(b *testing.B) {
				d, w := NewDeflater(15, 1), NewWork()
				code := func(dst, p []byte) []byte {
					if !takeover {
						d.Forget()
					}
					dst = d.Deflate(w, dst[:0], p, true)
					if takeover {
						d.Commit(p)
					}
					return dst
				}
				benchmark(b, c.messages, code)
			})
			b.Run(name+"std", func(b *testing.B) {
				var buf bytes.Buffer
				w, _ := stdflate.NewWriter(&buf, 1)
				benchmark(b, c.messages, func(_, p []byte) []byte {
					buf.Reset()
					if !takeover {
						w.Reset(&buf)
					}
					_, _ = w.Write(p)
					_ = w.Flush()
					return buf.Bytes()[:buf.Len()-4]
				})
			})
		}
	}
}

func benchmark(b *testing.B, messages [][]byte, code func(dst, p []byte) []byte) {
	b.SetBytes(int64(len(messages[0])))
	b.ReportAllocs()
	dst, n := make([]byte, 0, 1<<17), 0
	for i := range b.N {
		n += len(code(dst, messages[i%len(messages)]))
	}
	b.ReportMetric(float64(n)/float64(b.N), "octets-out")
}

// BenchmarkInflate decodes messages that were coded each by itself.
func BenchmarkInflate(b *testing.B) {
	for _, c := range contents() {
		var coded [][]byte
		d, work := NewDeflater(15, 1), NewWork()
		for _, p := range c.messages {
			d.Reset()
			coded = append(coded, d.Deflate(work, nil, p, false))
		}
		b.Run(c.name+"/flate", func(b *testing.B) {
			f, w := NewInflater(NewFixedTables()), NewWindow(15)
			benchmark(b, coded, func(dst, p []byte) []byte {
				w.Reset()
				f.Begin(w)
				for dst = dst[:0]; ; {
					out, n, err := f.Inflate(dst, p, 16<<10)
					if err != nil {
						b.Fatal(err)
					}
					if p, dst = p[n:], out; len(p) == 0 {
						return dst
					}
				}
			})
		})
		b.Run(c.name+"/std", func(b *testing.B) {
			in := bytes.NewReader(nil)
			r := stdflate.NewReader(in)
			benchmark(b, coded, func(dst, p []byte) []byte {
				in.Reset(p)
				_ = r.(stdflate.Resetter).Reset(in, nil)
				n, _ := io.ReadFull(r, dst[:cap(dst)])
				return dst[:n]
			})
		})
	}
}
