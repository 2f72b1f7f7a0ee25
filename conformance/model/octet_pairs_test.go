package model

import "testing"

// Every pair of first octets, counted by outcome. The expected counts follow
// from the layout of the head: 32 of 256 first octets have no reserved bit; of
// these 20 have a reserved opcode, 3 are unfinished control frames, 3 control
// frames, 6 data frames (2 of them continuations).
func TestFirstTwoOctets(t *testing.T) {
	const all, half = 256, 128
	for _, role := range []Role{Server, Client} {
		want := map[string]int{
			"reserved-bits":   (256 - 32) * all,
			"reserved-opcode": 20 * all,
			"split-control":   3 * all,
			"long-control":    3 * 2,
			// 0-125 is decided at once, 126 and 127 wait for the length.
			"stray-continuation": 2 * 126,
		}
		if role == Server {
			want["mask-missing"] = (3 + 6) * half
			// A key is still to come, also for an empty frame.
			want["in frame"] = 3*126 + 4*126 + 6*2
		} else {
			want["mask-unexpected"] = (3 + 6) * half
			// Only empty frames are whole: one of 126 lengths.
			want["ping"], want["pong"], want["close"] = 1, 1, 1
			want["text"], want["binary"] = 1, 1
			want["first fragment"] = 2
			want["in frame"] = 3*125 + 4*125 + 6*2
		}
		got := make(map[string]int)
		for pair := range 65536 {
			stream := []byte{byte(pair >> 8), byte(pair)}
			d := Decode(Params{Role: role, Limit: 125}, stream)
			switch {
			case d.Violation != "":
				got[string(d.Violation)]++
				at := 2
				switch d.Violation {
				case ReservedBits, ReservedOpcode, SplitControl:
					at = 1
				}
				if d.Consumed != at {
					t.Fatalf("% x: %s after %d octets", stream, d.Violation, d.Consumed)
				}
			case len(d.Outcomes) == 1:
				got[string(d.Outcomes[0].Kind)]++
			case d.InFrame:
				got["in frame"]++
			case d.InMessage:
				got["first fragment"]++
			default:
				t.Fatalf("% x: %+v", stream, d)
			}
		}
		total := 0
		for name, n := range want {
			total += n
			if got[name] != n {
				t.Errorf("%s: %s %d times, want %d", role, name, got[name], n)
			}
		}
		if total != 65536 || len(got) != len(want) {
			t.Errorf("%s: counts %v sum up to %d", role, got, total)
		}
	}
}

// refusedCode is the policy of receivers said the other way round: what is
// refused.
func refusedCode(code int) bool {
	return code < 1000 || code == 1004 || code == 1005 || code == 1006 ||
		code >= 1015 && code <= 2999 || code >= 5000
}

func TestEveryCloseCode(t *testing.T) {
	accepted := 0
	for code := range 65536 {
		want := !refusedCode(code)
		if want {
			accepted++
		}
		if CloseCodeValidReceived(uint16(code)) != want || CloseCodeValidSent(uint16(code)) != want {
			t.Errorf("code %d: received %t, sent %t, want %t", code,
				CloseCodeValidReceived(uint16(code)), CloseCodeValidSent(uint16(code)), want)
		}
		frame := Frame{Fin: true, Opcode: OpClose, Payload: string([]byte{byte(code >> 8), byte(code)}) + "r"}
		d := Decode(Params{Role: Server}, Encode(frame.WithKey(exampleKey)))
		if want && (len(d.Outcomes) != 1 || d.Outcomes[0] != Outcome{KindClose, "r", uint16(code), 9}) {
			t.Errorf("code %d: %+v", code, d)
		}
		if !want && (len(d.Outcomes) != 0 || d.Violation != CloseCode || d.Consumed != 9) {
			t.Errorf("code %d: %+v", code, d)
		}
	}
	if accepted != 4+8+2000 {
		t.Errorf("%d codes accepted", accepted)
	}
}
