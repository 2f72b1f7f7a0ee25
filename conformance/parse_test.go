package conformance

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
)

// head is a header that parses; steps may follow it.
const head = "case: 1\ntitle: t\nrole: server\nversion: rfc6455\nsection: RFC 6455 §5\n"

// TestCasesAreFormatted checks that each committed case is as Format writes it,
// and reads the same again.
func TestCasesAreFormatted(t *testing.T) {
	t.Parallel()
	for _, c := range cases(t) {
		text, err := files.ReadFile("cases/" + c.File)
		if err != nil {
			t.Fatal(err)
		}
		if c.ID+".case" != c.File {
			continue // the same file for another version
		}
		formatted := Format(c)
		if !bytes.Equal(text, formatted) {
			t.Errorf("%s is not formatted; it should be\n%s", c.File, formatted)
		}
		again, err := Parse(c.File, formatted)
		if err != nil {
			t.Errorf("%s: formatted it does not parse: %v", c.File, err)
			continue
		}
		if !reflect.DeepEqual(c, again) {
			t.Errorf("%s: formatted and parsed it is another case:\n%#v\n%#v", c.File, c, again)
		}
	}
}

// TestFormat writes and reads what no committed case needs.
func TestFormat(t *testing.T) {
	const text = "case: 1\ntitle: all forms\nrole: client\nversion: v\nsection: s\nrequirement: R6455-1-01 R6455-1-02\n" +
		"options: max-message=10 field=\"A: b \\\"c\\\"\" keep-reading\nrand: 0001 \"ab\"*2\nhandshake: in case\ninput: as written\n\n" +
		"# a remark\n#\n> 8185 37fa213d ^\"H\\xffel\"*2 ^00 key  # behind a step\n< http 404 \"A: b\" \"C:\" body 00*7\n" +
		"do reject 404 \"A: b\" body \"x\" -> error\ndo close 1000 \"bye\" -> refused connection open\nevent closed 1006 unclean because timeout \"é\\x00\"\n" +
		"field Host \"a\\r\\n\\t\\\\\"\nmachine frame head after done end\n"
	c, err := Parse("v/x.case", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(Format(c)); got != text {
		t.Errorf("got\n%s\nwant\n%s", got, text)
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	step := func(s string) string { return head + "\n" + s + "\n" }
	for text, want := range map[string]string{
		"":                    `1: a blank line and steps are missing`,
		"title: t\n":          `1: the first line is "case: 1"`,
		"case: 2\n":           `1: this is format 2`,
		"case: 1\ncase: 1\n":  `2: case is given twice`,
		"case: 1\nnonsense\n": `2: a header line is a name, a colon and a value`,
		"case: 1\nspeed: 5\n": `2: unknown header line "speed"`,
		"case: 1\ntitle:\n":   `2: a header line is`,
		strings.Replace(head, "server", "client", 1) + "rand: 00\n\n> nonce\n": `8: nonce stands in cases of a server only`,
		"case: 1\nrole: proxy\n":                              `2: the role is server or client, not "proxy"`,
		"case: 1\nrequirement: 5.2\n":                         `2: "5.2" is no requirement`,
		"case: 1\noptions: fast\n":                            `2: unknown option "fast"`,
		"case: 1\noptions: max-head=0\n":                      `2: option max-head is a number from 1 or none, not "0"`,
		"case: 1\noptions: max-head\n":                        `2: option max-head is a number`,
		"case: 1\noptions: autostart=1":                       `2: option autostart has no value`,
		"case: 1\noptions: deliver=all":                       `2: deliver can be pieces only`,
		"case: 1\noptions: url=\"x":                           `2: the quoted text has no end`,
		"case: 1\nhandshake: none\n":                          `2: handshake can be "in case" only`,
		"case: 1\ninput: cut\n":                               `2: input can be "as written" only`,
		"case: 1\nrand: key\n":                                `2: key depends on the random octets`,
		"case: 1\nrand: \"\"\n":                               `2: no octets`,
		"case: 1\nrand: xyz\n":                                `2: xyz is neither hex`,
		"case: 1\ntitle: t\n\n":                               `3: the header line role is missing`,
		strings.Replace(head, "server", "client", 1) + "\n":   `6: a client draws random octets`,
		strings.Replace(head, "rfc6455", "hybi-99", 1) + "\n": `6: version "hybi-99" has no standard handshake`,
		"case: 1\ntitle: \xff\n":                              `1: the file is not UTF-8`,
		head + "\n":                                           `6: the case expects nothing`,
		step("> 81"):                                          `7: the case expects nothing`,
		step("do text \"x\""):                                 `7: the case expects nothing`,
		step("> "):                                            `7: no octets`,
		step("<"):                                             `7: no octets`,
		step("do"):                                            `7: a word must follow do`,
		step("event"):                                         `7: a word must follow event`,
		step("jump"):                                          `7: unknown word "jump"`,
		step("do jump"):                                       `7: unknown word "jump"`,
		step("event jump"):                                    `7: unknown word "jump"`,
		step("> 8"):                                           `7: 8 is neither hex octets nor quoted text`,
		step("> 81*0"):                                        `7: 81*0: a repetition is a number from 1 to 16777216`,
		step("> 81*x"):                                        `7: 81*x: a repetition`,
		step("> 81*"):                                         `7: 81*: a repetition`,
		step("> 8181*16777216"):                               `7: more than 16777216 octets`,
		step("> 81*16777216 81"):                              `7: more than 16777216 octets`,
		step("> ^81"):                                         `7: ^81 is masked without four octets`,
		step("> 010203 ^81"):                                  `7: ^81 is masked without four octets`,
		step(`> "a`):                                          `7: the quoted text has no end`,
		step(`> "a\q"`):                                       `7: unknown escape \q`,
		step(`> "\x1"`):                                       `7: \x wants two hex digits`,
		step(`> "a"b`):                                        `7: the quoted text has no end`,
		step("state"):                                         `7: state: name is missing`,
		step("state open closed"):                             `7: state: closed is too much`,
		step("waits long"):                                    `7: waits: nothing|peer|end-of-stream|hang-up is missing`,
		step("event closed 1000"):                             `7: closed: clean|unclean is missing`,
		step("event closed 1000 clean because"):               `7: closed: name is missing`,
		step("event piece text whole \"x\""):                  `7: piece: first|middle|last is missing`,
		step("event error too-long 1009 at x in frame size"):                  `7: error: number is missing`,
		step("do begin \"x\""):                                                `7: begin: text|binary is missing`,
		step("do choose -> error"):                                            `7: choose: octets are missing`,
		step("do text \"x\" -> close-code"):                                   `7: text cannot be expected to fail with "close-code"`,
		step("do text \"x\" ->"):                                              `7: text cannot be expected to fail with ""`,
		step("do text \"x\" -> refused connection"):                           `7: text cannot be expected to fail with "refused connection"`,
		step("do expire -> error"):                                            `7: expire cannot be expected to fail`,
		step("do start X"):                                                    `7: X is no quoted header field`,
		step("do limit all"):                                                  `7: limit: number|none is missing`,
		step("do limit 5 -> error"):                                           `7: limit cannot be expected to fail with "error"`,
		step("do start -> unsupported"):                                       `7: start cannot be expected to fail with "unsupported"`,
		step("> key1"):                                                        `7: key1 stands in cases of a client only`,
		step("state open\ndo text accept"):                                    `8: accept stands in cases of a client only`,
		"case: 1\noptions: secure=1\n":                                        `2: option secure has no value`,
		"case: 1\noptions: versions=rfc6455,hybi-99\n":                        `2: option versions names "hybi-99"`,
		"case: 1\noptions: versions=\n":                                       `2: option versions names ""`,
		step("< http 400 body zz"):                                            `7: zz is neither hex`,
		step("state open\n# late"):                                            `8: a remark stands above the first step or behind a step`,
		head + "\n" + strings.Repeat("#"+strings.Repeat("x", 99)+"\n", 11000): `1: the file is longer than 1048576 octets`,
	} {
		_, err := Parse("dir/x.case", []byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), "dir/x.case:"+want) {
			t.Errorf("%.200q: got error %v, want %s", text, err, want)
		}
	}
}

func TestLoadReportsEachFile(t *testing.T) {
	fsys := fstest.MapFS{
		"a/good.case": {Data: []byte(head + "\nstate open\n")},
		"a/bad.case":  {Data: []byte("x\n")},
		"b/bad.case":  {Data: []byte(head + "\njump\n")},
		"b/notes.txt": {Data: []byte("no case")},
	}
	all, err := Load(fsys)
	if len(all) != 1 || all[0].ID != "a/good" {
		t.Errorf("cases: %v", all)
	}
	if err == nil || !strings.Contains(err.Error(), "a/bad.case:1: ") || !strings.Contains(err.Error(), "b/bad.case:7: ") {
		t.Errorf("error: %v", err)
	}
}

// TestReasonIsNoCode: a reason of digits does not become the code that has been left
// out.
func TestReasonIsNoCode(t *testing.T) {
	for _, step := range []string{"do close 10*1", "do close 31*1 32", "do close 1000 31", "do close 1000", "do close ff", `do close "1"`, "do close"} {
		c, err := Parse("x.case", []byte(head+"\n"+step+"\nstate open\n"))
		if err != nil {
			t.Fatalf("%s: %v", step, err)
		}
		if got := c.Steps[0].String(); got != step {
			t.Errorf("%s becomes %s", step, got)
		}
	}
}

// FuzzParse: no text makes Parse panic, and what it accepts reads the same
// again once formatted.
func FuzzParse(f *testing.F) {
	for i, c := range cases(f) {
		if i%40 == 0 {
			f.Add(string(Format(c)))
		}
	}
	f.Add(head + "handshake: in case\n\n> 00 01*3 ^\"é\\x00\" # r\nstate open\n")
	f.Add(head + "options: field=\"A\" url=\ninput: as written\n\n#\n# x\ndo close 1 -> error # y\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Parse("f/x.case", []byte(text))
		if err != nil {
			return
		}
		again, err := Parse("f/x.case", Format(c))
		if err != nil {
			t.Fatalf("%v\n%s", err, Format(c))
		}
		for i := range again.Steps {
			again.Steps[i].Line = c.Steps[i].Line // blank lines are not kept
		}
		if !reflect.DeepEqual(c, again) {
			t.Fatalf("%s\nbecomes\n%s", Format(c), Format(again))
		}
	})
}
