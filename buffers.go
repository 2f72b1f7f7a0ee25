package wsfsm

import (
	"math/bits"
	"sync"
)

// Capacities in octets of pooled buffers, as powers of two. What is larger is left
// to the garbage collector.
const (
	minBuffer = 10
	maxBuffer = 24
)

// buffers are pools of octet slices that the drivers of an endpoint share, so that
// an idle driver holds none: one for each power of two, so that a short message
// does not hold the buffer of a long one.
type buffers struct{ pools [maxBuffer + 1]sync.Pool }

// get returns an empty buffer with room for n octets.
func (b *buffers) get(n int) *[]byte {
	class := max(minBuffer, bits.Len(uint(max(n, 1)-1)))
	if class > maxBuffer {
		p := make([]byte, 0, n)
		return &p
	}
	if p, ok := b.pools[class].Get().(*[]byte); ok {
		return p
	}
	p := make([]byte, 0, 1<<class)
	return &p
}

// put takes back a buffer that nobody uses any more.
func (b *buffers) put(p *[]byte) {
	class := bits.Len(uint(cap(*p))) - 1
	if class < minBuffer || class > maxBuffer {
		return
	}
	poison(*p)
	*p = (*p)[:0]
	b.pools[class].Put(p)
}

// grow returns a buffer with the same octets and room for n more, which is p if
// that has it. Otherwise it has twice the room at least, and p has to be put back
// unless somebody still reads it.
func (b *buffers) grow(p *[]byte, n int) *[]byte {
	if cap(*p)-len(*p) >= n {
		return p
	}
	q := b.get(max(2*cap(*p), len(*p)+n))
	*q = append(*q, *p...)
	return q
}
