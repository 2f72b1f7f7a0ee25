package emit

import (
	"errors"
	"fmt"
	"go/token"
	"strings"
)

// initialisms are the words that Go writes in capitals or with capitals inside.
var initialisms = [...][2]string{{"http", "HTTP"}, {"websocket", "WebSocket"}}

// goName turns a kebab word into an exported Go name: mask-missing becomes
// MaskMissing, http-version HTTPVersion, base64-16 Base6416.
func goName(kebab string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(kebab, "-") {
		b.WriteString(capital(part))
	}
	return b.String()
}

// goLocal turns a kebab word into an unexported Go name: hybi-07 becomes hybi07.
func goLocal(kebab string) string {
	first, rest, _ := strings.Cut(kebab, "-")
	name := goName(first + "-" + rest)
	name = first + name[len(capital(first)):]
	if token.IsKeyword(name) {
		name += "_"
	}
	return name
}

func capital(part string) string {
	for _, i := range initialisms {
		if part == i[0] {
			return i[1]
		}
	}
	if part == "" {
		return ""
	}
	return strings.ToUpper(part[:1]) + part[1:]
}

// goNames collects the names that one package declares and what each stands for.
type goNames struct {
	meaning map[string]string
	errs    []error
}

// declare notes a name; two meanings of one name are an error, as is what is
// no Go name.
func (n *goNames) declare(name, meaning string) {
	if n.meaning == nil {
		n.meaning = make(map[string]string)
	}
	if !token.IsIdentifier(name) {
		n.errs = append(n.errs, fmt.Errorf("%s: %q is no Go name", meaning, name))
		return
	}
	if other, taken := n.meaning[name]; taken {
		n.errs = append(n.errs, fmt.Errorf("the Go name %s would stand for both %s and %s", name, other, meaning))
		return
	}
	n.meaning[name] = meaning
}

func (n *goNames) err() error { return errors.Join(n.errs...) }
