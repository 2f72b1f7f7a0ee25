package spec

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// characters checks the octets of a file and splits it into lines. Files with
// the line ends of Windows are taken as if they had others.
func (d *document) characters(content []byte) (string, bool) {
	start := Pos{File: d.file, Line: 1, Column: 1}
	if len(content) > largestFile {
		d.Add(FileTooLarge, Pos{File: d.file}, "", "the file is longer than %d octets", largestFile)
		return "", false
	}
	if !utf8.Valid(content) {
		d.Add(BadCharacter, Pos{File: d.file}, "", "the file is not UTF-8")
		return "", false
	}
	text := strings.ReplaceAll(string(content), "\r\n", "\n")
	lines := strings.Split(text, "\n")
	d.sources[d.file] = lines
	ok := true
	for i, line := range lines {
		runes := []rune(line)
		d.lines = append(d.lines, runes)
		at := start
		at.Line = i + 1
		if len(runes) > longestLine {
			d.Add(FileTooLarge, at, "", "the line is longer than %d characters", longestLine)
			ok = false
		}
		for j, c := range runes {
			if what := unwanted(c); what != "" {
				at.Column = j + 1
				d.Add(BadCharacter, at, "", "%s", what)
				ok = false
				break
			}
		}
	}
	return text, ok
}

// unwanted says what is wrong with a character; "" if nothing is. The YAML
// versions disagree about some line ends.
func unwanted(c rune) string {
	switch {
	case c == '\t':
		return "a tab; spec files are indented with spaces"
	case c == '\uFEFF':
		return "a byte order mark"
	case c == '\u2028', c == '\u2029', c == '\u0085':
		return "a line end that YAML readers disagree about"
	case unicode.IsControl(c), c == utf8.RuneError:
		return "a control character"
	}
	return ""
}

// What YAML 1.1 or 1.2 takes an unquoted text for.
var (
	yamlNumber = regexp.MustCompile(`^[-+]?(\.?[0-9][0-9_.]*([eE][-+]?[0-9]+)?|0[bB][01_]+|0[oO]?[0-7_]+|0[xX][0-9a-fA-F_]+|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?|\.(inf|Inf|INF)|\.(nan|NaN|NAN))$`)
	yamlDate   = regexp.MustCompile(`^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?$`)
	yamlTruth  = regexp.MustCompile(`^(?i:true|false|yes|no|on|off|y|n)$`)
	yamlNull   = regexp.MustCompile(`^(~|null|Null|NULL)?$`)
)

// yamlStarts are the first octets of what is matched by the patterns above.
const yamlStarts = "~+.0123456789nNtTfFyYoO=<" + yamlMarks

// yamlMarks are the characters that mean something of their own where a text
// could begin.
const yamlMarks = "-?:,[]{}#&*!|>'\"%@`"

// takenFor says what YAML readers take an unquoted text for; "" if it is a
// text to all of them.
func takenFor(n *node) string {
	switch {
	case !n.plain:
		return ""
	case n.text != "" && !strings.Contains(yamlStarts, n.text[:1]):
		return ""
	case yamlNull.MatchString(n.text):
		return "nothing"
	case yamlTruth.MatchString(n.text):
		return "true or false"
	case yamlNumber.MatchString(n.text), yamlNumber.MatchString(strings.ReplaceAll(n.text, "_", "")):
		return "a number"
	case yamlDate.MatchString(n.text):
		return "a date"
	case n.text == "=", n.text == "<<", strings.HasPrefix(n.text, "..."), strings.Contains(yamlMarks, n.text[:1]):
		return "a mark"
	}
	return ""
}
