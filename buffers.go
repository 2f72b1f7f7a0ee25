package wsfsm

import "sync"

// maxPooled is the capacity in octets above which a buffer is left to the
// garbage collector.
const maxPooled = 1 << 20

// buffers is a pool of octet slices that the drivers of an endpoint share, so
// that an idle driver holds none.
type buffers struct{ pool *sync.Pool }

func (b buffers) get() *[]byte { return b.pool.Get().(*[]byte) }

func (b buffers) put(p *[]byte) {
	if cap(*p) > maxPooled {
		return
	}
	poison(*p)
	*p = (*p)[:0]
	b.pool.Put(p)
}

// openings is a pool of what opening handshakes work with.
type openings struct{ pool *sync.Pool }

func (o openings) get(secure bool) *opening {
	p := o.pool.Get().(*opening)
	p.secure = secure
	return p
}

// put takes back an opening that nobody uses any more; its buffers are kept.
func (o openings) put(p *opening) {
	*p = opening{text: p.text[:0], ends: p.ends[:0]}
	o.pool.Put(p)
}
