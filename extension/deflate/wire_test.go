package deflate_test

import (
	"math/rand/v2"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension/deflate"
)

// prose is n octets of words that are as rare as those of a language, the same
// words for each seed.
func prose(n int, seed uint64) []byte {
	spell, pick := rand.New(rand.NewPCG(1, 1)), rand.New(rand.NewPCG(seed, 2))
	var words [2000][]byte
	for i := range words {
		for range 2 + spell.IntN(9) {
			words[i] = append(words[i], "etaoinshrdlucmfwypvbgkqjxz"[min(25, int(spell.ExpFloat64()*6))])
		}
	}
	var text []byte
	for len(text) < n {
		text = append(append(text, words[min(1999, int(pick.ExpFloat64()*300))]...), ' ')
	}
	return text[:n]
}

// onWire is how many octets a message of n takes on average, frames included.
func onWire(t testing.TB, n int, o deflate.Options) int {
	t.Helper()
	ep := endpoint(t, wsfsm.Options{}, newMessage(t, o))
	_, sender := pair(t, ep, ep)
	const messages = 32
	total := 0
	for seed := range messages {
		if err := sender.Text(prose(n, uint64(seed))); err != nil {
			t.Fatal(err)
		}
		total += len(take(sender))
	}
	return total / messages
}

// What the parameters save on the wire, as docs/extensions.md says.
func TestWireCostOfParameters(t *testing.T) {
	for _, n := range []int{1 << 10, 64 << 10} {
		least := [2]int{n, n}
		for _, bits := range []int{8, 10, 12, 15} {
			for _, level := range []deflate.Level{deflate.Fast, deflate.Small} {
				apart := onWire(t, n, deflate.Options{Window: bits, Level: level, NoContextTakeover: true})
				takeover := onWire(t, n, deflate.Options{Window: bits, Level: level})
				t.Logf("%d octets, %d bits, level %d: %d, with takeover %d", n, bits, level, apart, takeover)
				if takeover > apart {
					t.Errorf("takeover takes more")
				}
				if takeover > least[level]+least[level]/100 {
					t.Errorf("more than %d, with a smaller window", least[level])
				}
				least[level] = min(least[level], takeover)
			}
			if fast := least[deflate.Fast]; least[deflate.Small] > fast+fast/100 {
				t.Errorf("%d octets, %d bits: Small is larger than Fast", n, bits)
			}
		}
	}
}
