package wsfsm

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/internal/utf8"
	"github.com/wsfsm/wsfsm/states"
)

// transfer writes what a driver holds into octets, or reads it from them: each
// value has one description, which serves both ways, so that they cannot differ.
// A value that cannot be read leaves err, and all behind it as it is.
type transfer struct {
	way    transferWay
	octets []byte // written so far, or not read yet
	err    error
}

// transferWay says which way a transfer goes.
type transferWay uint8

const (
	writing transferWay = iota
	reading
)

func (t *transfer) reads() bool { return t.way == reading && t.err == nil }

func (t *transfer) fail(format string, args ...any) {
	if t.err == nil {
		t.err = fmt.Errorf("%w: "+format, append([]any{ErrBadSnapshot}, args...)...)
	}
}

// transferNumber passes a number that is not negative.
func transferNumber[T ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~int | ~int64](t *transfer, v *T) {
	if t.way == writing {
		t.octets = binary.AppendUvarint(t.octets, uint64(*v))
		return
	}
	if t.err != nil {
		return
	}
	u, n := binary.Uvarint(t.octets)
	if n <= 0 {
		t.fail("a number is cut off or too large")
		return
	}
	t.octets = t.octets[n:]
	if T(u) < 0 || uint64(T(u)) != u {
		t.fail("the number %d is too large for its place", u)
		return
	}
	*v = T(u)
}

// transferBelow passes a number that is below a bound.
func transferBelow[T ~uint8 | ~uint16 | ~uint32 | ~int](t *transfer, v *T, bound int, name string) {
	transferNumber(t, v)
	if t.reads() && uint64(*v) >= uint64(bound) {
		t.fail("%s is %d", name, *v)
	}
}

func (t *transfer) flag(v *bool) {
	var n uint8
	if *v {
		n = 1
	}
	transferBelow(t, &n, 2, "a flag")
	if t.reads() {
		*v = n == 1
	}
}

// fixed passes octets of a number that is known.
func (t *transfer) fixed(p []byte) {
	switch {
	case t.way == writing:
		t.octets = append(t.octets, p...)
	case t.err == nil && len(t.octets) < len(p):
		t.fail("it ends early")
	case t.err == nil:
		t.octets = t.octets[copy(p, t.octets):]
	}
}

// run passes a number of octets and them; what is returned for reading lies in the
// snapshot.
func (t *transfer) run(p []byte) []byte {
	n := len(p)
	transferNumber(t, &n)
	switch {
	case t.way == writing:
		t.octets = append(t.octets, p...)
	case t.err == nil && n > len(t.octets):
		t.fail("it ends early")
	case t.err == nil:
		p, t.octets = t.octets[:n], t.octets[n:]
		return p
	}
	return nil
}

func (t *transfer) bytes(v *[]byte) {
	p := t.run(*v)
	if t.reads() {
		*v = append([]byte(nil), p...)
	}
}

func (t *transfer) text(v *string) {
	var own []byte
	if t.way == writing {
		own = []byte(*v)
	}
	p := t.run(own)
	if t.reads() {
		*v = string(p)
	}
}

// transferPointer passes whether there is a value; for reading it makes one. It
// returns whether the value is to be passed.
func transferPointer[T any](t *transfer, v **T) bool {
	there := *v != nil
	t.flag(&there)
	if t.err != nil || !there {
		return false
	}
	if t.way == reading {
		*v = new(T)
	}
	return true
}

// transferList passes the values of a list, of which each has an octet at least.
func transferList[T any](t *transfer, list *[]T, each func(*T)) {
	n := len(*list)
	transferNumber(t, &n)
	if t.reads() && n > len(t.octets) {
		t.fail("a list of %d is longer than what is left", n)
	}
	for i := 0; i < n && t.err == nil; i++ {
		if t.way == reading {
			*list = append(*list, *new(T))
		}
		each(&(*list)[i])
	}
}

func (t *transfer) fields(list *[]Field) {
	transferList(t, list, func(f *Field) {
		t.text(&f.Name)
		t.text(&f.Value)
	})
}

func (t *transfer) texts(list *[]string) { transferList(t, list, t.text) }

func (t *transfer) checker(c *utf8.Checker) {
	n := c.State()
	transferNumber(t, &n)
	if t.reads() {
		var ok bool
		if *c, ok = utf8.CheckerAt(n); !ok {
			t.fail("there is no state %d inside a character", n)
		}
	}
}

func (t *transfer) replacer(r *utf8.Replacer) {
	begun := t.run(r.Begun())
	if t.reads() && (len(begun) > 3 || len(r.Append(nil, begun)) > 0) {
		t.fail("%d octets do not begin a character", len(begun))
	}
}

// elements passes extensions as a header field holds them.
func (t *transfer) elements(list *[]extension.Element) {
	text := elements(*list)
	t.text(&text)
	if t.reads() && text != "" {
		var err error
		if *list, err = extension.Parse(text); err != nil {
			t.fail("extensions: %v", err)
		}
	}
}

// cause passes an error: the sentinels of this package as themselves, any other as
// its text.
func (t *transfer) cause(v *error) {
	known := [...]error{nil, ErrTimeout, ErrEndOfStream}
	n := len(known)
	for i, err := range known {
		if *v == err {
			n = i
		}
	}
	transferBelow(t, &n, len(known)+1, "a cause")
	if n < len(known) {
		*v = known[n]
		return
	}
	var text string
	if *v != nil {
		text = (*v).Error()
	}
	t.text(&text)
	if t.reads() {
		*v = errors.New(text)
	}
}

func (t *transfer) violation(e *Error) {
	transferBelow(t, &e.Violation, states.ViolationCount+1, "a violation")
	transferNumber(t, &e.Code)
	transferNumber(t, &e.Status)
	transferBelow(t, &e.Machine, states.MachineCount+1, "a machine")
	transferNumber(t, &e.Offset)
	t.text(&e.State)
	t.text(&e.Detail)
	t.text(&e.reason)
	t.cause(&e.Cause)
}
