// Command nethttp is an HTTP server without WebSocket, for the size of its program.
package main

import (
	"io"
	"net/http"
)

func main() {
	panic(http.ListenAndServe("127.0.0.1:8080", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(w, r.Body)
	})))
}
