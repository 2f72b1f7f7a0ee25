package conformance_test

import (
	"slices"
	"strconv"
	"strings"

	"github.com/wsfsm/wsfsm/conformance/model"
)

// parseRequest reads a request that a client has sent.
func parseRequest(octets []byte) (r model.Request) {
	first, headers, body := parseHead(string(octets))
	words := strings.SplitN(first, " ", 3)
	return model.Request{Method: words[0], Target: words[1], Version: words[2], Headers: headers, Body: body}
}

// parseResponse reads a response that a server has sent.
func parseResponse(octets []byte) model.Response {
	first, headers, body := parseHead(string(octets))
	words := append(strings.SplitN(first, " ", 3), "", "")
	status, _ := strconv.Atoi(words[1])
	return model.Response{Status: status, Reason: words[2], Headers: headers, Body: body}
}

func parseHead(s string) (first string, headers []model.Header, body string) {
	head, body, _ := strings.Cut(s, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		headers = append(headers, model.Header{Name: name, Value: value})
	}
	return lines[0], headers, body
}

// fieldOf returns the value of a field of a response.
func fieldOf(head, name string) string {
	_, headers, _ := parseHead(head)
	i := slices.IndexFunc(headers, func(h model.Header) bool { return h.Name == name })
	if i < 0 {
		return ""
	}
	return headers[i].Value
}
