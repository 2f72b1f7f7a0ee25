package wsnet_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm/wsnet"
)

// counting counts the writes of a transport.
type counting struct {
	net.Conn
	writes *atomic.Int64
}

func (c counting) Write(p []byte) (int, error) {
	c.writes.Add(1)
	return c.Conn.Write(p)
}

// TestAnswersLeaveTogether: what answers the messages of one read leaves in one
// write. A machine that is busy may be late, but not as a rule.
func TestAnswersLeaveTogether(t *testing.T) {
	const rounds, messages = 50, 16
	for name, handler := range map[string]func(*wsnet.Conn){"AppendMessage": reusingEcho, "contexts that can end": cancellableEcho} {
		t.Run(name, func(t *testing.T) {
			var writes atomic.Int64
			l := wrappingListener{listen(t), func(nc net.Conn) net.Conn { return counting{nc, &writes} }}
			nc, br := rawOpen(t, serveOn(t, l, &wsnet.Server{Handler: handler}))
			var out, want []byte
			for i := range messages {
				out = append(out, masked(opText, fmt.Sprint("message ", i))...)
				want = append(want, plain(opText, fmt.Sprint("message ", i))...)
			}
			opening := writes.Load()
			together := 0
			for range rounds {
				before := writes.Load()
				if _, err := nc.Write(out); err != nil {
					t.Fatal(err)
				}
				got := make([]byte, len(want))
				if _, err := io.ReadFull(br, got); err != nil || !bytes.Equal(got, want) {
					t.Fatalf("%q, %v", got, err)
				}
				if writes.Load() == before+1 {
					together++
				}
			}
			t.Logf("%d writes for %d rounds of %d messages", writes.Load()-opening, rounds, messages)
			if together < rounds*3/4 {
				t.Errorf("the answers left together in %d rounds of %d", together, rounds)
			}
		})
	}
}

// TestAnswerDoesNotWaitForTheHandler: an answer leaves although the handler does
// not come back for the message behind, and before anybody else reads on, which
// would be after a second.
func TestAnswerDoesNotWaitForTheHandler(t *testing.T) {
	answered := make(chan struct{})
	nc, br := rawOpen(t, serve(t, func(c *wsnet.Conn) {
		kind, p, err := c.Read(background)
		if err == nil {
			err = c.Write(background, kind, p)
		}
		if err != nil {
			t.Error(err)
		}
		<-answered
	}, nil))
	if _, err := nc.Write(append(masked(opText, "first"), masked(opText, "second")...)); err != nil {
		t.Fatal(err)
	}
	nc.SetReadDeadline(time.Now().Add(700 * time.Millisecond))
	got := make([]byte, 7)
	if _, err := io.ReadFull(br, got); err != nil || !bytes.Equal(got, plain(opText, "first")) {
		t.Errorf("%q, %v", got, err)
	}
	close(answered)
}
