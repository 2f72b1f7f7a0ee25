package conformance_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance/model"
)

// TestAgreementOnAnswers compares the request that a client sends with the
// model's, and whether both accept the answers of the model's server, right ones
// and changed ones.
func TestAgreementOnAnswers(t *testing.T) {
	t.Parallel()
	runs := 600
	if testing.Short() {
		runs = 60
	}
	for i, version := range model.Versions() {
		random := rand.New(rand.NewPCG(13, uint64(i)))
		found := map[bool]int{}
		for range runs {
			c := newAsker(t, random, version)
			c.compareRequest(t)
			a := c.model.OpeningAnswer(c.request, model.Choice{Nonce: sampleNonce, Protocol: c.chosen(random), Secure: c.offer.Secure})
			changes := max(random.IntN(4)-1, 0)
			for range changes {
				changeAnswer(random, &a)
			}
			found[c.compareAnswer(t, a)]++
			if t.Failed() {
				return
			}
		}
		if found[true] < runs/20 || found[false] < runs/20 {
			t.Errorf("%s: %v", version, found)
		}
	}
}

// asker is a client that has sent its request.
type asker struct {
	model   model.Params
	offer   model.Offer
	d       *wsfsm.Driver
	request model.Request
}

func newAsker(t *testing.T, random *rand.Rand, version string) *asker {
	t.Helper()
	c := &asker{model: model.New(version, model.Client), offer: model.Offer{Host: "example.com:8080", Resource: "/chat?x=1"}}
	url := "ws://example.com:8080/chat?x=1"
	if random.IntN(3) == 0 {
		c.offer.Host, c.offer.Secure, url = "example.com", true, "wss://example.com/chat?x=1"
	}
	if random.IntN(3) == 0 {
		c.offer.Origin = "http://origin.example"
	}
	switch random.IntN(4) {
	case 0:
		c.offer.Protocols = []string{"chat"}
	case 1:
		c.offer.Protocols = []string{"chat", "superchat"}
		if version == "hixie-75" || version == "hixie-76" {
			c.offer.Protocols = c.offer.Protocols[:1]
		}
	}
	ep, err := wsfsm.NewEndpoint(wsfsm.Options{Versions: []string{version}, Subprotocols: c.offer.Protocols, Origin: c.offer.Origin})
	if err != nil {
		t.Fatal(err)
	}
	if c.d, err = ep.Client(url); err != nil {
		t.Fatal(err)
	}
	if err := c.d.Start(); err != nil {
		t.Fatal(err)
	}
	c.request = parseRequest(c.d.Output())
	c.d.Sent(c.d.Unsent())
	for _, h := range c.request.Headers {
		switch h.Name {
		case "Sec-WebSocket-Key":
			c.offer.Key = h.Value
		case "Sec-WebSocket-Key1":
			c.offer.Key1 = h.Value
		case "Sec-WebSocket-Key2":
			c.offer.Key2 = h.Value
		}
	}
	c.offer.Key3 = c.request.Body
	return c
}

// compareRequest compares the request, with its random values as they are, in any
// order of its fields.
func (c *asker) compareRequest(t *testing.T) {
	t.Helper()
	got, want := c.request, c.model.OpeningRequest(c.offer)
	got.Headers = slices.Clone(got.Headers)
	slices.SortFunc(got.Headers, byNameAndValue)
	slices.SortFunc(want.Headers, byNameAndValue)
	if got.Method != want.Method || got.Target != want.Target || got.Version != want.Version || got.Body != want.Body || !slices.Equal(got.Headers, want.Headers) {
		t.Errorf("%s: driver\n%s\nmodel\n%s", c.model.Version, got.Octets(), want.Octets())
	}
}

// chosen returns a subprotocol that the server may choose.
func (c *asker) chosen(random *rand.Rand) string {
	if len(c.offer.Protocols) == 0 {
		return ""
	}
	return c.offer.Protocols[random.IntN(len(c.offer.Protocols))]
}

// compareAnswer compares whether the answer opens the connection.
func (c *asker) compareAnswer(t *testing.T, a model.Response) (accepted bool) {
	t.Helper()
	fault := c.model.CheckAnswer(c.offer, a)
	if err := c.d.Receive(a.Octets()); err != nil {
		t.Fatal(err)
	}
	e, _ := c.d.Next()
	opened := e.Kind == wsfsm.EventOpen
	if c.leftOpen(a, opened, fault) {
		return false
	}
	if opened != (fault == "") {
		t.Errorf("%s: driver: %v %v, model: %q:\n%s\nto\n%s", c.model.Version, e.Kind, c.d.Err(), fault, a.Octets(), c.request.Octets())
	}
	return fault == ""
}

// leftOpen reports whether driver and model decide differently about the
// answers of the first drafts: the driver takes what begins one without its case,
// order and reason, as later drafts do, and wants one Upgrade in hixie-75, too;
// from hybi-01 on it wants no subprotocol where none was offered, and no answer
// to those that were.
func (c *asker) leftOpen(a model.Response, opened bool, fault model.ResponseFault) bool {
	count := func(name string) (n int) {
		for _, h := range a.Headers {
			if strings.EqualFold(h.Name, name) {
				n++
			}
		}
		return n
	}
	if v := c.model.Version; v == "hixie-75" && count("Upgrade") > 1 || v >= "hybi-01" && v <= "hybi-03" && (len(c.offer.Protocols) == 0) != (count("Sec-WebSocket-Protocol") == 0) {
		return true
	}
	isStart := fault == model.FaultStatus || fault == model.FaultUpgrade || fault == model.FaultConnection
	return opened && c.model.Version <= "hybi-03" && a.Status == 101 && isStart
}

// answerValues are what fields of an answer are changed to, or added with.
var answerValues = []model.Header{
	{Name: "Upgrade", Value: "h2c"}, {Name: "Connection", Value: "close"},
	{Name: "Sec-WebSocket-Accept", Value: "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}, {Name: "Sec-WebSocket-Nonce", Value: "short"}, {Name: "Sec-WebSocket-Nonce", Value: sampleNonce},
	{Name: "Sec-WebSocket-Origin", Value: "http://elsewhere.example"}, {Name: "WebSocket-Origin", Value: "http://elsewhere.example"},
	{Name: "Sec-WebSocket-Location", Value: "ws://elsewhere.example/"}, {Name: "WebSocket-Location", Value: "ws://elsewhere.example/"},
	{Name: "Sec-WebSocket-Protocol", Value: "other"}, {Name: "Sec-WebSocket-Protocol", Value: "superchat"}, {Name: "Sec-WebSocket-Protocol", Value: "chat, superchat"}, {Name: "WebSocket-Protocol", Value: "other"},
	{Name: "Sec-WebSocket-Extensions", Value: "x-other"}, {Name: "X-Other", Value: "1"},
}

// changeAnswer changes one thing in an answer.
func changeAnswer(random *rand.Rand, a *model.Response) {
	switch random.IntN(8) {
	case 0:
		a.Status = []int{200, 100, 302, 404}[random.IntN(4)]
	case 1:
		if len(a.Body) >= 16 {
			p := []byte(a.Body)
			p[random.IntN(16)] ^= 1 << random.IntN(8)
			a.Body = string(p)
		}
	case 2:
		a.Headers = slices.Delete(slices.Clone(a.Headers), 0, min(1+random.IntN(2), len(a.Headers)))
	default:
		changeFields(random, &a.Headers, answerValues)
	}
}
