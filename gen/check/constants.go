package check

import (
	"slices"
	"strings"

	"github.com/wsfsm/wsfsm/gen/spec"
)

// lastCode is the highest close code (RFC 6455 §7.4.2).
const lastCode = 4999

// constants checks what a version says besides its machines. A version with a
// connection machine is one of WebSocket: it has all machines and constants.
// It reports whether the machines can be looked at.
func (c *checker) constants(ver *spec.Version) (ok bool) {
	before := c.Added()
	if len(ver.Machines) == 0 {
		c.Add(MissingMachine, ver.Pos, "", "the version %q has no machine", ver.Name)
		return false
	}
	if ver.Close != nil {
		c.closeRules(ver)
	}
	if !c.v.Coupled(spec.MachineConnection) || ver.Machine(spec.MachineConnection) == nil {
		return c.Added() == before
	}
	for _, words := range c.v.Machines {
		if ver.Machine(words.Name) == nil {
			c.Add(MissingMachine, ver.Pos, "", "the version %q has no machine %s", ver.Name, words.Name)
		}
	}
	if closes := c.v.Told(ver.Machine(spec.MachineFrame), spec.FactClose); closes != (ver.Close != nil) {
		if closes {
			c.Add(MissingConstant, ver.Pos, "", "the version %q has close frames, but does not say %q", ver.Name, "close")
		} else {
			c.Add(WrongConstant, ver.Close.Pos, "", "the version %q has no close frames", ver.Name)
		}
	}
	if ver.Close != nil && len(ver.Close.Sent) > 0 && ver.TooBig == 0 {
		c.Add(MissingConstant, ver.Pos, "", "the version %q has close codes, but does not say %q", ver.Name, "too-big")
	}
	c.recognise(ver)
	return c.Added() == before
}

func (c *checker) closeRules(ver *spec.Version) {
	c.known(list{"", "closes"}, "shape of a close body", ver.Close.Body, ver.Close.At.Of("body", ver.Close.Pos))
	before := c.Added()
	c.ranges(ver.Close.Received)
	c.ranges(ver.Close.Sent)
	c.hasCodes(ver)
	if c.Added() == before {
		c.sentAreReceived(ver.Close)
	}
	if ver.TooBig != 0 && !within(ver.Close.Sent, ver.TooBig) {
		c.Add(WrongConstant, ver.At.Of("too-big", ver.Pos), "", "the close code %d may not be sent", ver.TooBig)
	}
}

// hasCodes checks that a version says which codes close frames may carry, if
// they carry any: then an empty body is told apart.
func (c *checker) hasCodes(ver *spec.Version) {
	judged, known := false, false
	for _, y := range c.v.Closes {
		known = known || y.Name == ver.Close.Body
		judged = judged || y.Name == ver.Close.Body && slices.Contains(y.Yields, "close-empty")
	}
	for key, codes := range map[string][]spec.Range{"received": ver.Close.Received, "sent": ver.Close.Sent} {
		switch {
		case judged && len(codes) == 0:
			c.Add(MissingConstant, ver.Close.Pos, "", "close frames carry codes, but %q is not said", key)
		case known && !judged && len(codes) > 0:
			c.Add(WrongConstant, ver.Close.At.Of(key, ver.Close.Pos), "", "a close frame of shape %q carries no code", ver.Close.Body)
		}
	}
}

// sentAreReceived checks that this end takes from its like what it sends.
func (c *checker) sentAreReceived(rules *spec.Close) {
	for _, r := range rules.Sent {
		for code := r.First; code <= r.Last; code++ {
			if !within(rules.Received, code) {
				c.Add(WrongConstant, r.Pos, "", "the close code %d may be sent, but not received", code)
				break
			}
		}
	}
}

func within(list []spec.Range, code int) bool {
	return slices.ContainsFunc(list, func(r spec.Range) bool { return r.First <= code && code <= r.Last })
}

// ranges checks that ranges of close codes ascend.
func (c *checker) ranges(list []spec.Range) {
	last := -1
	for _, r := range list {
		switch {
		case r.First > r.Last:
			c.Add(WrongConstant, r.Pos, "", "the range from %d to %d is empty", r.First, r.Last)
		case r.Last > lastCode:
			c.Add(WrongConstant, r.Pos, "", "close codes end at %d", lastCode)
		case r.First <= last:
			c.Add(WrongConstant, r.Pos, "ranges are disjoint and ascend", "%d is not above the range before it", r.First)
		}
		last = max(last, r.Last)
	}
}

// recognise checks that a version is recognised by a line of its request, and
// has a number where the request carries it.
func (c *checker) recognise(ver *spec.Version) {
	if ver.Recognise == nil {
		c.Add(MissingConstant, ver.Pos, "", "the version %q does not say %q", ver.Name, "recognise")
	}
	handshake := ver.Machine(spec.MachineHandshake)
	if handshake == nil {
		return
	}
	for _, h := range handshake.Heads {
		for _, l := range h.Lines {
			numbered := l.From == spec.ValueVersion || l.Equals == spec.ValueVersion
			if numbered && ver.WireVersion == "" {
				c.Add(MissingConstant, ver.Pos, "", "the line %s carries the version, but %q does not say %q", l.Name, ver.Name, "wire-version")
			}
		}
	}
	if r := ver.Recognise; r != nil && r.Header == "" && len(r.Values) > 0 {
		c.Add(MissingConstant, r.Pos, "", "recognise says a value, but no header")
		return
	}
	if request := handshake.Head("request"); request != nil && ver.Recognise != nil && ver.Recognise.Header != "" {
		c.recogniseIn(ver, request)
	}
}

func (c *checker) recogniseIn(ver *spec.Version, request *spec.Head) {
	r := ver.Recognise
	i := slices.IndexFunc(request.Lines, func(l *spec.HeadLine) bool { return strings.EqualFold(l.Name, r.Header) })
	if i < 0 {
		c.Add(WrongConstant, r.At.Of("header", r.Pos), "", "the head %q has no line %s", request.Name, r.Header)
		return
	}
	line := request.Lines[i]
	demanded := line.OneOf
	switch {
	case line.Is != "":
		demanded = []string{line.Is}
	case line.Equals == spec.ValueVersion:
		demanded = []string{ver.WireVersion}
	}
	switch {
	case len(r.Values) == 0 && demanded != nil:
		c.Add(MissingConstant, r.Pos, "", "the line %s has a value that tells the version, but recognise does not say it", line.Name)
	case len(r.Values) > 0 && demanded == nil:
		c.Add(HeadLine, line.Pos, "", "the line %s tells the version, but does not demand its value", line.Name)
	case !slices.Equal(r.Values, demanded):
		c.Add(WrongConstant, r.At.Of("value", r.Pos), "", "the version is recognised by %q, but its request says %q", strings.Join(r.Values, " "), strings.Join(demanded, " "))
	}
}
