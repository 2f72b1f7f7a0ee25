package interop

import (
	"bufio"
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"text/template"
	"time"

	"github.com/wsfsm/wsfsm/internal/peer"
)

// settings fill the templates of testdata/proxies.
type settings struct {
	Dir       string // for the proxy's own files
	Port      string
	Server    string // address of the server behind the proxy
	Mode      string // of HAProxy: http or tcp
	Passwords string // of squid: the file of users; none if empty
	Helper    string // of squid: the program that checks passwords
}

// The user of testdata/proxies/passwords.
const proxyUser, proxyPassword = "user name", "open:sesame %"

// startProxy starts a proxy on a free port and returns its address. The file is
// its template; the arguments end with the name of the configuration.
func startProxy(t *testing.T, file string, s settings, program string, args ...string) string {
	t.Helper()
	s.Dir = sharedDirectory(t)
	address := freeAddress(t)
	_, s.Port, _ = net.SplitHostPort(address)
	configuration := filepath.Join(s.Dir, file)
	text, err := template.ParseFiles(filepath.Join("testdata/proxies", file))
	if err != nil {
		t.Fatal(err)
	}
	var filled bytes.Buffer
	if err := text.Execute(&filled, s); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(configuration, filled.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(peer.Program(program), append(args, configuration)...)
	cmd.Dir = s.Dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // with the programs that it starts
	output, err := os.Create(filepath.Join(s.Dir, "output"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = output, output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		cmd.Wait()
		if said, err := os.ReadFile(output.Name()); t.Failed() && err == nil {
			t.Logf("%s: %s", program, said)
		}
	})
	awaitListener(t, address)
	return address
}

// sharedDirectory makes a directory that a proxy can use which gives up root's
// rights, as squid does.
func sharedDirectory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "wsfsm-proxy")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	return dir
}

// freeAddress asks the kernel for a port that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// awaitListener waits until somebody listens.
func awaitListener(t *testing.T, address string) {
	t.Helper()
	for until := deadline(); ; time.Sleep(20 * time.Millisecond) {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
			return
		}
		if time.Now().After(until) {
			t.Fatal(err)
		}
	}
}

// driverServer puts drivers behind a listener, which ends with the test.
func driverServer(t *testing.T, version string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			d, err := accept(version, l)
			if err != nil {
				return
			}
			go echo(d)
		}
	}()
	return l.Addr().String()
}

// echo sends back what comes.
func echo(d *driven) {
	for {
		e, err := d.next()
		if err != nil {
			return
		}
		if e.Event == "message" {
			do := sendText
			if e.Binary {
				do = sendBinary
			}
			d.do(command{Do: do, Data: e.Data})
		}
	}
}

// talk does all exercises with an echo server, over connections that connect
// makes.
func talk(t *testing.T, v version, connect func() (*driven, error)) {
	t.Helper()
	for _, x := range exercises() {
		if x.lacks(v) {
			continue
		}
		d, err := connect()
		if err := opened(err, d); err != nil {
			t.Fatalf("%s: %v", x.name, err)
		}
		if err := x.run(v, d, d); err != nil {
			t.Errorf("%s: %v", x.name, err)
		}
		d.leave()
	}
}

// The request of draft 76 in its own example, the octets that follow its head,
// and the digest that must come (draft-ietf-hybi-thewebsocketprotocol-00 §1.2).
const (
	draft76Request = "GET /demo HTTP/1.1\r\nHost: example.com\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\nUpgrade: WebSocket\r\n" +
		"Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\nOrigin: http://example.com\r\n\r\n"
	draft76Body   = "^n:ds[4U"
	draft76Digest = "8jKS'y:G*Co,Wxa-"
)

// answerTo sends a request and returns the answer.
func answerTo(t *testing.T, address, request string) (*http.Response, *bufio.Reader, net.Conn) {
	t.Helper()
	transport, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { transport.Close() })
	transport.SetDeadline(deadline())
	if _, err := transport.Write([]byte(request)); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(transport)
	response, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	return response, r, transport
}
