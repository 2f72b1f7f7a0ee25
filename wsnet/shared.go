package wsnet

import (
	"fmt"
	"sync"
	"time"

	"github.com/wsfsm/wsfsm"
)

// Sizes of read buffers in octets.
const (
	smallRead = 4 << 10
	bulkRead  = 64 << 10
)

// shared is what connections of the same options have in common.
type shared struct {
	endpoint     *wsfsm.Endpoint
	closeTimeout time.Duration
	slowPeer     SlowPeer
	small, bulk  sync.Pool // of *buffer
	writes       sync.Pool // of *rawWrite
}

// newShared prepares the driver's options for this package. The close timeout
// cannot be lifted: a connection must end.
func newShared(o wsfsm.Options, closeTimeout time.Duration, slow SlowPeer) (*shared, error) {
	if slow > SlowPeerClose {
		return nil, fmt.Errorf("wsnet: SlowPeer is %d", slow)
	}
	o.Deliver = wsfsm.DeliverPieces
	o.AutoStart = false
	o.KeepReading = true
	endpoint, err := wsfsm.NewEndpoint(o)
	if err != nil {
		return nil, err
	}
	s := &shared{endpoint: endpoint, closeTimeout: orDefault(max(closeTimeout, 0), DefaultCloseTimeout), slowPeer: slow}
	s.small.New = func() any { return newBuffer(smallRead) }
	s.bulk.New = func() any { return newBuffer(bulkRead) }
	return s, nil
}

// buffer is a read buffer, and what is known of its content.
type buffer struct {
	octets []byte // in all
	n      int    // that were read
	err    error  // with which the read ended
	piece  piece
}

// piece is a message, or a piece of one, that waits to be taken. Without a kind
// there is none.
type piece struct {
	data []byte // in a buffer of the driver's, or in what it has borrowed
	kind MessageKind
	last bool
}

func newBuffer(size int) *buffer { return &buffer{octets: make([]byte, size)} }

// get returns a read buffer.
func (s *shared) get(bulk bool) *buffer {
	if bulk {
		return s.bulk.Get().(*buffer)
	}
	return s.small.Get().(*buffer)
}

// put takes a read buffer back.
func (s *shared) put(p *buffer) {
	p.err, p.piece = nil, piece{}
	if len(p.octets) == bulkRead {
		s.bulk.Put(p)
	} else {
		s.small.Put(p)
	}
}

// prepared is the shared part of an options value, made when it is first used.
type prepared struct {
	once   sync.Once
	shared *shared
	err    error
}

func (p *prepared) get(o wsfsm.Options, closeTimeout time.Duration, slow SlowPeer) (*shared, error) {
	p.once.Do(func() { p.shared, p.err = newShared(o, closeTimeout, slow) })
	return p.shared, p.err
}

// standard is the shared part of nil options.
var standard = sync.OnceValues(func() (*shared, error) { return newShared(wsfsm.Options{}, 0, SlowPeerBlock) })

// share returns the shared part of the options, which may be nil, and the
// options themselves, which are not.
func (o *Options) share() (*shared, *Options, error) {
	if o == nil {
		s, err := standard()
		return s, &Options{}, err
	}
	s, err := o.prepared.get(o.Driver, o.CloseTimeout, o.SlowPeer)
	return s, o, err
}

func (o *DialOptions) share() (*shared, *DialOptions, error) {
	if o == nil {
		s, err := standard()
		return s, &DialOptions{}, err
	}
	s, err := o.prepared.get(o.Driver, o.CloseTimeout, o.SlowPeer)
	return s, o, err
}
