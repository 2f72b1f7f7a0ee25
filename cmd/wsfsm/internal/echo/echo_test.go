package echo_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/echo"
	"github.com/wsfsm/wsfsm/wsnet"
)

// serve starts an echo server and returns its address.
func serve(t *testing.T, c echo.Config) string {
	t.Helper()
	c.Driver.Origins = []string{"*"}
	server, err := echo.New(c)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := errors.Join(server.Shutdown(ctx), <-served); err != nil {
			t.Errorf("shutdown: %v", err)
		}
	})
	return l.Addr().String()
}

func dial(t *testing.T, address, target, origin string, subprotocols ...string) (*wsnet.Conn, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	o := &wsnet.DialOptions{Driver: wsfsm.Options{Origin: origin, Subprotocols: subprotocols}}
	return wsnet.Dial(ctx, "ws://"+address+target, o)
}

func mustDial(t *testing.T, address, target, origin string, subprotocols ...string) *wsnet.Conn {
	t.Helper()
	c, err := dial(t, address, target, origin, subprotocols...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.CloseNow() })
	return c
}

func read(t *testing.T, c *wsnet.Conn) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	_, message, err := c.Read(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return string(message)
}

const id = "0123456789abcdef0123456789abcdef"

// openFeed opens the connection on which a page is told of another.
func openFeed(t *testing.T, address string) *wsnet.Conn {
	t.Helper()
	c := mustDial(t, address, "/?id="+id, "http://"+address, echo.Subprotocol)
	if c.Subprotocol() != echo.Subprotocol {
		t.Errorf("subprotocol %q", c.Subprotocol())
	}
	if line := read(t, c); line != `{"type":"ready"}` {
		t.Fatalf("the first line is %s", line)
	}
	return c
}

// TestFeed follows a text, a ping and a close frame.
func TestFeed(t *testing.T) {
	address := serve(t, echo.Config{})
	feed := openFeed(t, address)
	stranger := mustDial(t, address, "/?trace="+strings.Repeat("f", 32), "")
	told := mustDial(t, address, "/chat?x=1&trace="+id, "https://elsewhere.example")
	ctx := t.Context()
	for _, c := range []*wsnet.Conn{stranger, told} {
		if err := c.Write(ctx, wsnet.Text, []byte("Grüße")); err != nil {
			t.Fatal(err)
		}
		if got := read(t, c); got != "Grüße" {
			t.Errorf("echo %q", got)
		}
	}
	if err := told.Close(3001, "bye"); err != nil {
		t.Error(err)
	}
	var lines []string
	for range 21 {
		lines = append(lines, spell(t, read(t, feed)))
	}
	slices.Sort(lines[19:]) // the end and the writing of the close frame do not wait for each other
	const want = `connection connecting --accepted--> open / flush
in text true 0 masked 7 head 6 payload 47 72 c3 bc c3 9f 65
frame head --data--> length
frame length --masked-7--> masked-size
frame masked-size --fits--> key / begin
message idle --text-whole--> text-last / begin-text
frame key --done--> masked-payload
frame masked-payload --part--> masked-payload / pass
message text-last --part--> text-last / deliver
frame masked-payload --done--> head / end
message text-last --end--> idle / deliver-end
connection open --send-data--> open / send
out text true 0 7 head 2 payload 47 72 c3 bc c3 9f 65
in close true 0 masked 5 head 6 payload 0b b9 62 79 65
frame head --control--> control-length
frame control-length --masked-7--> control-key
frame control-key --done--> masked-control-body
frame masked-control-body --close--> closed / pass-close
connection open --close-received--> closing-both / answer-close
connection closing-both --end-of-stream--> closed / report-clean
out close true 0 5 head 2 payload 0b b9 62 79 65`
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("lines\n%s\nwant\n%s", got, want)
	}
}

// spell writes a line of a feed shorter, without what differs by run.
func spell(t *testing.T, text string) string {
	t.Helper()
	var line struct {
		Type, Direction, Name            string
		Machine, From, Event, To, Action string
		Final, Masked                    bool
		Reserved, Length, Offset         int
		Head, Payload                    string
	}
	if err := json.Unmarshal([]byte(text), &line); err != nil {
		t.Fatal(err)
	}
	if line.Offset == 0 && line.Machine != "connection" {
		t.Errorf("no offset in %s", text)
	}
	switch line.Type {
	case "frame":
		masked := ""
		if line.Masked {
			masked = "masked "
		}
		return fmt.Sprintf("%s %s %t %d %s%d head %d payload %s", line.Direction, line.Name, line.Final, line.Reserved,
			masked, line.Length, len(strings.Fields(line.Head)), line.Payload)
	case "transition":
		action := ""
		if line.Action != "" {
			action = " / " + line.Action
		}
		return fmt.Sprintf("%s %s --%s--> %s%s", line.Machine, line.From, line.Event, line.To, action)
	}
	return text
}

// TestFeedIsForOwnPages refuses pages of other origins, those without one, ids
// that could be guessed, and ids in use.
func TestFeedIsForOwnPages(t *testing.T) {
	address := serve(t, echo.Config{})
	for name, c := range map[string]struct {
		target, origin string
		status         int
	}{
		"other origin": {"/?id=" + id, "http://evil.example", 403},
		"other port":   {"/?id=" + id, "http://127.0.0.1:1", 403},
		"no origin":    {"/?id=" + id, "", 403},
		"null origin":  {"/?id=" + id, "null", 403},
		"no id":        {"/", "http://" + address, 400},
		"short id":     {"/?id=1", "http://" + address, 400},
	} {
		if status := ask(t, address, c.target, c.origin); status != c.status {
			t.Errorf("%s: status %d, want %d", name, status, c.status)
		}
	}
	if status := ask(t, address, "/?id="+strings.Repeat("a", 32), "http://"+address); status != 101 {
		t.Errorf("the own page: status %d", status)
	}
	openFeed(t, address)
	second := mustDial(t, address, "/?id="+id, "http://"+address, echo.Subprotocol)
	_, _, err := second.Read(t.Context())
	var end *wsnet.CloseError
	if !errors.As(err, &end) || end.Code != wsfsm.CloseTryAgainLater {
		t.Errorf("an id in use: %v", err)
	}
}

// ask sends the request of a page and returns the status of the response.
func ask(t *testing.T, address, target, origin string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+address+target, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
		"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol": echo.Subprotocol, "Origin": origin,
	} {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

// TestFeedEnds holds that an id is free again when its page has gone.
func TestFeedEnds(t *testing.T) {
	address := serve(t, echo.Config{})
	for range 3 {
		feed := openFeed(t, address)
		if err := feed.Close(wsfsm.CloseNormal, ""); err != nil {
			t.Fatal(err)
		}
		for { // the server's handler ends a little later
			c, err := dial(t, address, "/?id="+id, "http://"+address, echo.Subprotocol)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			_, line, err := c.Read(ctx)
			cancel()
			c.Close(wsfsm.CloseNormal, "")
			if err == nil && string(line) == `{"type":"ready"}` {
				break
			}
			time.Sleep(time.Millisecond)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func TestWrongConfig(t *testing.T) {
	if _, err := echo.New(echo.Config{Driver: wsfsm.Options{Versions: []string{"99"}}}); err == nil {
		t.Error("an unknown version is served")
	}
}
