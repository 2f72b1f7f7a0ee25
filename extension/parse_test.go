package extension

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	for header, want := range map[string][]Element{
		"a":                         {{Name: "a"}},
		" a ,\tb ":                  {{Name: "a"}, {Name: "b"}},
		", a, ,,b,":                 {{Name: "a"}, {Name: "b"}},
		"a; x":                      {{"a", []Parameter{{Name: "x", Bare: true}}}},
		`a;x=1 ; y = "2" , a`:       {{"a", []Parameter{{Name: "x", Value: "1"}, {Name: "y", Value: "2"}}}, {Name: "a"}},
		`permessage-deflate;b="\1"`: {{"permessage-deflate", []Parameter{{Name: "b", Value: "1"}}}},
		"a;x ;y":                    {{"a", []Parameter{{Name: "x", Bare: true}, {Name: "y", Bare: true}}}},
	} {
		got, err := Parse(header)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("Parse(%q) = %+v, %v; want %+v", header, got, err, want)
		}
	}
}

func TestParseRefusesWithOffset(t *testing.T) {
	for header, offset := range map[string]int{
		"": 0, ",": 1, " , ,": 4, "a,/": 2, "a;": 2, "a b": 2, "a;x=": 4, "a;=1": 2, "a;x=\"": 5, "a;x=\"\"": 5,
		"a;x=\"b c\"": 6, "a;x=\"b": 6, "a;x=\"b\\": 6, "a\x00": 1, "é": 0, "a;x=1 2": 6, "a/b": 1,
	} {
		_, err := Parse(header)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || syntax.Offset != offset {
			t.Errorf("Parse(%q): %v, want an error at offset %d", header, err, offset)
		}
	}
}

func TestParseIsBounded(t *testing.T) {
	many := strings.TrimSuffix(strings.Repeat("a,", MaxExtensions), ",")
	if list, err := Parse(many); err != nil || len(list) != MaxExtensions {
		t.Fatalf("at the limit: %d, %v", len(list), err)
	}
	if _, err := Parse(many + ",a"); err == nil {
		t.Error("one extension too many is accepted")
	}
	if _, err := Parse("a" + strings.Repeat(";x", MaxParameters+1)); err == nil {
		t.Error("one parameter too many is accepted")
	}
	start := time.Now()
	if _, err := Parse("a;x=\"" + strings.Repeat(`\a`, 1<<20)); err == nil {
		t.Error("an endless quoted string is accepted")
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("2 MiB took %v", took)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`a;x=1 ; y = "2" , a`)
	f.Fuzz(func(t *testing.T, header string) {
		list, err := Parse(header)
		if (err == nil) != (len(list) > 0) {
			t.Fatalf("Parse(%q) = %v, %v", header, list, err)
		}
	})
}
