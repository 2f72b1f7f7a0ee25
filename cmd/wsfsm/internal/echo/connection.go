package echo

import (
	"context"
	"errors"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/frames"
	"github.com/wsfsm/wsfsm/cmd/wsfsm/internal/trace"
	"github.com/wsfsm/wsfsm/wsnet"
)

// Subprotocol is what the page asks for to be told of frames: with the request
// target /?id=ID it opens a connection that gets one JSON object per message
// about the connection whose target has the query parameter trace=ID.
const Subprotocol = "wsfsm.trace"

// wellFormed is the form of an id, which nobody can guess.
var wellFormed = regexp.MustCompile(`^[0-9a-f]{32}$`)

// connection is one client, or one page that is told of another connection.
type connection struct {
	server    *Server
	number    int
	transport *tap
	answered  bool   // by an HTTP response that was meant to be
	id        string // of the feed that the connection carries
	feed      *feed  // that is told of this connection; nil if none
	in, out   *trace.Meter
}

func newConnection(s *Server, nc net.Conn) *connection {
	c := &connection{server: s}
	c.transport = newTap(nc, c.seeIn, c.seeOut)
	if s.config.Message != nil {
		tell := func(m trace.Message) { s.config.Message(c.number, m) }
		c.in, c.out = trace.NewMeter("in", tell), trace.NewMeter("out", tell)
	}
	return c
}

func (c *connection) seeIn(f frames.Frame) {
	c.feed.tellFrame("in", f)
	c.in.Frame(f)
}

func (c *connection) seeOut(f frames.Frame) {
	c.feed.tellFrame("out", f)
	c.out.Frame(f)
}

func (c *connection) observe(t wsfsm.Transition) {
	if c.server.config.Trace != nil {
		c.server.config.Trace(c.number, t)
	}
	c.feed.tellStep(t)
}

// decide answers what is not for WebSocket and what pages ask for.
func (c *connection) decide(r *wsfsm.Request, _ net.Conn) *wsnet.Answer {
	target, err := url.ParseRequestURI(r.Target)
	if err != nil {
		return nil
	}
	a := c.answer(r, target)
	c.answered = a != nil && a.Status != 0
	return a
}

func (c *connection) answer(r *wsfsm.Request, target *url.URL) *wsnet.Answer {
	switch {
	case !r.WebSocket && target.Path == "/":
		return c.server.pageAnswer()
	case !r.WebSocket && target.Path == "/favicon.ico":
		return &wsnet.Answer{Status: 404}
	case !r.WebSocket:
		return nil
	case slices.Contains(r.Subprotocols, Subprotocol):
		return c.feedAnswer(r, target.Query().Get("id"))
	}
	c.feed = c.server.feeds.find(target.Query().Get("trace"))
	return nil
}

func (s *Server) pageAnswer() *wsnet.Answer {
	return &wsnet.Answer{
		Status: 200,
		Header: []wsfsm.Field{
			{Name: "Content-Type", Value: "text/html; charset=utf-8"},
			{Name: "Content-Security-Policy", Value: s.page.Policy},
			{Name: "X-Content-Type-Options", Value: "nosniff"},
			{Name: "Referrer-Policy", Value: "no-referrer"},
			{Name: "Cache-Control", Value: "no-store"},
		},
		Body: []byte(s.page.Document),
	}
}

// feedAnswer accepts pages of this server only, whatever origins are allowed
// otherwise.
func (c *connection) feedAnswer(r *wsfsm.Request, id string) *wsnet.Answer {
	origin, err := url.Parse(r.Header.Get("Origin"))
	switch {
	case err != nil || origin.Host == "" || !strings.EqualFold(origin.Host, r.Header.Get("Host")):
		return &wsnet.Answer{Status: 403}
	case !wellFormed.MatchString(id):
		return &wsnet.Answer{Status: 400}
	}
	c.id = id
	return &wsnet.Answer{Subprotocol: Subprotocol}
}

// handle serves an open connection.
func (c *connection) handle(ws *wsnet.Conn) {
	if len(ws.Extensions()) == 0 {
		c.in.Stop()
		c.out.Stop()
	}
	err := c.echo
	if c.id != "" {
		err = c.carry
	}
	end := err(ws)
	var closed *wsnet.CloseError
	if !errors.As(end, &closed) || !closed.Clean {
		c.note(end)
	}
}

// echo sends back each message as it came, until the connection ends.
func (c *connection) echo(ws *wsnet.Conn) error {
	ctx := context.Background()
	for {
		kind, message, err := ws.Read(ctx)
		if err != nil {
			return err
		}
		c.in.Message(len(message))
		if err := ws.Write(ctx, kind, message); err != nil {
			return err
		}
		c.out.Message(len(message))
	}
}

// carry sends the lines of a feed. What the page sends is read and dropped.
func (c *connection) carry(ws *wsnet.Conn) error {
	told, ok := c.server.feeds.open(c.id)
	if !ok {
		return ws.Close(wsfsm.CloseTryAgainLater, "too many pages")
	}
	defer c.server.feeds.close(c.id)
	told.tell(readyLine{"ready"})
	ctx := ws.Context()
	go func() {
		for err := error(nil); err == nil; {
			_, _, err = ws.Read(ctx)
		}
	}()
	for {
		select {
		case line := <-told.lines:
			if err := ws.Write(ctx, wsnet.Text, line); err != nil {
				return err
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// fail is told of failed handshakes. Transports that nothing came from, such as
// those that browsers open in advance, are no failures.
func (c *connection) fail(err error) {
	if !c.answered && c.transport.read > 0 {
		c.note(err)
	}
}

// note tells of an error; of a broken rule without what lies around it.
func (c *connection) note(err error) {
	var rule *wsfsm.Error
	if errors.As(err, &rule) {
		err = rule
	}
	if err != nil && c.server.config.Note != nil {
		c.server.config.Note(c.number, err)
	}
}
