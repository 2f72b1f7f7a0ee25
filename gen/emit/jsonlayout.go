package emit

import (
	"bytes"
	"encoding/json"
)

// jsonWidth is the length up to which a value stands on one line.
const jsonWidth = 160

// layoutJSON writes a value as JSON to be read by people too: what is short
// stands on one line.
func layoutJSON(value any) ([]byte, error) {
	var compact bytes.Buffer
	enc := json.NewEncoder(&compact)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return nil, err
	}
	l := jsonLayout{in: compact.Bytes()}
	l.value(0)
	l.out.WriteByte('\n')
	return l.out.Bytes(), nil
}

// jsonLayout lays out compact JSON, which is known to be valid.
type jsonLayout struct {
	in  []byte
	at  int
	out bytes.Buffer
}

// value copies one value at some depth.
func (l *jsonLayout) value(depth int) {
	end := l.end()
	if opening := l.in[l.at]; (opening == '{' || opening == '[') && end-l.at+2*depth > jsonWidth {
		l.spread(depth, end)
		return
	}
	l.space(l.in[l.at:end])
	l.at = end
}

// spread writes an object or array with one member to a line; short arrays in
// an array fill their lines.
func (l *jsonLayout) spread(depth, end int) {
	l.out.WriteByte(l.in[l.at])
	object := l.in[l.at] == '{'
	column := jsonWidth
	for l.at++; l.at < end-1; {
		size := l.end() - l.at
		if column += size + 2; object || l.in[l.at] != '[' || column > jsonWidth {
			l.newline(depth + 1)
			column = 2*depth + size
		} else {
			l.out.WriteByte(' ')
		}
		if object {
			l.space(l.in[l.at : l.end()+1])
			l.at = l.end() + 1
			l.out.WriteByte(' ')
		}
		l.value(depth + 1)
		if l.in[l.at] == ',' {
			l.out.WriteByte(',')
			l.at++
		}
	}
	l.newline(depth)
	l.out.WriteByte(l.in[end-1])
	l.at = end
}

func (l *jsonLayout) newline(depth int) {
	l.out.WriteByte('\n')
	for range depth {
		l.out.WriteString("  ")
	}
}

// end finds the end of the value that begins at l.at.
func (l *jsonLayout) end() int {
	depth, quoted := 0, false
	for i := l.at; i < len(l.in); i++ {
		switch c := l.in[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
			if !quoted && depth == 0 {
				return i + 1
			}
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth <= 0 {
				return i + 1 + min(depth, 0)
			}
		case depth == 0 && (c == ',' || c == '\n'):
			return i
		}
	}
	return len(l.in)
}

// space copies compact JSON with a blank after each comma and colon.
func (l *jsonLayout) space(compact []byte) {
	quoted := false
	for i := 0; i < len(compact); i++ {
		c := compact[i]
		l.out.WriteByte(c)
		switch {
		case quoted && c == '\\':
			i++
			l.out.WriteByte(compact[i])
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ',' || c == ':') && i < len(compact)-1:
			l.out.WriteByte(' ')
		}
	}
}
