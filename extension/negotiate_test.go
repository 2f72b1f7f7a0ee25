package extension

import (
	"errors"
	"fmt"
	"testing"
)

// plain is an extension that agrees to anything.
type plain struct {
	name     string
	bits     Bits
	scope    Scope
	answer   []Parameter
	required bool
	released *int
}

func (p plain) Name() string          { return p.name }
func (p plain) Offers() [][]Parameter { return [][]Parameter{p.answer} }
func (p plain) Required() bool        { return p.required }
func (p plain) Begin(Bits)            {}

func (p plain) Answer([][]Parameter) ([]Parameter, *Session) { return p.answer, p.session() }
func (p plain) Accept([]Parameter) (*Session, error)         { return p.session(), nil }
func (p plain) session() *Session                            { return &Session{Bits: p.bits, Scope: p.scope, Decoder: p} }

func (p plain) Decode(dst, src []byte, _ int) ([]byte, int, error) { return dst, len(src), nil }
func (p plain) End(dst []byte, _ int) ([]byte, bool, error)        { return dst, true, nil }

func (p plain) Release() {
	if p.released != nil {
		*p.released++
	}
}

func TestCheck(t *testing.T) {
	ok := plain{name: "a", answer: []Parameter{{Name: "x", Bare: true}, {Name: "y", Value: "1"}}}
	if err := Check([]Extension{ok, plain{name: "b"}}); err != nil {
		t.Error(err)
	}
	for name, list := range map[string][]Extension{
		"twice":           {ok, ok},
		"nil":             {nil},
		"no name":         {plain{}},
		"no token":        {plain{name: "a b"}},
		"parameter name":  {plain{name: "a", answer: []Parameter{{Name: "x;", Bare: true}}}},
		"parameter value": {plain{name: "a", answer: []Parameter{{Name: "x", Value: "1\r\n"}}}},
		"bare with value": {plain{name: "a", answer: []Parameter{{Name: "x", Value: "1", Bare: true}}}},
		"without value":   {plain{name: "a", answer: []Parameter{{Name: "x"}}}},
	} {
		if err := Check(list); !errors.Is(err, ErrConfiguration) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnswer(t *testing.T) {
	released := 0
	a, b := plain{name: "a", bits: RSV1}, plain{name: "b", bits: RSV2}
	for _, c := range []struct {
		list   []Extension
		offers string
		want   string
	}{
		{[]Extension{a, b}, "b, a", "[a b]"}, // in the order of the server
		{[]Extension{a, b}, "b, x", "[b]"},
		{[]Extension{a, b}, "x", "[]"},
		{[]Extension{a, plain{name: "c", bits: RSV1, released: &released}}, "a, c", "[a]"},
		{[]Extension{plain{name: "f", bits: RSV3, scope: PerFrame}, a}, "a, f", "[f]"},
		{[]Extension{a, plain{name: "f", bits: RSV3, scope: PerFrame}}, "a, f", "[a f]"},
		{[]Extension{plain{name: "e", answer: []Parameter{{Name: "="}}}}, "e", "[]"},
	} {
		offers, err := Parse(c.offers)
		if err != nil {
			t.Fatal(err)
		}
		names := []string{}
		for _, agreed := range Answer(c.list, offers) {
			names = append(names, agreed.String())
		}
		if got := fmt.Sprint(names); got != c.want {
			t.Errorf("%q: %s, want %s", c.offers, got, c.want)
		}
	}
	if released != 1 {
		t.Errorf("the session that conflicts was released %d times", released)
	}
}

func TestAccept(t *testing.T) {
	a, b := plain{name: "a", bits: RSV1}, plain{name: "b", bits: RSV1 | RSV2}
	f := plain{name: "f", bits: RSV3, scope: PerFrame}
	for answer, ok := range map[string]bool{
		"a": true, "b": true, "a, f": true, "a, b": false, "f, a": false, "a, a": false, "x": false, "A": false,
	} {
		list, err := Parse(answer)
		if err != nil {
			t.Fatal(err)
		}
		agreed, err := Accept([]Extension{a, b, f}, list)
		if (err == nil) != ok || ok && len(agreed) != len(list) || !ok && !errors.Is(err, ErrAnswer) {
			t.Errorf("%q: %v", answer, err)
		}
	}
}

func TestMissing(t *testing.T) {
	list := []Extension{plain{name: "a", required: true}, plain{name: "b"}, plain{name: "c", required: true}}
	agreed := []Agreed{{Element: Element{Name: "c"}}}
	if got := fmt.Sprint(Missing(list, agreed)); got != "[a]" {
		t.Error(got)
	}
}

func TestElementIsParsedAgain(t *testing.T) {
	const text = "a; x; y=1, b"
	list, err := Parse(text)
	if err != nil || list[0].String()+", "+list[1].String() != text {
		t.Errorf("%v, %v", list, err)
	}
}
