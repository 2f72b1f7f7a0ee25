package wsnet

import (
	"errors"
	"fmt"
	"net/http"
)

var (
	errNoHandler  = errors.New("wsnet: the Server has no Handler")
	errDecideHTTP = errors.New("wsnet: Options.Decide is not asked about requests of net/http; decide before ServeHTTP is called")
)

// ServeHTTP implements http.Handler: it takes the request over with Accept and
// calls the Server's Handler in a goroutine of its own, so that nothing of
// net/http stays behind: no buffer, and not its goroutine with its larger stack.
// Shutdown and Close treat the connection as they do those of Serve. That the
// http.Server shuts down is no concern of theirs; its RegisterOnShutdown may
// call Shutdown.
//
// Options.Error is told of requests that could not be accepted. With
// Options.Decide, which wants a transport to look at, every request is refused
// with status 500.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case s.isStopping():
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	case s.Handler == nil:
		s.report(refuse(w, http.StatusInternalServerError, errNoHandler))
		return
	case s.Options != nil && s.Options.Decide != nil:
		s.report(refuse(w, http.StatusInternalServerError, errDecideHTTP))
		return
	}
	c, err := Accept(w, r, s.Options)
	if err != nil {
		s.report(fmt.Errorf("%s: %w", r.RemoteAddr, err))
		return
	}
	s.begin(nil, c)
}
