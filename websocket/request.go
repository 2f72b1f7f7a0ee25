package websocket

import (
	"net/http"

	"github.com/wsfsm/wsfsm"
)

// AsksForWebSocket reports whether a request that net/http has read asks for
// WebSocket, so that it is for wsnet.Accept, which checks all else; see
// [wsfsm.Request.AsksForWebSocket].
func AsksForWebSocket(r *http.Request) bool {
	request := wsfsm.Request{Method: r.Method}
	for _, name := range []string{"Connection", "Upgrade"} {
		for _, value := range r.Header.Values(name) {
			request.Header = append(request.Header, wsfsm.Field{Name: name, Value: value})
		}
	}
	return request.AsksForWebSocket()
}
