package interop

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// exercise is something that one end does and that the other end must see.
type exercise struct {
	name string
	// lacks says whether a version has no way to do it.
	lacks func(version) bool
	// run has an end do it. Where both ends are the same, the other end is an
	// echo server that cannot be watched.
	run func(version, end, end) error
}

// marker is sent behind each message, so that a message that is lost is noticed
// when the marker comes.
var marker = command{Do: sendText, Data: []byte("|")}

func never(version) bool { return false }

func exercises() []exercise {
	return []exercise{
		{"open", never, func(version, end, end) error { return nil }},
		{"ASCII", never, text("Hello, world")},
		{"multi-byte", never, text("grüße, €, 😀, \u0000\u007f\u0080\uffff\U0010ffff")},
		{"empty", never, text("")},
		{"126", never, text(strings.Repeat("x", 126))},
		{"65536", never, text(strings.Repeat("0123456789abcdé", 4096))},
		{"binary", func(v version) bool { return !v.binary }, binary},
		{"2 fragments", func(v version) bool { return !v.fragments }, fragments("frag", "ment")},
		{"4 fragments", func(v version) bool { return !v.fragments }, fragments("frag", "ment", "ed !", "text")},
		{"split characters", func(v version) bool { return !v.fragments }, fragments("gr\xc3", "\xbc\xc3\x9f", "e \xe2", "\x82\xac!")},
		{"ping", func(v version) bool { return !v.ping }, ping},
		{"close", never, closing},
		{"empty close", func(v version) bool { return !v.codes }, closingEmpty},
	}
}

// text sends a text.
func text(s string) func(version, end, end) error {
	return func(_ version, from, to end) error {
		return transfer(from, to, command{Do: sendText, Data: []byte(s)}, event{Event: "message", Data: []byte(s)})
	}
}

// binary sends all octets, and an empty message.
func binary(_ version, from, to end) error {
	data := make([]byte, 1000)
	for i := range data {
		data[i] = byte(255 - i)
	}
	err := transfer(from, to, command{Do: sendBinary, Data: data}, event{Event: "message", Binary: true, Data: data})
	if err != nil {
		return err
	}
	return transfer(from, to, command{Do: sendBinary}, event{Event: "message", Binary: true})
}

// fragments sends a text in fragments.
func fragments(parts ...string) func(version, end, end) error {
	c := command{Do: sendFragments}
	for _, part := range parts {
		c.Parts = append(c.Parts, []byte(part))
	}
	return func(_ version, from, to end) error {
		return transfer(from, to, c, event{Event: "message", Data: []byte(strings.Join(parts, ""))})
	}
}

// transfer sends a message and the marker, which must both come.
func transfer(from, to end, c command, want event) error {
	if err := from.do(c); err != nil {
		return err
	}
	if err := from.do(marker); err != nil {
		return err
	}
	for _, want := range []event{want, {Event: "message", Data: marker.Data}} {
		got, err := to.next()
		if err != nil {
			return err
		}
		if got.Event != "message" || got.Binary != want.Binary || !bytes.Equal(got.Data, want.Data) {
			return fmt.Errorf("%v instead of %v", got, want)
		}
	}
	return nil
}

// ping sends a ping, which must be answered.
func ping(_ version, from, _ end) error {
	data := []byte("are you there?")
	if err := from.do(command{Do: sendPing, Data: data}); err != nil {
		return err
	}
	got, err := await(from, "pong")
	if err == nil && !bytes.Equal(got.Data, data) {
		err = fmt.Errorf("%v instead of pong %q", got, data)
	}
	return err
}

// closing closes with a code and a reason, where the version has them.
func closing(v version, from, to end) error {
	c := command{Do: closeWith, Code: 4001, Reason: "done"}
	if !v.codes {
		c.Code, c.Reason = 1000, ""
	}
	if err := from.do(c); err != nil {
		return err
	}
	return closed(v, from, to, c.Code, c.Reason)
}

// closingEmpty closes without a code, which is 1005 for the other end (RFC 6455
// §7.1.5).
func closingEmpty(v version, from, to end) error {
	if err := from.do(command{Do: closeEmpty}); err != nil {
		return err
	}
	return closed(v, from, to, 1005, "")
}

// closed waits for both ends to be closed. The end that did not begin must see
// the code and the reason; so must the only end that can be watched, to which
// an echo server sends them back.
func closed(v version, from, to end, code int, reason string) error {
	got, err := await(to, "closed")
	if err == nil && v.codes && (got.Code != code || got.Reason != reason) {
		err = fmt.Errorf("%v instead of %v", got, event{Event: "closed", Code: code, Reason: reason})
	}
	err = errors.Join(err, clean(got, to))
	if from != to && err == nil {
		got, err = await(from, "closed")
		err = errors.Join(err, clean(got, from))
	}
	return err
}

// clean checks that a driver calls the end of the connection clean.
func clean(got event, e end) error {
	if _, ok := e.(*driven); ok && got.Event == "closed" && !got.Clean {
		return errors.New("the closing handshake is not complete")
	}
	return nil
}
