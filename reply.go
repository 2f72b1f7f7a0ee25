package wsfsm

import (
	"fmt"
	"strconv"

	"github.com/wsfsm/wsfsm/states"
)

// Reject answers the request with an HTTP response and ends the connection. The
// status is 200 to 599; header must not hold Connection, Content-Length or
// Transfer-Encoding, which Reject writes. It copies header and body.
func (d *Driver) Reject(status int, header []Field, body []byte) error {
	if err := d.mayHandshake("Reject", states.HandshakeOnReject); err != nil {
		return err
	}
	if status < 200 || status > 599 {
		return fmt.Errorf("wsfsm: status %d cannot end a request", status)
	}
	if err := checkFields(header, "Connection", "Content-Length", "Transfer-Encoding"); err != nil {
		return err
	}
	d.opening.rejection = appendResponse(nil, status, header, body)
	d.fireHandshake(states.HandshakeOnReject)
	return nil
}

// appendResponse writes a whole HTTP response after which the connection ends.
func appendResponse(dst []byte, status int, header []Field, body []byte) []byte {
	dst = append(dst, "HTTP/1.1 "...)
	dst = strconv.AppendInt(dst, int64(status), 10)
	dst = append(dst, ' ')
	dst = append(dst, reasonPhrase(status)...)
	dst = append(dst, "\r\n"...)
	connection := "close"
	for _, f := range header {
		dst = appendField(dst, f)
		if equalFold(f.Name, "Upgrade") {
			connection = "Upgrade, close" // RFC 9110 §7.8
		}
	}
	dst = appendField(dst, Field{"Connection", connection})
	if status != 204 && status != 304 {
		dst = appendField(dst, Field{"Content-Length", strconv.Itoa(len(body))})
	}
	dst = append(dst, "\r\n"...)
	if status != 204 && status != 304 {
		dst = append(dst, body...)
	}
	return dst
}

// appendRefusal writes the response to a request that broke a rule.
func (ep *Endpoint) appendRefusal(dst []byte, err *Error) []byte {
	header := []Field{{"Content-Type", "text/plain; charset=utf-8"}}
	switch err.Status {
	case 405:
		header = append(header, Field{"Allow", "GET"}) // RFC 9110 §15.5.6
	case 426:
		header = append(header, Field{"Upgrade", "websocket"})
		if ep.wireVersions != "" { // drafts before hybi-04 have no number to name there
			header = append(header, Field{"Sec-WebSocket-Version", ep.wireVersions})
		}
	}
	body := fmt.Sprintf("%d %s: %s (%s)\n", err.Status, reasonPhrase(err.Status), err.Violation.Meaning(), err.Violation.Citation())
	return appendResponse(dst, err.Status, header, []byte(body))
}

// checkFields refuses fields that would break the head, and those named.
func checkFields(fields []Field, reserved ...string) error {
	for _, f := range fields {
		if !isToken(f.Name) {
			return fmt.Errorf("wsfsm: %q is no header field name", f.Name)
		}
		if !isFieldValue(f.Value) {
			return fmt.Errorf("wsfsm: the value of header field %s holds a control octet", f.Name)
		}
		for _, name := range reserved {
			if equalFold(f.Name, name) {
				return fmt.Errorf("wsfsm: header field %s belongs to the handshake", f.Name)
			}
		}
	}
	return nil
}

// reasonPhrase returns the reason phrase of a status (RFC 9110 §15), "" for
// those a handshake has no use for.
func reasonPhrase(status int) string {
	switch status {
	case 200:
		return "OK"
	case 204:
		return "No Content"
	case 301:
		return "Moved Permanently"
	case 302:
		return "Found"
	case 303:
		return "See Other"
	case 304:
		return "Not Modified"
	case 307:
		return "Temporary Redirect"
	case 308:
		return "Permanent Redirect"
	case 400:
		return "Bad Request"
	case 401:
		return "Unauthorized"
	case 403:
		return "Forbidden"
	case 404:
		return "Not Found"
	case 405:
		return "Method Not Allowed"
	case 408:
		return "Request Timeout"
	case 410:
		return "Gone"
	case 413:
		return "Content Too Large"
	case 414:
		return "URI Too Long"
	case 426:
		return "Upgrade Required"
	case 429:
		return "Too Many Requests"
	case 431:
		return "Request Header Fields Too Large"
	case 500:
		return "Internal Server Error"
	case 501:
		return "Not Implemented"
	case 502:
		return "Bad Gateway"
	case 503:
		return "Service Unavailable"
	case 504:
		return "Gateway Timeout"
	case 505:
		return "HTTP Version Not Supported"
	}
	return ""
}
