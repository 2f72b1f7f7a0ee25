// Package differential hands the same octets to this library and to three others,
// and tells where they differ: which messages they deliver, what they send, and how
// they end. The differences that are allowed are declared ([Allowed]), each with
// the rule, who departs from it, and which of the two is right by RFC 6455.
//
// The octets are programs of package fuzz, so that its seeds serve here, too.
package differential
