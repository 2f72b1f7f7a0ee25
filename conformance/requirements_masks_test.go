package conformance_test

import (
	"bytes"
	cryptorand "crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/wsfsm/wsfsm"
)

// same are n messages of the same octets.
func same(n int) (all [][]byte) {
	for range n {
		all = append(all, []byte("same"))
	}
	return all
}

// RFC 6455 §5.3: each frame has a masking key of its own.
func TestMaskingKeysAreFresh(t *testing.T) { pass(t, masksAreFresh) }

func masksAreFresh(_ *testing.T, f *faults) error {
	frames, err := f.sendFrames(wsfsm.Options{}, same(100)...)
	if err != nil {
		return err
	}
	seen := map[[4]byte]bool{}
	for _, frame := range frames {
		if seen[frame.key] {
			return fmt.Errorf("the key % x is used again", frame.key)
		}
		seen[frame.key] = true
	}
	return nil
}

// recorder keeps what was read through it.
type recorder struct {
	io.Reader
	octets []byte
}

func (r *recorder) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.octets = append(r.octets, p[:n]...)
	return n, err
}

// RFC 6455 §5.3: masking keys, and nonces, come from a strong source of
// entropy: nonces are the very octets that crypto/rand gave, keys those of ChaCha8
// generators with seeds from there.
func TestMaskingKeysComeFromCryptoRand(t *testing.T) { pass(t, masksAreStrong) }

// fromSeeds reports whether keys are, batch by batch, what ChaCha8 generators with
// those seeds give. A batch is from any of them, since drivers share them.
func fromSeeds(seeds, keys []byte) bool {
	const batch = 64
	var generators []*rand.ChaCha8
	for ; len(seeds) >= 32; seeds = seeds[32:] {
		generators = append(generators, rand.NewChaCha8([32]byte(seeds)))
	}
	next := make([][batch]byte, len(generators))
	for i, g := range generators {
		g.Read(next[i][:])
	}
	for ; len(keys) > 0; keys = keys[min(batch, len(keys)):] {
		i := slices.IndexFunc(next, func(p [batch]byte) bool { return bytes.HasPrefix(p[:], keys[:min(batch, len(keys))]) })
		if i < 0 {
			return false
		}
		generators[i].Read(next[i][:])
	}
	return true
}

func masksAreStrong(_ *testing.T, f *faults) error {
	source := &recorder{Reader: cryptorand.Reader}
	cryptorand.Reader = source
	defer func() { cryptorand.Reader = source.Reader }()
	d, err := f.openClient(wsfsm.Options{})
	if err != nil {
		return err
	}
	var used []byte
	for range 100 {
		if err := d.Binary([]byte("x")); err != nil {
			return err
		}
		frame, err := takeApart(f.output(d))
		if err != nil {
			return err
		}
		used = append(used, frame.key[:]...)
	}
	const nonce = 16
	if !fromSeeds(source.octets[min(nonce, len(source.octets)):], used) {
		return errors.New("the keys are not those of generators with seeds from crypto/rand")
	}
	_, p, err := f.request("ws://a/", wsfsm.Options{})
	if err != nil {
		return err
	}
	last := source.octets[len(source.octets)-nonce:]
	if want := base64.StdEncoding.EncodeToString(last); !containsField(p, "Sec-WebSocket-Key: "+want) {
		return errors.New("the nonce is not what crypto/rand gave")
	}
	return nil
}

// RFC 6455 §5.3: a key does not tell the next one: neither the difference nor
// the XOR of neighbours comes again.
func TestMaskingKeysCannotBeForetold(t *testing.T) { pass(t, masksCannotBeForetold) }

func masksCannotBeForetold(_ *testing.T, f *faults) error {
	frames, err := f.sendFrames(wsfsm.Options{}, same(100)...)
	if err != nil {
		return err
	}
	differences, sums := map[uint32]bool{}, map[uint32]bool{}
	for i := range len(frames) - 1 {
		a, b := binary.BigEndian.Uint32(frames[i].key[:]), binary.BigEndian.Uint32(frames[i+1].key[:])
		if differences[b-a] || sums[a^b] {
			return fmt.Errorf("%08x follows %08x as a key before did its own", b, a)
		}
		differences[b-a], sums[a^b] = true, true
	}
	return nil
}

// RFC 6455 §10.3: the application cannot choose or foretell a key: what it
// sends has no influence, and another connection has other keys.
func TestMaskingKeysDoNotDependOnPayloads(t *testing.T) { pass(t, masksDoNotDependOnPayloads) }

func masksDoNotDependOnPayloads(_ *testing.T, f *faults) error {
	var runs [2][]clientFrame
	for i, messages := range [][][]byte{{[]byte("one"), []byte("two")}, {[]byte("other"), []byte("payloads")}} {
		var err error
		if runs[i], err = f.sendFrames(wsfsm.Options{Rand: new(counter)}, messages...); err != nil {
			return err
		}
	}
	for i, frame := range runs[0] {
		if frame.key != runs[1][i].key {
			return fmt.Errorf("with the same random octets the payloads make the key % x or % x", frame.key, runs[1][i].key)
		}
	}
	for i := range runs {
		var err error
		if runs[i], err = f.sendFrames(wsfsm.Options{}, same(2)...); err != nil {
			return err
		}
	}
	if runs[0][0].key == runs[1][0].key {
		return errors.New("two connections have the same key")
	}
	return nil
}
