package interop

import "slices"

// version is what the tests know of a version.
type version struct {
	name      string
	wire      int  // Sec-WebSocket-Version; 0 if it has none
	binary    bool // it has binary messages
	fragments bool
	ping      bool
	codes     bool // of close frames
}

// versions returns all versions, oldest first.
func versions() []version {
	all := []version{
		{name: "hixie-75"},
		{name: "hixie-76"},
	}
	for _, v := range []version{
		{name: "hybi-01"}, {name: "hybi-02"}, {name: "hybi-03"}, {name: "hybi-04", wire: 4}, {name: "hybi-05", wire: 5},
		{name: "hybi-06", wire: 6, codes: true}, {name: "hybi-07", wire: 7, codes: true},
		{name: "hybi-08", wire: 8, codes: true}, {name: "hybi-09", wire: 8, codes: true}, {name: "hybi-10", wire: 8, codes: true},
		{name: "hybi-11", wire: 8, codes: true}, {name: "hybi-12", wire: 8, codes: true},
		{name: "hybi-13", wire: 13, codes: true}, {name: "hybi-14", wire: 13, codes: true}, {name: "hybi-15", wire: 13, codes: true},
		{name: "hybi-16", wire: 13, codes: true}, {name: "hybi-17", wire: 13, codes: true},
		{name: "rfc6455", wire: 13, codes: true},
	} {
		v.binary, v.fragments, v.ping = true, true, true
		all = append(all, v)
	}
	return all
}

// named returns the versions of the names given, oldest first.
func named(names ...string) (chosen []version) {
	for _, v := range versions() {
		if slices.Contains(names, v.name) {
			chosen = append(chosen, v)
		}
	}
	return chosen
}
