package deflate_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension/deflate"
)

// walker reads DEFLATE blocks bit by bit, apart from the code under test, and
// notes the greatest distance.
type walker struct {
	octets   []byte
	bit      int
	farthest int
	kinds    [3]int // blocks of each kind
}

func (w *walker) bits(n int) (v int) {
	for i := range n {
		v |= int(w.octets[w.bit>>3]>>(w.bit&7)&1) << i
		w.bit++
	}
	return v
}

// book is a canonical code: symbols by length and bits.
type book map[[2]int]int

func newBook(lengths []int) book {
	b, code := book{}, 0
	for l := 1; l <= 15; l++ {
		for symbol, n := range lengths {
			if n == l {
				b[[2]int{l, code}] = symbol
				code++
			}
		}
		code <<= 1
	}
	return b
}

func (w *walker) symbol(b book) int {
	for l, code := 1, 0; l <= 15; l++ {
		code = code<<1 | w.bits(1)
		if s, ok := b[[2]int{l, code}]; ok {
			return s
		}
	}
	panic("no such code")
}

// walk reads all blocks of a message whose last four octets were taken off.
func (w *walker) walk(message []byte) {
	w.octets, w.bit = append(bytes.Clone(message), 0, 0, 0xFF, 0xFF), 0
	for w.bit < 8*len(w.octets) {
		w.bits(1)
		kind := w.bits(2)
		w.kinds[kind]++
		switch kind {
		case 0:
			w.bit = (w.bit + 7) &^ 7
			n := w.bits(16)
			if w.bits(16) != n^0xFFFF {
				panic("stored length")
			}
			w.bit += 8 * n
		case 1:
			var lit, dist []int
			for i := range 288 {
				lit = append(lit, []int{8, 9, 7, 8}[b2i(i > 143)+b2i(i > 255)+b2i(i > 279)])
			}
			for range 30 {
				dist = append(dist, 5)
			}
			w.codes(newBook(lit), newBook(dist))
		case 2:
			w.dynamic()
		}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (w *walker) dynamic() {
	nLit, nDist, nPre := w.bits(5)+257, w.bits(5)+1, w.bits(4)+4
	pre := make([]int, 19)
	for _, s := range []int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}[:nPre] {
		pre[s] = w.bits(3)
	}
	b, lengths := newBook(pre), []int(nil)
	for len(lengths) < nLit+nDist {
		s, n, v := w.symbol(b), 1, 0
		switch s {
		case 16:
			n, v = 3+w.bits(2), lengths[len(lengths)-1]
		case 17:
			n = 3 + w.bits(3)
		case 18:
			n = 11 + w.bits(7)
		default:
			v = s
		}
		for range n {
			lengths = append(lengths, v)
		}
	}
	w.codes(newBook(lengths[:nLit]), newBook(lengths[nLit:]))
}

func (w *walker) codes(lit, dist book) {
	for {
		s := w.symbol(lit)
		switch {
		case s == 256:
			return
		case s > 264 && s < 285:
			w.bits((s - 261) / 4)
		}
		if s > 256 {
			d := w.symbol(dist)
			distance := d + 1
			if d > 3 {
				extra := d/2 - 1
				distance = (2+d%2)<<extra + 1 + w.bits(extra)
			}
			w.farthest = max(w.farthest, distance)
		}
	}
}

// Criterion of the negotiated window: for each size, role and level, no distance
// is greater than agreed on, and some use most of it.
func TestWindowIsKept(t *testing.T) {
	for bits := 8; bits <= 15; bits++ {
		for _, level := range []deflate.Level{deflate.Fast, deflate.Small} {
			wide := deflate.Options{Level: level}
			limited := deflate.Options{Level: level, PeerWindow: bits}
			own := deflate.Options{Level: level, Window: bits}
			for name, c := range map[string]struct {
				client, server deflate.Options
				fromClient     bool
			}{
				"server, asked":     {limited, wide, false},
				"client, asked":     {wide, limited, true},
				"server, by itself": {wide, own, false},
				"client, by itself": {own, wide, true},
			} {
				client, server := pair(t, endpoint(t, wsfsm.Options{}, newMessage(t, c.client)), endpoint(t, wsfsm.Options{}, newMessage(t, c.server)))
				from := server
				if c.fromClient {
					from = client
				}
				w := &walker{}
				walkMessages(t, w, from, bits)
				name := fmt.Sprintf("%d bits, level %d, %s (%q)", bits, level, name, client.Extensions())
				if w.farthest > 1<<bits {
					t.Errorf("%s: distance %d", name, w.farthest)
				}
				if w.farthest <= 1<<(bits-1) {
					t.Errorf("%s: no distance beyond %d, so that this proves nothing", name, w.farthest)
				}
			}
		}
	}
}

// walkMessages sends messages that repeat what lies up to 64 KiB back and walks
// their blocks.
func walkMessages(t *testing.T, w *walker, d *wsfsm.Driver, bits int) {
	t.Helper()
	r := rand.New(rand.NewPCG(uint64(bits), 9))
	var past []byte
	for range 20 {
		var p []byte
		for len(p) < 6000 {
			if len(past) > 1000 && r.IntN(3) > 0 {
				back := 1 + r.IntN(min(len(past), 1<<(1+r.IntN(bits+1))))
				at := len(past) - back
				p = append(p, past[at:min(at+40, len(past))]...)
				past = append(past, past[at:min(at+40, len(past))]...)
				continue
			}
			b := make([]byte, 30)
			for i := range b {
				b[i] = byte(r.Uint32())
			}
			p, past = append(p, b...), append(past, b...)
		}
		if err := d.Binary(p); err != nil {
			t.Fatal(err)
		}
		payload, coded := unframed(take(d))
		if coded {
			w.walk(payload)
		}
	}
}

// unframed returns the payload of a frame, and whether RSV1 is set.
func unframed(p []byte) ([]byte, bool) {
	coded, masked := p[0]&0x40 != 0, p[1]&0x80 != 0
	p = p[headerLength(p):]
	if masked {
		key := p[:4]
		p = p[4:]
		for i := range p {
			p[i] ^= key[i%4]
		}
	}
	return p, coded
}

// headerLength is the length of a frame's header without the masking key.
func headerLength(f []byte) int {
	switch f[1] & 0x7F {
	case 126:
		return 4
	case 127:
		return 10
	}
	return 2
}

func TestWalkerFindsPlantedDistance(t *testing.T) {
	w := &walker{}
	w.walk([]byte{0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x47, 0x10, 0, 0}) // "HelloHelloHello"
	if w.farthest != 5 || w.kinds[1] != 1 || w.kinds[0] != 1 {
		t.Errorf("%+v", w)
	}
}
