package callback

import (
	"strconv"
	"strings"
)

// VersionName returns the name that the established drivers have for a version
// of [wsfsm.Driver.Version]: "hybi-" and the number on the wire that they know
// it by. So the drafts 8 to 12 are all "hybi-8", the drafts 13 to 17 and
// "rfc6455" are "hybi-13". Names of other shape, such as "hixie-76", are the same
// in both.
func VersionName(version string) string {
	if version == "rfc6455" {
		return "hybi-13"
	}
	digits, ok := strings.CutPrefix(version, "hybi-")
	draft, err := strconv.Atoi(digits)
	switch {
	case !ok || err != nil || draft < 0 || draft > 17:
		return version
	case draft == 0:
		return "hixie-76"
	case draft >= 13:
		draft = 13
	case draft >= 8:
		draft = 8
	}
	return "hybi-" + strconv.Itoa(draft)
}
