package differential

import "path"

// Right says which of two implementations does what RFC 6455 says.
type Right string

// Who is right.
const (
	Ours  Right = "ours"
	Both  Right = "both" // the RFC leaves it open, or says SHOULD
	Their Right = "theirs"
)

// Departure is a difference that is allowed.
type Departure struct {
	Library string // "*" for all
	What    string // as of Difference, with * for any text
	Rule    string // of RFC 6455
	Why     string // what the library does, and this one
	Right   Right
}

// Allowed returns the differences that are allowed. Each was seen in the run of
// TestDifferences, which fails for one that is not.
func Allowed() []Departure {
	return []Departure{
		{"*", "waits for more behind *", "§5.2", "This library refuses with the octet that breaks the rule; the others when the header, the frame or the message is there, before which the stream has ended.", Both},
		{"*", "takes not-minimal", "§5.2", "A length may be in any form.", Ours},
		{"*", "takes long-control", "§5.2", "Also that of a control frame, which the longer forms cannot hold (§5.5); gorilla refuses it.", Ours},
		{"*", "takes invalid-text", "§8.1", "Neither coder nor gorilla checks that text is UTF-8.", Ours},
		{"*", "answers invalid-text with * in place of 1007", "§7.4.1", "They take the text, and find another fault behind it.", Ours},
		{"*", "sends no close frame behind *", "§7.1.7", "gobwas leaves that to the application; coder closes the transport without one where a frame is not masked or a length is negative, gorilla where a length is above its limit.", Both},
		{"*", "refuses: *code*", "§7.4.2", "The codes 1012 to 1014 were registered with IANA later: gobwas refuses them, gorilla the last one.", Ours},
		{"*", "is before this library: *", "§5.4", "A continuation without a message is refused by the others with the second octet, by this library when its length is there.", Both},

		{"coder", "delivers the beginning of a message", "§5.4", "A stream that ends inside a frame is taken for the end of the message.", Ours},
		{"coder", "takes close-reason", "§5.5.1", "Nor the reason of a close frame.", Ours},
		{"coder", "takes mask-unexpected", "§5.1", "A client takes masked frames.", Ours},

		{"gobwas", "answers the beginning of a ping", "§5.5.2", "A stream that ends inside a ping is taken for its end.", Ours},
		{"gobwas", "delivers the beginning of a message", "§5.4", "A stream that ends inside a close frame is taken for the end of the message.", Ours},
		{"gobwas", "takes close-code", "§7.4.2", "Codes above 4999, of which the RFC says nothing, are taken.", Both},
		{"gobwas", "answers close-reason with 1002 in place of 1007", "§8.1", "The code for text that is no UTF-8 is 1007.", Ours},
		{"gobwas", "answers * with any code in place of *", "§5.3", "The close frame with which a client answers a faulty one has its payload masked and a header that does not say so.", Ours},

		{"gorilla", "takes close-short", "§5.5.1", "The body of a close frame may be one octet.", Ours},
		{"gorilla", "answers close-reason with 1002 in place of 1007", "§8.1", "The code for text that is no UTF-8 is 1007.", Ours},
	}
}

// allows reports whether the departure is the difference.
func (a Departure) allows(d Difference) bool {
	library, _ := path.Match(a.Library, d.Library)
	what, _ := path.Match(a.What, d.What)
	return library && what
}
