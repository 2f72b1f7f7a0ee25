package conformance

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// expectAnswer expects the output to be exactly one HTTP response, after which
// the connection ends: with the status, with the fields named and, beside
// those that any response with a body has, no others. A body is compared if the
// case has one.
func (r *runner) expectAnswer(s *Step) error {
	if err := r.consistent(); err != nil {
		return err
	}
	all := r.output()
	head, body, ok := bytes.Cut(all, []byte("\r\n\r\n"))
	if !ok {
		return r.mismatch("the octets out are no HTTP response", s.String(), describe(all))
	}
	lines := strings.Split(string(head), "\r\n")
	if problem := wrongStatusLine(lines[0], s.Args[0]); problem != "" {
		return r.mismatch(problem, s.String(), lines[0])
	}
	if problem := wrongFields(s, lines[1:], body); problem != "" {
		return r.mismatch(problem, s.String(), describe(all))
	}
	if want := r.octets(s); s.Octets != nil && !bytes.Equal(want, body) {
		w, g := differ(want, body)
		return r.mismatch("the body of the response differs", w, g)
	}
	r.d.Sent(len(all))
	return r.pump()
}

func wrongStatusLine(line, status string) string {
	words := strings.SplitN(line, " ", 3)
	switch {
	case len(words) < 3 || words[0] != "HTTP/1.1":
		return "the status line is malformed"
	case words[1] != status:
		return "the status differs"
	}
	return ""
}

// wrongFields returns what is wrong with the fields of a response.
func wrongFields(s *Step, lines []string, body []byte) string {
	var rest []Field
	length, connection := "", ""
	for _, line := range lines {
		f := parseField(line)
		switch {
		case !strings.Contains(line, ": "):
			return fmt.Sprintf("%q is no header field", line)
		case f.Name == "Content-Length":
			length = f.Value
		case f.Name == "Connection":
			connection = f.Value
		case f.Name == "Content-Type" && !slices.Contains(s.Fields, f):
		default:
			rest = append(rest, f)
		}
	}
	bodiless := s.Args[0] == "204" || s.Args[0] == "304"
	switch {
	case !slices.Equal(rest, s.Fields):
		return fmt.Sprintf("the header fields are %q", rest)
	case bodiless && (length != "" || len(body) > 0):
		return "the status allows no body"
	case !bodiless && length != strconv.Itoa(len(body)):
		return fmt.Sprintf("Content-Length is %q with %d octets of body", length, len(body))
	case !hasClose(connection):
		return "Connection does not say close"
	}
	return ""
}

func hasClose(list string) bool {
	return slices.ContainsFunc(strings.Split(list, ","), func(s string) bool { return strings.TrimSpace(s) == "close" })
}
