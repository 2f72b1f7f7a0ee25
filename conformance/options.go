package conformance

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wsfsm/wsfsm"
)

// defaultURL is what a client connects to unless the option url says otherwise.
const defaultURL = "ws://example.com/"

// parseOptions reads the words of an options line: name, name=value or
// name="quoted value".
func parseOptions(value string) ([]Option, error) {
	words, _, err := splitWords(value)
	if err != nil {
		return nil, err
	}
	var options []Option
	for _, word := range words {
		name, v, _ := strings.Cut(word, "=")
		if strings.HasPrefix(v, `"`) {
			text, err := unquote(v)
			if err != nil {
				return nil, err
			}
			v = string(text)
		}
		o := Option{name, v}
		if err := o.apply(&settings{}); err != nil {
			return nil, err
		}
		options = append(options, o)
	}
	return options, nil
}

// settings are what the options of a case come to.
type settings struct {
	wsfsm.Options
	url string
}

// settings returns what the options of the case come to.
func (c *Case) settings() settings {
	s := settings{url: defaultURL}
	for _, o := range c.Options {
		_ = o.apply(&s) // parseOptions has seen to it
	}
	return s
}

// inPieces reports whether the case itself wants messages in pieces.
func (c *Case) inPieces() bool {
	return slices.Contains(c.Options, Option{"deliver", "pieces"})
}

func (o Option) apply(s *settings) (err error) {
	switch o.Name {
	case "max-message":
		var n int
		n, err = o.limit()
		s.MaxMessage = int64(n)
	case "max-head":
		s.MaxHead, err = o.limit()
	case "max-line":
		s.MaxLine, err = o.limit()
	case "max-fields":
		s.MaxFields, err = o.limit()
	case "max-output":
		s.MaxOutput, err = o.limit()
	case "keep-reading":
		s.KeepReading, err = true, o.bare()
	case "autostart":
		s.AutoStart, err = true, o.bare()
	case "deliver":
		s.Deliver = wsfsm.DeliverPieces
		if o.Value != "pieces" {
			err = fmt.Errorf("deliver can be pieces only, not %q", o.Value)
		}
	case "secure":
		s.Secure, err = true, o.bare()
	case "versions":
		s.Versions, err = o.versions()
	case "subprotocols":
		s.Subprotocols = strings.Split(o.Value, ",")
	case "origins":
		s.Origins = strings.Split(o.Value, ",")
	case "origin":
		s.Origin = o.Value
	case "deflate":
		err = s.addDeflate(o)
	case "complement":
		s.Extensions, err = append(s.Extensions, complement{}), o.bare()
	case "field":
		f := parseField(o.Value)
		s.Header = append(s.Header, wsfsm.Field(f))
	case "url":
		s.url = o.Value
	default:
		err = fmt.Errorf("unknown option %q", o.Name)
	}
	return err
}

// defaultVersions in place of names stands for what an endpoint speaks that is
// not told.
const defaultVersions = "default"

// versions returns the names of versions, which must be known.
func (o Option) versions() ([]string, error) {
	names := strings.Split(o.Value, ",")
	for _, name := range names {
		if len(names) == 1 && name == defaultVersions {
			continue
		}
		if name != wsfsm.AllVersions && wsfsm.ProtocolNamed(name) == nil {
			return nil, fmt.Errorf("option %s names %q, which is no version", o.Name, name)
		}
	}
	return names, nil
}

func (o Option) bare() error {
	if o.Value != "" {
		return fmt.Errorf("option %s has no value", o.Name)
	}
	return nil
}

// limit returns the value of a limit: a number from 1, or "none".
func (o Option) limit() (int, error) {
	if o.Value == "none" {
		return wsfsm.NoLimit, nil
	}
	n, err := strconv.ParseInt(o.Value, 10, 32)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("option %s is a number from 1 or none, not %q", o.Name, o.Value)
	}
	return int(n), nil
}

// parseField splits "Name: value" at its first colon.
func parseField(s string) Field {
	name, value, _ := strings.Cut(s, ":")
	return Field{name, strings.TrimPrefix(value, " ")}
}

// cycle yields the same octets again and again; without any it is empty.
type cycle struct {
	octets []byte
	at     int
}

// Read implements io.Reader.
func (c *cycle) Read(p []byte) (int, error) {
	if len(c.octets) == 0 {
		return 0, fmt.Errorf("conformance: the case has no random octets")
	}
	for i := range p {
		p[i] = c.octets[c.at]
		c.at = (c.at + 1) % len(c.octets)
	}
	return len(p), nil
}
