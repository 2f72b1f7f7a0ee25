package fuzz_test

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/leanovate/gopter"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/conformance/model"
	"github.com/wsfsm/wsfsm/fuzz"
	"github.com/wsfsm/wsfsm/states"
)

// written is a program with an operation of each kind, and its octets in
// version 1 of the format, which must not change.
var written = []struct {
	octets string
	op     fuzz.Op
}{
	{"\x00\x03\x03abc", fuzz.Op{Kind: fuzz.OpLiteral, Octet: fuzz.Plain("abc")}},
	{"\x21\x00\x07\x80\x02\x02xy", fuzz.Op{Kind: fuzz.OpFrame, Type: fuzz.FrameText, More: true, Key: 7, Octet: fuzz.Octets{Data: []byte("xy"), Size: 256}}},
	{"\x02\x04\x00\x00\x00\x08", fuzz.Op{Kind: fuzz.OpBroken, Type: fuzz.FramePing, Defect: fuzz.DefectOverflow}},
	{"\x03\x81\x01", fuzz.Op{Kind: fuzz.OpCut, N: 129}},
	{"\x04\x00\x00", fuzz.Op{Kind: fuzz.OpText}},
	{"\x05\x01\x00", fuzz.Op{Kind: fuzz.OpBinary, Octet: fuzz.Octets{Size: 1}}},
	{"\x26\x00\x00", fuzz.Op{Kind: fuzz.OpBegin, IsBinary: true}},
	{"\x07\x00\x00", fuzz.Op{Kind: fuzz.OpAppend}},
	{"\x08\x00\x00", fuzz.Op{Kind: fuzz.OpEnd}},
	{"\x09\x00\x00", fuzz.Op{Kind: fuzz.OpPing}},
	{"\x0A\x00\x00", fuzz.Op{Kind: fuzz.OpPong}},
	{"\x0B\xE8\x07\x02\x02ok", fuzz.Op{Kind: fuzz.OpClose, N: 1000, Octet: fuzz.Plain("ok")}},
	{"\x0C\x00\x00", fuzz.Op{Kind: fuzz.OpLend}},
	{"\x0D\x05", fuzz.Op{Kind: fuzz.OpSent, N: 5}},
	{"\x0E", fuzz.Op{Kind: fuzz.OpDrop}},
	{"\x0F\xFF\xFF\x7F", fuzz.Op{Kind: fuzz.OpNext, N: 1<<21 - 1}},
	{"\x70", fuzz.Op{Kind: fuzz.OpEOF, Reset: true, AtOnce: true}},
	{"\x11", fuzz.Op{Kind: fuzz.OpExpire}},
	{"\x12", fuzz.Op{Kind: fuzz.OpStart}},
	{"\x13\x93\x03\x00\x00", fuzz.Op{Kind: fuzz.OpReject, N: 403}},
	{"\x14", fuzz.Op{Kind: fuzz.OpDetach}},
	{"\x15\x01\x01c", fuzz.Op{Kind: fuzz.OpChoose, Octet: fuzz.Plain("c")}},
	{"\x16\x02", fuzz.Op{Kind: fuzz.OpHead, N: 2}},
}

func TestFormatIsAsWritten(t *testing.T) {
	header := "\x01\x95\x00\x01\x02\x80\x01\x06\x09"
	want := fuzz.Program{Options: fuzz.Options{Handshake: true, Pieces: true, Echo: true, Subprotocols: true,
		MaxMessage: 0, MaxOutput: wsfsm.NoLimit, MaxHead: 1, MaxLine: 127, MaxFields: 5, Cut: 9}}
	octets := header
	for _, w := range written {
		octets += w.octets
		want.Ops = append(want.Ops, w.op)
	}
	if got, ok := fuzz.Decode([]byte(octets)); !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("decoded\n%v, not\n%v", got, want)
	}
	if got := fuzz.Encode(want); string(got) != octets {
		t.Errorf("encoded\n%x, not\n%x", got, octets)
	}
	for i, op := range want.Ops {
		if int(op.Kind) != i {
			t.Errorf("kind %d is not tried", i)
		}
	}
}

func TestDecodeTakesAnyOctets(t *testing.T) {
	for _, c := range []struct {
		octets, want string
		ok           bool
	}{
		{"", "", false},
		{"\x00", "", false},
		{"\x03\x00", "", false},
		{"\x02", "", true},
		{"\x02\x00\x00\x00\x00\x00\x00\x00\x00\x0E", "drop", true},
		{"\x01", "", true},
		{"\x01\x00\x00\x00\x00\x00\x00\x00\x1F\xF7\x0E", "drop", true},                  // reserved kinds
		{"\x01\x00\x00\x00\x00\x00\x00\x00\x04\x05\x05ab", `text "ababa"`, true},        // the end is missing
		{"\x01\x00\x00\x00\x00\x00\x00\x00\x04\x02\x03abc\x0E", `text "ab" drop`, true}, // more than its size
		{"\x01\x00\x00\x00\x00\x00\x00\x00\x02\x06", `broken text key 0 rsv1 ""`, true},
		{"\x01\x00\x00\x00\x00\x00\x00\x00\x0D\xFF\xFF\xFF\x0E", "sent 2097151 drop", true}, // the third octet ends a number
		{"\x01\x00\x00\x00\x00\x00\x00\x00\x0B\xFF\xFF\x7F", `close 65535 ""`, true},
	} {
		p, ok := fuzz.Decode([]byte(c.octets))
		var words []string
		for _, op := range p.Ops {
			words = append(words, op.String())
		}
		if got := strings.Join(words, " "); ok != c.ok || !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%x: %v %q, not %v %q", c.octets, ok, got, c.ok, c.want)
		}
	}
}

