package interop

import (
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/internal/peer"
)

// TestNginx has the driver's client talk to its server through nginx.
func TestNginx(t *testing.T) {
	peer.Require(t, "nginx")
	for _, v := range named("hixie-76", "rfc6455") {
		t.Run(v.name, func(t *testing.T) { reverse(t, v, nginx(t, driverServer(t, v.name))) })
	}
}

// TestHAProxy does the same with HAProxy, in the modes that let the version
// through.
func TestHAProxy(t *testing.T) {
	peer.Require(t, "haproxy")
	for _, c := range []struct{ version, mode string }{
		{"hixie-76", "tcp"}, {"rfc6455", "tcp"}, {"rfc6455", "http"},
	} {
		t.Run(c.version+" "+c.mode, func(t *testing.T) {
			reverse(t, named(c.version)[0], haproxy(t, c.mode, driverServer(t, c.version)))
		})
	}
}

// reverse does all exercises through a proxy that is addressed like a server.
func reverse(t *testing.T, v version, address string) {
	t.Helper()
	talk(t, v, func() (*driven, error) {
		transport, err := net.DialTimeout("tcp", address, patience)
		if err != nil {
			return nil, err
		}
		return client(v.name, transport, "ws://"+address+"/", request)
	})
}

func nginx(t *testing.T, server string) string {
	t.Helper()
	return startProxy(t, "nginx.conf", settings{Server: server}, "nginx", "-e", "stderr", "-c")
}

func haproxy(t *testing.T, mode, server string) string {
	t.Helper()
	return startProxy(t, "haproxy.cfg", settings{Server: server, Mode: mode}, "haproxy", "-db", "-f")
}

// TestKeyBehindHead sends the key in the body of draft 76 only when the answer's
// head has come. The server must not wait for it: nginx, as HAProxy did, holds
// it back until then.
func TestKeyBehindHead(t *testing.T) {
	peer.Require(t, "nginx", "haproxy")
	server := driverServer(t, "hixie-76")
	for name, address := range map[string]string{"nginx": nginx(t, server), "HAProxy": haproxy(t, "tcp", server), "no proxy": server} {
		response, r, transport := answerTo(t, address, draft76Request)
		if response.StatusCode != 101 {
			t.Errorf("%s: status %s before the body", name, response.Status)
		}
		if _, err := io.WriteString(transport, draft76Body); err != nil {
			t.Fatal(err)
		}
		digest := make([]byte, len(draft76Digest))
		if _, err := io.ReadFull(r, digest); err != nil || string(digest) != draft76Digest {
			t.Errorf("%s: digest %q, %v", name, digest, err)
		}
	}
}

// TestHAProxyRefusesDraft76 holds the reason why draft 76 needs HAProxy's mode
// tcp: in mode http it refuses each request for an upgrade to WebSocket without
// Sec-WebSocket-Key. Should it cease to, this test fails, and TestHAProxy shall
// try mode http as well.
func TestHAProxyRefusesDraft76(t *testing.T) {
	peer.Require(t, "haproxy")
	address := haproxy(t, "http", driverServer(t, "hixie-76"))
	response, _, _ := answerTo(t, address, draft76Request+draft76Body)
	if response.StatusCode != 400 {
		t.Errorf("status %s", response.Status)
	}
}

// TestSquid has the driver's client talk to its server through a tunnel of
// squid, with a password and without.
func TestSquid(t *testing.T) {
	peer.Require(t, "squid")
	for _, c := range []struct {
		name, version string
		field         []wsfsm.Field
		secret        bool // squid wants a password
	}{
		{"open", "rfc6455", nil, false},
		{"password", "rfc6455", authorization(proxyPassword), true},
		{"password, draft 76", "hixie-76", authorization(proxyPassword), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			server, proxy := driverServer(t, c.version), squid(t, c.secret)
			talk(t, named(c.version)[0], func() (*driven, error) { return tunnel(c.version, proxy, server, c.field) })
		})
	}
}

// TestSquidRefuses has squid refuse a tunnel for want of the password.
func TestSquidRefuses(t *testing.T) {
	peer.Require(t, "squid")
	server, proxy := driverServer(t, "rfc6455"), squid(t, true)
	for name, field := range map[string][]wsfsm.Field{"wrong password": authorization("open sesame"), "no password": nil} {
		d, err := tunnel("rfc6455", proxy, server, field)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := await(d, "failed"); err != nil || !strings.Contains(got.Error, "the proxy did not open a tunnel") {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		d.mu.Lock()
		response := d.driver.Response()
		if response == nil || response.Status != 407 || response.Header.Get("Proxy-Authenticate") != `Basic realm="wsfsm"` {
			t.Errorf("%s: response %+v", name, response)
		}
		d.mu.Unlock()
		d.leave()
	}
}

// tunnel puts the driver of a client on a connection to a proxy, which it asks
// for a tunnel to the server.
func tunnel(version, proxy, server string, field []wsfsm.Field) (*driven, error) {
	transport, err := net.DialTimeout("tcp", proxy, patience)
	if err != nil {
		return nil, err
	}
	return client(version, transport, "ws://"+server+"/", func(d *wsfsm.Driver) error { return d.Tunnel(field...) })
}

// authorization is the field for proxyUser and a password (RFC 7617 §2).
func authorization(password string) []wsfsm.Field {
	credentials := base64.StdEncoding.EncodeToString([]byte(proxyUser + ":" + password))
	return []wsfsm.Field{{Name: "Proxy-Authorization", Value: fmt.Sprint("Basic ", credentials)}}
}

func squid(t *testing.T, secret bool) string {
	t.Helper()
	s := settings{Helper: "/usr/lib/squid/basic_ncsa_auth"}
	if secret {
		s.Passwords = passwords(t)
	}
	return startProxy(t, "squid.conf", s, "squid", "-N", "-f")
}

// passwords copies the file of users to where squid may read it without root's
// rights.
func passwords(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("testdata/proxies/passwords")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(sharedDirectory(t), "passwords")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}
