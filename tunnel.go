package wsfsm

import (
	"strconv"

	"github.com/wsfsm/wsfsm/states"
)

// Tunnel has a client ask a proxy, to which the transport leads, for a tunnel to
// the server (RFC 9110 §9.3.6), with the extra header fields given, such as
// Proxy-Authorization. EventTunnel says that it stands; the caller then lays TLS
// over the transport if the URL asks for it, and calls Start, or Tunnel again if
// another proxy follows. Octets that are Pending then came from the server
// before it was spoken to. If the proxy refuses, EventError has the status, and
// Response what the proxy said. Errors are those of Start.
func (d *Driver) Tunnel(header ...Field) error {
	if err := d.mayHandshake("Tunnel", states.HandshakeOnTunnel); err != nil {
		return err
	}
	if err := checkFields(header, "Host", "Content-Length", "Transfer-Encoding"); err != nil {
		return err
	}
	d.opening.header = header
	d.fireHandshake(states.HandshakeOnTunnel)
	return nil
}

func (d *Driver) handshakeSendConnect() {
	buf := d.out.open(d.ep)
	*buf = append(append(append(*buf, "CONNECT "...), d.opening.tunnel...), " HTTP/1.1\r\n"...)
	*buf = appendField(*buf, Field{"Host", d.opening.tunnel})
	for _, f := range d.opening.header {
		*buf = appendField(*buf, f)
	}
	*buf = append(*buf, "\r\n"...)
}

func (d *Driver) handshakeReportTunnel() { d.due |= dueTunnel }

// formSuccessStatus wants any 2xx.
func (d *Driver) formSuccessStatus(v string) bool {
	n, err := strconv.Atoi(v)
	return err == nil && len(v) == 3 && n >= 200 && n <= 299
}
