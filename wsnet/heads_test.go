package wsnet_test

import (
	"fmt"
	"net"
	"reflect"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/wsnet"
)

// TestHeadsAreKept: what Request returns on an open connection is what the
// driver has read, each time, and a value of the caller's.
func TestHeadsAreKept(t *testing.T) {
	many := ""
	for i := range 80 {
		many += fmt.Sprintf("X-%d: %s\r\n", i, strings.Repeat("v", i))
	}
	for name, fields := range map[string]string{
		"few":            "",
		"the same twice": "X: a\r\nX:\r\nx: b\r\n",
		"subprotocols":   "Sec-WebSocket-Protocol: one, two\r\nSec-WebSocket-Protocol: three\r\n",
		"extensions":     "Sec-WebSocket-Extensions: a, b; c; d=\"e\"; f=g\r\nSec-WebSocket-Extensions: permessage-deflate\r\n",
		"long":           "X: " + strings.Repeat("long ", 600) + "end\r\n",
		"many":           many,
	} {
		t.Run(name, func(t *testing.T) {
			var want wsfsm.Request
			got := make(chan [2]*wsfsm.Request, 1)
			url := serve(t, func(c *wsnet.Conn) {
				first := c.Request()
				second := c.Request()
				second.Header[0].Value = "changed"
				got <- [2]*wsfsm.Request{first, c.Request()}
			}, &wsnet.Options{Decide: func(r *wsfsm.Request, _ net.Conn) *wsnet.Answer {
				want = *r
				return nil
			}})
			skipHead(t, raw(t, url, upgrade+fields+"\r\n"))
			for _, r := range <-got {
				if !want.WebSocket || !reflect.DeepEqual(r, &want) {
					t.Errorf("the request is %v, want %v", r, want)
				}
			}
		})
	}
}

func TestResponseIsKept(t *testing.T) {
	url := serve(t, wait, &wsnet.Options{Driver: wsfsm.Options{Header: wsfsm.Header{{Name: "X", Value: "a"}, {Name: "X", Value: ""}}}})
	c := dial(t, url, nil)
	r := c.Response()
	if r == nil || r.Proto != "HTTP/1.1" || r.Status != 101 || r.Reason != "Switching Protocols" || c.Request() != nil {
		t.Fatalf("%v, %v", r, c.Request())
	}
	var fields []string
	for _, f := range r.Header {
		fields = append(fields, f.Name+"="+f.Value)
	}
	if got := strings.Join(fields, " "); !strings.HasPrefix(got, "Upgrade=websocket Connection=Upgrade Sec-WebSocket-Accept=") || !strings.HasSuffix(got, "= X=a X=") {
		t.Errorf("the fields are %s", got)
	}
}
