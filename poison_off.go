//go:build !wsdebug

package wsfsm

// poisoned is empty: expired buffers are not poisoned without the build tag
// wsdebug.
type poisoned struct{}

func (poisoned) note([]byte) {}

func (poisoned) poison() {}

func poison([]byte) {}

func mustBeEmpty[T any](*T) {}
