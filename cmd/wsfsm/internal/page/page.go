// Package page holds the page of the echo server: one HTML document without
// anything from elsewhere.
package page

import (
	"crypto/sha256"
	_ "embed" // the parts of the page
	"encoding/base64"
	"strings"
)

var (
	//go:embed page.html
	html string
	//go:embed page.css
	style string
	//go:embed page.js
	script string
)

// Page is the document and the policy that it is to be sent with.
type Page struct {
	Document string // HTML in UTF-8
	// Policy is the value of Content-Security-Policy: the document's own style
	// and script by their hashes, connections to the server it came from, and
	// nothing else.
	Policy string
}

// New puts the document together.
func New() Page {
	return Page{
		Document: strings.NewReplacer("{{style}}", style, "{{script}}", script).Replace(html),
		Policy: strings.Join([]string{
			"default-src 'none'",
			"script-src " + hash(script),
			"style-src " + hash(style),
			"connect-src 'self'",
			"base-uri 'none'",
			"form-action 'none'",
			"frame-ancestors 'none'",
		}, "; "),
	}
}

// hash is a source expression for an inline text.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
