package conformance_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance/model"
)

// TestAgreementOnRequests compares what driver and model make of requests for
// every version, right ones and changed ones, with any set of versions enabled:
// whether they are taken and for which version, what is answered, and, where
// one thing is wrong, the status.
func TestAgreementOnRequests(t *testing.T) {
	t.Parallel()
	endpoints := 1500
	if testing.Short() {
		endpoints = 150
	}
	random := rand.New(rand.NewPCG(75, 76))
	found := map[int]int{}
	for range endpoints {
		enabled := randomVersions(random)
		ep, err := wsfsm.NewEndpoint(wsfsm.Options{Versions: enabled, AutoStart: true, Subprotocols: []string{"chat"}, Rand: zeros{}})
		if err != nil {
			t.Fatal(err)
		}
		for range 12 {
			r := model.New(enabled[random.IntN(len(enabled))], model.Client).OpeningRequest(randomOffer(random))
			changes := max(random.IntN(5)-2, 0)
			for range changes {
				changeRequest(random, &r)
			}
			found[compareRequest(t, ep, enabled, r, changes)]++
		}
	}
	for _, status := range []int{101, 400, 403, 405, 426, 505} {
		if found[status] == 0 {
			t.Errorf("no request had the answer %d: %v", status, found)
		}
	}
}

// compareRequest compares what becomes of a request with so many changes, and
// returns the status that the model answers.
func compareRequest(t *testing.T, ep *wsfsm.Endpoint, enabled []string, r model.Request, changes int) int {
	t.Helper()
	version, want := model.Judge(enabled, r)
	d := ep.Server()
	if err := d.Receive(r.Octets()); err != nil {
		t.Fatal(err)
	}
	d.Next()
	answer := parseResponse(slices.Concat(d.AppendOutput(nil)...))
	switch {
	case r.LeftOpen(enabled, version):
	case (answer.Status == 101) != (want == 101), want == 101 && d.Version() != version, changes == 1 && answer.Status != want:
		t.Fatalf("%v: driver %s %d, model %s %d:\n%s", enabled, d.Version(), answer.Status, version, want, r.Octets())
	case want == 101:
		compareAnswers(t, version, r, answer)
	}
	return want
}

// compareAnswers compares the answer to a request that is taken.
func compareAnswers(t *testing.T, version string, r model.Request, got model.Response) {
	t.Helper()
	choice := model.Choice{}
	for _, h := range got.Headers {
		switch h.Name {
		case "Sec-WebSocket-Nonce":
			choice.Nonce = h.Value
		case "Sec-WebSocket-Protocol", "WebSocket-Protocol":
			if choice.Protocol = h.Value; h.Value != "chat" {
				t.Fatalf("the subprotocol %s is chosen", h.Value)
			}
		}
	}
	want := model.New(version, model.Server).OpeningAnswer(r, choice)
	if version != "hixie-75" { // where the order counts
		slices.SortFunc(got.Headers, byNameAndValue)
		slices.SortFunc(want.Headers, byNameAndValue)
	}
	if got.Status != want.Status || got.Reason != want.Reason || got.Body != want.Body || !slices.Equal(got.Headers, want.Headers) {
		t.Fatalf("%s: driver\n%s\nmodel\n%s\nto\n%s", version, got.Octets(), want.Octets(), r.Octets())
	}
}

func byNameAndValue(a, b model.Header) int {
	return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Value, b.Value))
}

// randomVersions enables some versions, the newest first; of hixie-76 and
// hybi-01, which cannot be told apart, any first.
func randomVersions(random *rand.Rand) (enabled []string) {
	for _, version := range slices.Backward(model.Versions()) {
		if random.IntN(3) == 0 {
			enabled = append(enabled, version)
		}
	}
	if n := len(enabled); n > 1 && enabled[n-1] == "hixie-76" && enabled[n-2] == "hybi-01" && random.IntN(2) == 0 {
		enabled[n-1], enabled[n-2] = enabled[n-2], enabled[n-1]
	}
	if len(enabled) == 0 {
		return []string{model.Versions()[random.IntN(20)]}
	}
	return enabled
}

func randomOffer(random *rand.Rand) model.Offer {
	o := model.Offer{Host: "example.com", Resource: "/chat?x=1", Key: sampleKey, Key1: sampleKey1, Key2: sampleKey2, Key3: sampleKey3}
	if random.IntN(3) == 0 {
		o.Origin = "http://example.com"
	}
	if random.IntN(3) == 0 {
		o.Protocols = []string{"chat"}
	}
	return o
}

