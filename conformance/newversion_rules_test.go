package conformance_test

import (
	"slices"
	"strings"

	"github.com/wsfsm/wsfsm/conformance"
	"github.com/wsfsm/wsfsm/states"
)

// rule is one rule in which a made-up version differs from hybi-17.
type rule struct {
	name   string
	close  string // in place of hybi-17's rules of closing
	tooBig string // in place of hybi-17's code
	spec   string // YAML behind the constants: replace, remove, machines
	// What the rule makes of a case of hybi-17: pairs of texts of one length in
	// requests and in responses, and the first octets of frames.
	request, response []string
	octets            map[byte]byte
	// differ says which cases of hybi-17 are about the rule: they fail, and all
	// others hold. Nil: none.
	differ func(*conformance.Case) bool
	// proof are steps that hold in the made-up version and not in hybi-17, for a
	// server and for a client.
	proof [2]string
}

// byName takes the cases whose names, without hybi-17/, begin with one of some.
func byName(prefixes ...string) func(*conformance.Case) bool {
	return func(c *conformance.Case) bool {
		return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(c.ID, "hybi-17/"+p) })
	}
}

const (
	closeOf17  = `{body: code, received: "1000-1003 1007-1010 3000-4999", sent: "1000-1003 1007-1010 3000-4999"}`
	tooBigOf17 = `"1009"`
)

// The patterns of lengths in a frame that is masked, and in one that is not.
const (
	masked7 = `"1.0xxxxxx 1.10xxxxx 1.110xxxx 1.1110xxx 1.11110xx 1.1111100 1.1111101"`
	plain7  = `"0.0xxxxxx 0.10xxxxx 0.110xxxx 0.1110xxx 0.11110xx 0.1111100 0.1111101"`
)

