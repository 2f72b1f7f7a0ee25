package conformance

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/wsfsm/wsfsm/extension"
	"github.com/wsfsm/wsfsm/extension/deflate"
)

// addDeflate adds permessage-deflate, whose options are words separated by
// commas.
func (s *settings) addDeflate(option Option) error {
	var o deflate.Options
	for word := range strings.SplitSeq(option.Value, ",") {
		name, value, _ := strings.Cut(word, ":")
		n, err := strconv.Atoi(value)
		if err != nil && value != "" {
			return fmt.Errorf("option deflate: %s is no number", value)
		}
		switch name {
		case "":
		case "window":
			o.Window = n
		case "peer-window":
			o.PeerWindow = n
		case "no-takeover":
			o.NoContextTakeover = true
		case "peer-no-takeover":
			o.PeerNoContextTakeover = true
		case "any-length":
			o.Threshold = deflate.NoThreshold
		case "max-ratio":
			o.MaxRatio = n
		case "required":
			o.Required = true
		default:
			return fmt.Errorf("option deflate has no %s", name)
		}
	}
	x, err := deflate.New(o)
	if err == nil {
		s.Extensions = append(s.Extensions, x)
	}
	return err
}

// complement is an extension for cases: with RSV2, each octet of a message is
// complemented.
type complement struct{}

// Name implements extension.Extension.
func (complement) Name() string { return "x-complement" }

// Offers implements extension.Extension.
func (complement) Offers() [][]extension.Parameter { return [][]extension.Parameter{nil} }

// Answer implements extension.Extension.
func (complement) Answer([][]extension.Parameter) ([]extension.Parameter, *extension.Session) {
	return nil, complementSession()
}

// Accept implements extension.Extension.
func (complement) Accept([]extension.Parameter) (*extension.Session, error) {
	return complementSession(), nil
}

func complementSession() *extension.Session {
	return &extension.Session{Bits: extension.RSV2, Encoder: complement{}, Decoder: complement{}}
}

// Encode implements extension.Encoder.
func (complement) Encode(dst, p []byte, _ extension.Position) ([]byte, extension.Bits, bool) {
	dst, _, _ = complement{}.Decode(dst, p, len(p))
	return dst, extension.RSV2, true
}

// Begin implements extension.Decoder.
func (complement) Begin(extension.Bits) {}

// Decode implements extension.Decoder.
func (complement) Decode(dst, src []byte, room int) ([]byte, int, error) {
	n := min(len(src), room)
	for _, b := range src[:n] {
		dst = append(dst, ^b)
	}
	return dst, n, nil
}

// End implements extension.Decoder.
func (complement) End(dst []byte, _ int) ([]byte, bool, error) { return dst, true, nil }

// Release implements extension.Encoder and extension.Decoder.
func (complement) Release() {}
