package wsfsm

import (
	"crypto/md5"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/wsfsm/wsfsm/states"
)

// challenge is what hixie-76 to hybi-03 ask and answer in the handshake: two
// numbers hidden in keys, eight octets behind the request, and an MD5 of all.
type challenge struct {
	keys [2]string
	body [8]byte
}

// digest is the answer; false if a key hides no number.
func (c *challenge) digest() (sum [16]byte, ok bool) {
	var text [16]byte
	for i, key := range c.keys {
		number, ok := challengeNumber(key)
		if !ok {
			return sum, false
		}
		binary.BigEndian.PutUint32(text[4*i:], number)
	}
	copy(text[8:], c.body[:])
	return md5.Sum(text[:]), true
}

// challengeNumber is the number that a key hides: its digits, divided by the
// number of its spaces. It has to be whole and to fit into 32 bits.
func challengeNumber(key string) (uint32, bool) {
	var digits, spaces uint64
	hidden := false
	for i := range len(key) {
		switch b := key[i]; {
		case b == ' ':
			spaces++
		case isDigit(b):
			hidden = true
			if digits = digits*10 + uint64(b-'0'); digits > 1<<48 {
				return 0, false
			}
		}
	}
	if !hidden || spaces == 0 || digits%spaces != 0 || digits/spaces > 1<<32-1 {
		return 0, false
	}
	return uint32(digits / spaces), true
}

// drawChallenge makes a challenge from 256 random bits: what the draft asks to be
// random is drawn by a ChaCha8 generator with that seed.
func drawChallenge(source io.Reader) (*challenge, error) {
	var seed [32]byte
	if _, err := io.ReadFull(source, seed[:]); err != nil {
		return nil, err
	}
	stream := rand.NewChaCha8(seed)
	r := rand.New(stream)
	c := &challenge{}
	for i := range c.keys {
		c.keys[i] = challengeKey(r)
	}
	stream.Read(c.body[:])
	return c, nil
}

// challengeKey hides a random number (hixie-76 §4.1): spaces go anywhere but to
// the ends, other characters anywhere.
func challengeKey(r *rand.Rand) string {
	spaces := 1 + r.Uint64N(12)
	number := r.Uint64N((1<<32-1)/spaces + 1)
	key := strconv.FormatUint(number*spaces, 10)
	for range 1 + r.IntN(12) {
		c := byte(0x21 + r.IntN(0x7E-0x21+1-10)) // 0x21-0x2F and 0x3A-0x7E
		if c >= '0' {
			c += 10
		}
		key = inserted(key, r.IntN(len(key)+1), c)
	}
	for range spaces {
		key = inserted(key, 1+r.IntN(len(key)-1), ' ')
	}
	return key
}

func inserted(s string, at int, c byte) string { return s[:at] + string(c) + s[at:] }

// formChallengeKey wants a key that hides a number (hixie-76 §5.2).
func (d *Driver) formChallengeKey(v string) bool {
	_, ok := challengeNumber(v)
	return ok
}

func (d *Driver) valueKey1() string { return d.opening.challengeKey(0) }

func (d *Driver) valueKey2() string { return d.opening.challengeKey(1) }

func (o *opening) challengeKey(i int) string {
	if o.challenge == nil {
		return ""
	}
	return o.challenge.keys[i]
}

// handshakeSendChallenge writes the request and the eight octets behind it.
func (d *Driver) handshakeSendChallenge() {
	d.handshakeSendRequest()
	buf := d.out.open(d.ep)
	*buf = append(*buf, d.opening.challenge.body[:]...)
}

func (d *Driver) handshakeSendDigest() {
	buf := d.out.open(d.ep)
	sum, _ := d.opening.challenge.digest() // the keys passed formChallengeKey
	*buf = append(*buf, sum[:]...)
	d.fireConnection(states.ConnectionOnAccepted)
}

// isOpaque reports whether s is printable ASCII, as a subprotocol of the first
// drafts.
func isOpaque(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}
