// Package properties holds drivers to what must be true of every run of every
// version in either role: the properties, tried on random runs, and the bounded
// exhaustive check, which compares driver and model step by step on all sequences
// of representatives up to a depth.
//
// A property that fails is shrunk, and what is left is printed as a trace of each
// driver in it, which `wsfsm replay` plays; if WSFSM_TRACES names a directory, they
// are written there, too.
package properties
