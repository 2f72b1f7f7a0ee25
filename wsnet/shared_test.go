package wsnet

import (
	"testing"

	"github.com/wsfsm/wsfsm"
)

// The endpoint, with its tables and buffers, is made once for all connections of
// the same options.
func TestSharedIsMadeOnce(t *testing.T) {
	var none *Options
	var noneDial *DialOptions
	for name, share := range map[string]func() (*shared, error){
		"nil":     func() (*shared, error) { s, _, err := none.share(); return s, err },
		"nil too": func() (*shared, error) { s, _, err := noneDial.share(); return s, err },
		"server":  sharing(&Options{Driver: wsfsm.Options{MaxMessage: 1}}),
		"client":  dialSharing(&DialOptions{Driver: wsfsm.Options{MaxMessage: 1}}),
	} {
		a, err := share()
		b, err2 := share()
		if a == nil || a != b || err != nil || err2 != nil {
			t.Errorf("%s: %p, %p, %v, %v", name, a, b, err, err2)
		}
	}
	share := sharing(&Options{Driver: wsfsm.Options{MaxMessage: -7}})
	for range 2 {
		if _, err := share(); err == nil {
			t.Error("wrong options are not refused")
		}
	}
}

func sharing(o *Options) func() (*shared, error) {
	return func() (*shared, error) { s, _, err := o.share(); return s, err }
}

func dialSharing(o *DialOptions) func() (*shared, error) {
	return func() (*shared, error) { s, _, err := o.share(); return s, err }
}