// TestDecodeReadsTheVersion wants each version of the protocol by its number, and
// version 1 of the format to mean RFC 6455.
func TestDecodeReadsTheVersion(t *testing.T) {
	for i, v := range wsfsm.Protocols() {
		want := v.Name
		if want == "rfc6455" {
			want = ""
		}
		for _, n := range []int{i, i + 20, i + 40} {
			p, _ := fuzz.Decode([]byte{2, byte(n)})
			if again := fuzz.Encode(p); p.Options.Version != want || (want == "") != (again[0] == 1) || want != "" && again[1] != byte(i) {
				t.Errorf("%d is %q and written as %x, not %q", n, p.Options.Version, again, want)
			}
		}
	}
	if p, _ := fuzz.Decode([]byte{1, 0}); p.Options.Version != "" {
		t.Errorf("version 1 is played on %q", p.Options.Version)
	}
}

func TestProgramsAreBounded(t *testing.T) {
	header := []byte("\x01\x00\x00\x00\x00\x00\x00\x00")
	p, _ := fuzz.Decode(append(header, bytes.Repeat([]byte{0x0E}, 3*fuzz.MaxOps)...))
	if len(p.Ops) != fuzz.MaxOps {
		t.Errorf("%d operations", len(p.Ops))
	}
	p, _ = fuzz.Decode(append(header, bytes.Repeat([]byte("\x00\xFF\xFF\x01\x00"), 100)...))
	total := 0
	for _, op := range p.Ops {
		total += len(op.Input(states.Server, ""))
	}
	if total != fuzz.MaxOctets {
		t.Errorf("%d octets", total)
	}
}

func TestEncodeOfGeneratedProgramsIsReadBack(t *testing.T) {
	for seed := range int64(300) {
		params := gopter.DefaultGenParameters().CloneWithSeed(seed)
		params.MaxSize = 50
		v, _ := fuzz.Programs()(params).Retrieve()
		p := v.(fuzz.Program)
		once, _ := fuzz.Decode(fuzz.Encode(p))
		if fmt.Sprint(once) != fmt.Sprint(p) {
			t.Fatalf("%v became\n%v", p, once)
		}
		if again, ok := fuzz.Decode(fuzz.Encode(once)); !ok || !reflect.DeepEqual(once, again) {
			t.Fatalf("%v became\n%v", once, again)
		}
	}
}

func TestInputOfEachDefect(t *testing.T) {
	const payload = "\x03\xE8x"
	for defect, want := range map[fuzz.Defect]string{
		fuzz.DefectRSV1:          "c8 03 03 e8 78",
		fuzz.DefectRSV2:          "a8 03 03 e8 78",
		fuzz.DefectRSV3:          "98 03 03 e8 78",
		fuzz.DefectOpcode:        "8c 03 03 e8 78",
		fuzz.DefectFin:           "08 03 03 e8 78",
		fuzz.DefectMask:          "88 83 01 03 05 07 02 eb 7d",
		fuzz.DefectWidth16:       "88 7e 00 03 03 e8 78",
		fuzz.DefectWidth64:       "88 7f 00 00 00 00 00 00 00 03 03 e8 78",
		fuzz.DefectOverflow:      "88 7f 80 00 00 00 00 00 00 03 03 e8 78",
		fuzz.DefectHuge:          "88 7f 40 00 00 00 00 00 00 03 03 e8 78",
		fuzz.DefectLonger:        "88 04 03 e8 78",
		fuzz.DefectShort:         "88 03 03 e8",
		fuzz.DefectControlLength: "88 7e 00 7e 03 e8 78" + strings.Repeat(" 61", 123),
		fuzz.DefectText:          "88 04 03 ff e8 78",
		fuzz.DefectCloseShort:    "88 01 61",
		fuzz.DefectCloseCode:     "88 05 03 ec 03 e8 78",
	} {
		op := fuzz.Op{Kind: fuzz.OpBroken, Type: fuzz.FrameClose, Key: 1, Octet: fuzz.Plain(payload), Defect: defect}
		if got := fmt.Sprintf("% x", op.Input(states.Client, "")); got != want {
			t.Errorf("%v: %s, not %s", defect, got, want)
		}
		op.Kind, op.Defect = fuzz.OpFrame, 0
		if got := fmt.Sprintf("% x", op.Input(states.Server, "")); got != "88 83 01 03 05 07 02 eb 7d" {
			t.Errorf("%v: without a defect %s", defect, got)
		}
	}
}

func TestClientKeyIsThatOfItsAccept(t *testing.T) {
	if got := model.AcceptKey(fuzz.ClientKey); got != fuzz.ClientAccept {
		t.Error(got)
	}
}
