package echo

import (
	"fmt"
	"testing"
)

// TestFeedLosesAndCounts tells more than a feed holds: nobody is held up, and
// the page learns how much it missed.
func TestFeedLosesAndCounts(t *testing.T) {
	f := &feed{lines: make(chan []byte, mostLines)}
	for range mostLines + 10 {
		f.tell(readyLine{"x"})
	}
	take := func(n int) (last string) {
		for range n {
			last = string(<-f.lines)
		}
		return last
	}
	take(1)
	f.tell(readyLine{"x"}) // there is room for one line, but it would need two
	take(mostLines - 1)
	f.tell(readyLine{"y"})
	if lost, next := take(1), take(1); lost != `{"type":"lost","count":11}` || next != `{"type":"y"}` || len(f.lines) != 0 {
		t.Errorf("told %s, %s, and %d lines more", lost, next, len(f.lines))
	}
	var none *feed
	none.tell(readyLine{"x"})
}

func TestFeedsAreBounded(t *testing.T) {
	var all feeds
	for i := range mostFeeds {
		if _, ok := all.open(fmt.Sprint(i)); !ok {
			t.Fatalf("feed %d is refused", i)
		}
	}
	if _, ok := all.open("more"); ok {
		t.Errorf("there are more than %d feeds", mostFeeds)
	}
	all.close("0")
	if _, ok := all.open("1"); ok {
		t.Error("an id is used twice")
	}
	if _, ok := all.open("more"); !ok || all.find("more") == nil || all.find("0") != nil {
		t.Error("a feed that was closed takes a place")
	}
}
