package wsnet_test

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/wsnet"
)

// mount serves a Server under net/http.
func mount(t *testing.T, s *wsnet.Server) (url string) {
	t.Helper()
	noLeaks(t)
	h := httptest.NewServer(s)
	t.Cleanup(func() {
		s.Close()
		h.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return "ws" + strings.TrimPrefix(h.URL, "http") + "/"
}

// status is that of the response to a request for WebSocket, or of the refusal.
func status(err error) int {
	var refused *wsnet.OpenError
	if errors.As(err, &refused) && refused.Response != nil {
		return refused.Response.Status
	}
	return 0
}

func TestServeHTTP(t *testing.T) {
	told := make(chan error, 10)
	s := &wsnet.Server{Options: &wsnet.Options{Error: func(err error) { told <- err }}, Handler: func(c *wsnet.Conn) {
		if c.Request().Target == "/panic" {
			panic("handler")
		}
		echo(c)
	}}
	url := mount(t, s)
	c := dial(t, url, nil)
	write(t, c, "hello")
	if got := read(t, c); got != "hello" {
		t.Fatalf("got %q", got)
	}
	var end *wsnet.CloseError
	if _, _, err := dial(t, url+"panic", nil).Read(soon(t)); !errors.As(err, &end) || end.Code != wsfsm.CloseInternalError {
		t.Errorf("the handler panics: %v", err)
	}
	var panicked *wsnet.PanicError
	if err := <-told; !errors.As(err, &panicked) || panicked.Value != "handler" {
		t.Errorf("told %v", err)
	}
	_, err := wsnet.Dial(soon(t), url, &wsnet.DialOptions{Driver: wsfsm.Options{Origin: "http://elsewhere"}})
	if status(err) != 403 {
		t.Errorf("another origin: %v", err)
	}
	var failed *wsnet.OpenError
	if err := <-told; !errors.As(err, &failed) || failed.Stage != wsnet.StageHandshake {
		t.Errorf("told %v", err)
	}
	closed := make(chan error, 1)
	go func() {
		_, _, err := c.Read(background)
		closed <- err
	}()
	if err := s.Shutdown(soon(t)); err != nil {
		t.Fatal(err)
	}
	if err := <-closed; !errors.As(err, &end) || end.Code != wsfsm.CloseGoingAway || !end.Clean {
		t.Errorf("Shutdown: %v", err)
	}
	if _, err := wsnet.Dial(soon(t), url, nil); status(err) != 503 {
		t.Errorf("after Shutdown: %v", err)
	}
}

// A Server that cannot do under net/http what its options say accepts nobody.
func TestServeHTTPRefusesWhatItCannotDo(t *testing.T) {
	for name, s := range map[string]*wsnet.Server{
		"Decide":     {Handler: echo, Options: &wsnet.Options{Decide: func(*wsfsm.Request, net.Conn) *wsnet.Answer { return nil }}},
		"no Handler": {Options: &wsnet.Options{}},
	} {
		told := make(chan error, 1)
		s.Options.Error = func(err error) { told <- err }
		if _, err := wsnet.Dial(soon(t), mount(t, s), nil); status(err) != 500 {
			t.Errorf("%s: %v", name, err)
		}
		if err := <-told; !strings.Contains(err.Error(), name) {
			t.Errorf("%s: told %v", name, err)
		}
	}
}
