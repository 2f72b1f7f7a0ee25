package echo

import (
	"encoding/json"
	"fmt"
	"sync"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/frames"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/trace"
	"github.com/wsfsm/wsfsm/states"
)

// Bounds of what is kept for pages.
const (
	mostFeeds = 64   // pages that are told at once
	mostLines = 1024 // lines that wait for one page; more are lost and counted
)

// feeds are the pages that want to be told of their connections, by the id that
// each has drawn.
type feeds struct {
	mu   sync.Mutex
	byID map[string]*feed
}

// open adds a feed. It refuses ids in use, and more feeds than mostFeeds.
func (f *feeds) open(id string) (*feed, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.byID[id] != nil || len(f.byID) >= mostFeeds {
		return nil, false
	}
	if f.byID == nil {
		f.byID = make(map[string]*feed)
	}
	opened := &feed{lines: make(chan []byte, mostLines)}
	f.byID[id] = opened
	return opened, true
}

// find returns the feed of an id, nil if there is none.
func (f *feeds) find(id string) *feed {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.byID[id]
}

func (f *feeds) close(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.byID, id)
}

// feed takes lines for one page and never blocks who tells them. A nil feed
// takes none.
type feed struct {
	lines chan []byte
	mu    sync.Mutex
	lost  int
}

// The lines of a feed, one JSON object each. Transitions are trace.Line.
type (
	readyLine struct {
		Type string `json:"type"` // ready: the feed is known by its id
	}
	frameLine struct {
		Type      string `json:"type"`      // frame
		Direction string `json:"direction"` // in: from the client; out: to it
		Offset    int64  `json:"offset"`    // octets of the direction before the frame
		Name      string `json:"name"`
		Final     bool   `json:"final"`
		Reserved  byte   `json:"reserved"`
		Masked    bool   `json:"masked"`
		Length    uint64 `json:"length"`
		Head      string `json:"head"`    // hex
		Payload   string `json:"payload"` // its beginning, unmasked, hex
	}
	lostLine struct {
		Type  string `json:"type"` // lost
		Count int    `json:"count"`
	}
)

// tell adds a line, or counts it as lost.
func (f *feed) tell(line any) {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.lost > 0 && len(f.lines) < mostLines-1 {
		f.add(lostLine{"lost", f.lost})
		f.lost = 0
	}
	if f.lost > 0 || len(f.lines) == mostLines {
		f.lost++
		return
	}
	f.add(line)
}

func (f *feed) add(line any) {
	text, err := json.Marshal(line)
	if err != nil {
		panic(err) // cannot happen: lines are plain data
	}
	f.lines <- text
}

func (f *feed) tellFrame(direction string, seen frames.Frame) {
	f.tell(frameLine{
		Type: "frame", Direction: direction, Offset: seen.Offset, Name: seen.Name(), Final: seen.Final,
		Reserved: seen.Reserved, Masked: seen.Masked, Length: seen.Length,
		Head: fmt.Sprintf("% x", seen.Head), Payload: fmt.Sprintf("% x", seen.Payload),
	})
}

// tellStep tells a transition, of the machines that frames move.
func (f *feed) tellStep(t wsfsm.Transition) {
	if f != nil && t.Machine != states.MachineHTTP && t.Machine != states.MachineHandshake {
		f.tell(trace.Of(t))
	}
}