// headValues are what fields are changed to, or added with.
var headValues = []model.Header{
	{Name: "Upgrade", Value: "websocket"}, {Name: "Upgrade", Value: "h2c, WebSocket"}, {Name: "Upgrade", Value: "h2c"},
	{Name: "Connection", Value: "keep-alive, upgrade"}, {Name: "Connection", Value: "close"},
	{Name: "Host", Value: ""}, {Name: "Host", Value: "example.com"}, {Name: "Content-Length", Value: "0"}, {Name: "Transfer-Encoding", Value: "chunked"},
	{Name: "Sec-WebSocket-Version", Value: "13"}, {Name: "Sec-WebSocket-Version", Value: "8"}, {Name: "Sec-WebSocket-Version", Value: "7"},
	{Name: "Sec-WebSocket-Version", Value: "9"}, {Name: "Sec-WebSocket-Version", Value: "4"}, {Name: "Sec-WebSocket-Version", Value: "013"}, {Name: "Sec-WebSocket-Version", Value: ""},
	{Name: "Sec-WebSocket-Draft", Value: "0"}, {Name: "Sec-WebSocket-Draft", Value: "1"}, {Name: "Sec-WebSocket-Draft", Value: "2"},
	{Name: "Sec-WebSocket-Draft", Value: "3"}, {Name: "Sec-WebSocket-Draft", Value: "4"},
	{Name: "Sec-WebSocket-Key", Value: sampleKey}, {Name: "Sec-WebSocket-Key", Value: "short"}, {Name: "Sec-WebSocket-Key", Value: "dGhlIHNhbXBsZSBub25jZX=="},
	{Name: "Sec-WebSocket-Key1", Value: sampleKey1}, {Name: "Sec-WebSocket-Key1", Value: "12345"}, {Name: "Sec-WebSocket-Key1", Value: "1 2 34"},
	{Name: "Sec-WebSocket-Key2", Value: sampleKey2}, {Name: "Sec-WebSocket-Key2", Value: "99999999999 9"}, {Name: "Sec-WebSocket-Key2", Value: "a b"},
	{Name: "Origin", Value: "http://example.com"}, {Name: "Origin", Value: "http://elsewhere.example"}, {Name: "Sec-WebSocket-Origin", Value: "http://example.com"}, {Name: "Sec-WebSocket-Origin", Value: "http://elsewhere.example"},
	{Name: "Sec-WebSocket-Protocol", Value: "chat"}, {Name: "Sec-WebSocket-Protocol", Value: "a, chat"}, {Name: "Sec-WebSocket-Protocol", Value: "a chat"}, {Name: "Sec-WebSocket-Protocol", Value: "a,a"},
	{Name: "WebSocket-Protocol", Value: "chat"}, {Name: "WebSocket-Protocol", Value: "a b"}, {Name: "Sec-WebSocket-Extensions", Value: "x; y=1"}, {Name: "Sec-WebSocket-Extensions", Value: "x; ;"},
	{Name: "X-Other", Value: "1"},
}

// changeRequest changes one thing in a request.
func changeRequest(random *rand.Rand, r *model.Request) {
	switch random.IntN(12) {
	case 0:
		r.Method = []string{"POST", "get", "HEAD"}[random.IntN(3)]
	case 1:
		r.Version = []string{"HTTP/1.0", "HTTP/1.2"}[random.IntN(2)]
	case 2:
		r.Body = r.Body[:random.IntN(len(r.Body)+1)]
	default:
		changeFields(random, &r.Headers, headValues)
	}
}

// changeFields changes one field: it goes, comes twice, has its name in capitals,
// or is one of others.
func changeFields(random *rand.Rand, headers *[]model.Header, others []model.Header) {
	*headers = slices.Clone(*headers)
	at := 0
	if len(*headers) > 0 {
		at = random.IntN(len(*headers))
	}
	other := others[random.IntN(len(others))]
	same := slices.IndexFunc(*headers, func(h model.Header) bool { return h.Name == other.Name })
	switch random.IntN(5) {
	case 0:
		*headers = slices.Delete(*headers, at, min(at+1, len(*headers)))
	case 1:
		*headers = append(*headers, (*headers)[at:min(at+1, len(*headers))]...)
	case 2:
		if len(*headers) > 0 {
			(*headers)[at].Name = strings.ToUpper((*headers)[at].Name)
		}
	case 3:
		*headers = append(*headers, other)
	default:
		if same >= 0 {
			(*headers)[same] = other
		}
	}
}
