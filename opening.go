package wsfsm

import (
	"sync"

	"github.com/wsfsm/wsfsm/extension"
)

// opening is what is kept during the opening handshake only.
type opening struct {
	// the head being read
	text  []byte // words, names and values, end to end
	ends  []int  // end of each of them in text
	words int    // how many are words of the first line
	line  int    // octets of this line
	total int    // octets of the head

	usualOpening
	rareOpening
	working working     // of the steps taken meanwhile
	fields  *headFields // of a head that is taken in one step; nil before the first
	accept  *paddedText // whose sum is Sec-WebSocket-Accept; nil before the first is needed
}

// usualOpening is what most handshakes work with.
type usualOpening struct {
	key       string // Sec-WebSocket-Key
	origin    string // of the client
	host      string // value of Host
	target    string // client: resource name
	authority string // client: host and port
	secure    bool   // the resource is a wss one
}

// rareOpening is what few handshakes work with.
type rareOpening struct {
	failure       *Error // why the head could not be split
	nonce         string // Sec-WebSocket-Nonce (hybi-04)
	challenge     *challenge
	body          []byte // octets behind a head, as far as they have come
	tunnel        string // client: host and port for a proxy
	authorization string // client: value of Authorization; "" if none
	header        []Field
	agreed        []extension.Agreed // extensions
	because       error              // why the extensions of a head do not hold
	choice        string             // subprotocol that the application chose
	rejection     []byte             // the application's HTTP response

	// commands that wait for the connection to open
	queue  []command
	queued int // octets of their frames, at most
}

// empty reports whether all of it is as in the beginning.
func (o *rareOpening) empty() bool {
	return o.failure == nil && o.nonce == "" && o.challenge == nil && o.body == nil && o.tunnel == "" && o.authorization == "" &&
		o.header == nil && o.agreed == nil && o.because == nil && o.choice == "" && o.rejection == nil && o.queue == nil && o.queued == 0
}

// openings is a pool of what opening handshakes work with.
type openings struct{ pool *sync.Pool }

func (o openings) get(secure bool) *opening {
	p := o.pool.Get().(*opening)
	p.secure = secure
	return p
}

// put takes back an opening that nobody uses any more; its buffers are kept. What
// is empty already is not written to: while the garbage collector runs, that is
// dear.
func (o openings) put(p *opening) {
	p.text, p.ends = p.text[:0], p.ends[:0]
	p.words, p.line, p.total = 0, 0, 0
	for _, s := range [...]*string{&p.key, &p.origin, &p.host, &p.target, &p.authority} {
		if *s != "" {
			*s = ""
		}
	}
	if !p.rareOpening.empty() {
		p.rareOpening = rareOpening{}
	}
	p.secure = false
	if p.fields != nil {
		p.fields.forget()
		mustBeEmpty(&p.fields.text)
		mustBeEmpty(&p.fields.header)
		mustBeEmpty(&p.fields.more)
	}
	mustBeEmpty(&p.usualOpening)
	mustBeEmpty(&p.rareOpening)
	o.pool.Put(p)
}