// madeUpRules are the rules that are changed, one in each made-up version.
var madeUpRules = []rule{
	{
		name:  "another set of close codes",
		close: `{body: code, received: "1000-1002 1007 1009 2000-2999", sent: "1000-1002 1007 1009 2000-2500"}`,
		differ: byName("close/code-1003", "close/code-1010", "close/code-2999", "close/code-3000", "close/code-4999", "close/simultaneous",
			"close/own-reason-client", "close/own-reason-server", "close/send-code-1003", "close/send-code-1010", "close/send-code-3000", "close/send-code-4999"),
		proof: [2]string{
			"> 88 82 37fa213d ^0bb7\n< 88 02 0bb7\nstate closing-both",
			"do close 2501 -> close-code\ndo close 2500\n< 88 82 37fa213d ^09c4",
		},
	},
	{
		name:   "another code for what is too big",
		tooBig: `"1008"`,
		differ: byName("limit/text-above", "limit/fragments-above", "extension/too-long"),
		proof: [2]string{
			"do limit 1\n> 82 82 37fa213d ^0000\nevent error too-long 1008 at 1 in frame masked-size\n< 88 02 03f0",
			"do limit 1\n> 82 02 0000\nevent error too-long 1008 at 1 in frame size\n< 88 82 37fa213d ^03f0",
		},
	},
	{
		name: "a server takes frames that are not masked",
		spec: `
remove:
  - frame.classes.length.server.mask-missing
  - frame.classes.control-length.server.mask-missing
  - frame.classes.control-length.server.long-control
  - frame.states.length.when.mask-missing
  - frame.states.control-length.when.mask-missing
machines:
  frame:
    classes:
      length:
        server: {plain-7: ` + plain7 + `, plain-16: "0.1111110", plain-64: "0.1111111"}
      control-length:
        server: {plain-7: ` + plain7 + `, long-control: "x.111111x"}
`,
		differ: byName("frame/mask-missing"),
		proof:  [2]string{"> 81 05 \"Hello\"\n> 89 00\nevent text \"Hello\"\nevent ping\n< 8a 00", ""},
	},
	{
		name: "what is no UTF-8 is replaced",
		spec: `
remove:
  - message.states.text-more.when.invalid-text
  - message.states.text-more.when.bad-coding
  - message.states.text-last.when.invalid-text
  - message.states.text-last.when.bad-coding
  - message.states.binary-more.when.too-long
  - message.states.binary-more.when.bad-coding
  - message.states.binary-last.when.too-long
  - message.states.binary-last.when.bad-coding
replace:
  machines:
    message:
      states:
        text-more:   {read: {content: replaced-text-part}}
        text-last:   {read: {content: replaced-text}}
        binary-more: {read: {content: octets}}
        binary-last: {read: {content: octets}}
`,
		differ: byName("text/invalid", "extension/"), // the codings that replace know no extensions
		proof: [2]string{
			"> 81 83 37fa213d ^\"a\" ^ff ^\"b\"\nevent text \"a\uFFFDb\"",
			"> 01 01 e2\n> 80 01 82\nevent text \"\uFFFD\"",
		},
	},
	{
		name: "lengths in any form",
		spec: `
remove:
  - frame.states.length-16.when.not-minimal
  - frame.states.length-64.when.not-minimal
  - frame.states.masked-length-16.when.not-minimal
  - frame.states.masked-length-64.when.not-minimal
replace:
  machines:
    frame:
      states:
        length-16:        {read: {octets: 2, as: any-length-16}}
        length-64:        {read: {octets: 8, as: any-length-64}}
        masked-length-16: {read: {octets: 2, as: any-length-16}}
        masked-length-64: {read: {octets: 8, as: any-length-64}}
`,
		differ: byName("frame/not-minimal"),
		proof: [2]string{
			"> 81 fe 0001 37fa213d ^\"a\"\nevent text \"a\"",
			"> 81 7f 0000000000000001 \"a\"\nevent text \"a\"",
		},
	},
	{
		name: "pings and pongs are B and C",
		spec: `
replace:
  machines:
    frame:
      classes:
        head:
          control:         "1.000.1000 1.000.1011 1.000.1100"
          split-control:   "0.000.1000 0.000.1011 0.000.1100"
          reserved-opcode: "x.000.0011 x.000.01xx x.000.1001 x.000.1010 x.000.1101 x.000.111x"
        control:
          ping: "1.000.1011"
          pong: "1.000.1100"
`,
		octets: map[byte]byte{0x89: 0x8B, 0x8A: 0x8C, 0x8B: 0x89, 0x09: 0x0B, 0x0A: 0x0C, 0xC9: 0xCB},
		proof: [2]string{
			"> 8b 81 37fa213d ^\"x\"\nevent ping \"x\"\n< 8c 01 \"x\"\ndo pong\n< 8c 00",
			"do ping \"x\"\n< 8b 81 37fa213d ^\"x\"\n> 8c 01 \"x\"\nevent pong 1 \"x\"",
		},
	},
	{
		name: "another field for the key",
		spec: `
remove: [handshake.heads.request.Sec-WebSocket-Key]
machines:
  handshake:
    heads:
      request:
        Sec-WebSocket-Nut: {count: 1, form: base64-16, from: key, else: bad-key}
`,
		differ: func(c *conformance.Case) bool { // the line stands behind those of the extensions and the origin
			return byName("response/origin-of-options")(c) || byName("extension/")(c) && c.Role == states.Client
		},
		request: []string{"Sec-WebSocket-Key: ", "Sec-WebSocket-Nut: "},
	},
	{
		name: "another status line and upgrade",
		spec: `
replace:
  machines:
    handshake:
      heads:
        response:
          ":status": {is: "101", send: "101 Welcome to the club", else: bad-status}
          Upgrade:   {count: 1, is: teasocket, fold: true, send: teasocket, else: bad-upgrade}
`,
		response: []string{"101 Switching Protocols", "101 Welcome to the club", "Upgrade: websocket", "Upgrade: teasocket"},
	},
	{
		name: "RSV3 means nothing in data frames",
		spec: `
replace:
  machines:
    frame:
      classes:
        head:
          data: "x.mmx.0001 x.mmx.0010 x.ffx.0000"
`,
		differ: byName("frame/rsv3-text"),
		proof: [2]string{
			"> 91 81 37fa213d ^\"a\"\nevent text \"a\"",
			"> 12 01 \"a\"\n> 90 01 \"b\"\nevent binary \"ab\"",
		},
	},
	{
		name: "the client ends the transport first",
		spec: `
replace:
  machines:
    connection:
      states:
        closing-both:
          waits: {server: end-of-stream, client: hang-up}
`,
		differ: func(c *conformance.Case) bool {
			for i := range len(c.Steps) - 1 {
				if c.Steps[i].String() == "state closing-both" && c.Steps[i+1].Verb == "waits" {
					return true
				}
			}
			return false
		},
		proof: [2]string{
			"> 88 80 37fa213d\n< 88 00\nwaits end-of-stream",
			"> 88 00\n< 88 80 37fa213d\nwaits hang-up",
		},
	},
}

// text is the spec file of a version with the rule.
func (r *rule) text(name, number string) string {
	closing, tooBig := r.close, r.tooBig
	if closing == "" {
		closing = closeOf17
	}
	if tooBig == "" {
		tooBig = tooBigOf17
	}
	return strings.Join([]string{
		"version: " + name, "extends: [opening, framing-mask-bit]", "title: " + name, "wire-version: \"" + number + "\"",
		"recognise: {header: Sec-WebSocket-Version, value: \"" + number + "\"}", "close: " + closing, "too-big: " + tooBig,
	}, "\n") + "\n" + r.spec
}
