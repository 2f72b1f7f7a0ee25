package tables_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/tables"
)

func real(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile("../../../../states/tables/rfc6455.json")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func parse(t *testing.T, text []byte) *tables.Tables {
	t.Helper()
	parsed, err := tables.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// small has roles, a class, a doubt and a failure.
const small = `{
 "version": "old-1", "title": "Old 1", "confidence": "nobody has seen it", "wireVersion": 7, "tooBig": 1004,
 "recognise": {"header": "X-Old", "values": ["1"]},
 "close": {"body": "code", "received": [[1000, 1003], [4000, 4000]], "sent": [[1000, 1000]]},
 "machines": {"frame": {
  "initial": {"server": "head", "client": "body"}, "limits": ["line"],
  "states": [
   {"name": "head", "means": "the first octet", "read": {"kind": "octet", "argument": {"server": "h", "client": "g"}, "as": "key"}},
   {"name": "body", "means": "the rest", "input": "frame", "waits": {"client": "peer"}, "read": {"kind": "octets", "argument": {"server": 2, "client": 2}, "through": "key"}},
   {"name": "done", "means": "the end", "final": true}],
  "rows": [
   {"from": "head", "event": "good", "to": "body", "do": "begin", "cite": "Old §1"},
   {"from": "head", "event": "bad", "to": "done", "fail": "broken"},
   {"from": "body", "event": "done", "to": "done", "doubt": "a guess"}],
  "classes": {"h": [
   {"roles": ["server"], "rsv": ["unowned", "unowned", "unowned"], "octets": [[0, 127, "good"], [128, 128, null], [129, 255, "bad"]]},
   {"roles": ["server"], "rsv": ["message", "unowned", "unowned"], "octets": [[0, 255, "other"]]}]},
  "heads": {"request": [
   {"name": "Host", "count": 1, "form": "authority", "from": "authority", "else": "bad"},
   {"name": "X", "optional": true, "is": "a", "fold": true, "send": "b", "else": "bad"}]}
 }},
 "words": {"roles": [{"name": "server"}, {"name": "client"}], "machines": [{"name": "frame", "means": "reads"}],
  "failures": [{"name": "broken", "means": "it broke", "code": 1002, "cite": "Old §2"}, {"name": "unused", "means": "no"}]}
}`

const smallText = `Old 1 (old-1)
Uncertain: nobody has seen it
  number on the wire                7
  recognised by                     X-Old: 1
  body of a close frame             code
  close codes received              1000-1003, 4000
  close codes sent                  1000
  close code of a message too long  1004

FRAME: reads
begins in head for the server, body for the client
watches at each octet: line

  head: the first octet [reads octet: h as server, g as client, kept as key]
    good  -> body  begin        Old §1
    bad   -> done  fail-broken
  body: the rest [reads octets: 2 through key; input frame; waits for peer as client]
    done  -> done               uncertain: a guess
  done: the end [final]

  class h of the server
    good  00-7f
    bad   81-ff

  head request
    LINE  REQUIRED                   SENT           OTHERWISE
    Host  count 1, form authority    the authority  bad
    X     optional, is a (any case)  b              bad

FAILURES
    fail-broken  close 1002  Old §2  it broke
`

func TestText(t *testing.T) {
	var got strings.Builder
	if err := parse(t, []byte(small)).WriteVersion(&got); err != nil {
		t.Fatal(err)
	}
	if got.String() != smallText {
		t.Errorf("text\n%s\nwant\n%s", got.String(), smallText)
	}
}

// TestEveryRowIsShown counts the rows of the real tables in their text.
func TestEveryRowIsShown(t *testing.T) {
	var document struct {
		Machines map[string]struct {
			Rows []json.RawMessage
		}
	}
	if err := json.Unmarshal(real(t), &document); err != nil {
		t.Fatal(err)
	}
	parsed := parse(t, real(t))
	if names := strings.Join(parsed.Names(), " "); names != "connection http handshake frame message" {
		t.Errorf("machines %q", names)
	}
	for name, m := range document.Machines {
		var text strings.Builder
		if err := parsed.WriteMachine(&text, name); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(text.String(), "-> "); n != len(m.Rows) || n == 0 {
			t.Errorf("%s: %d of %d rows are shown", name, n, len(m.Rows))
		}
	}
}

func TestOnly(t *testing.T) {
	one, err := tables.Only(real(t), "frame")
	if err != nil {
		t.Fatal(err)
	}
	parsed := parse(t, one)
	if names := parsed.Names(); len(names) != 1 || names[0] != "frame" || parsed.Title != "RFC 6455" {
		t.Errorf("machines %q of %q", names, parsed.Title)
	}
	if _, err := tables.Only(real(t), "engine"); err == nil {
		t.Error("a machine that is not there was found")
	}
	for _, bad := range []string{"", "[]", `{"machines": 1}`} {
		if _, err := tables.Only([]byte(bad), "frame"); err == nil {
			t.Errorf("%q was taken for tables", bad)
		}
	}
}
