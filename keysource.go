package wsfsm

import (
	cryptorand "crypto/rand"
	"math/rand/v2"
	"sync"
)

// keyBatch holds masking keys that have been drawn ahead, since drawing one by
// itself takes longer than all else that is done for a short frame.
type keyBatch [64]byte

// keySource is where masking keys come from unless the options have a source of
// their own: ChaCha8 generators with seeds of 256 bits from crypto/rand. A
// peer that knows all keys so far cannot tell the next one (RFC 6455 §10.3).
type keySource struct{ generators sync.Pool }

func newKeySource() *keySource {
	s := &keySource{}
	s.generators.New = func() any {
		var seed [32]byte
		cryptorand.Read(seed[:]) // never fails
		return rand.NewChaCha8(seed)
	}
	return s
}

// Read fills p.
func (s *keySource) Read(p []byte) (int, error) {
	g := s.generators.Get().(*rand.ChaCha8)
	defer s.generators.Put(g)
	return g.Read(p)
}
