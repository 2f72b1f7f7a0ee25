package wsnet

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// fallback returns another version of Driver.Versions that a server names when
// it refuses the one that was spoken (RFC 6455 §4.4); "" if none.
func (o *DialOptions) fallback(err error, d *wsfsm.Driver) string {
	var refused *OpenError
	if !o.Fallback || o.Conn != nil || !errors.As(err, &refused) || !errors.Is(err, states.BadStatus) {
		return ""
	}
	if status := refused.Response.Status; status != http.StatusUpgradeRequired && status != http.StatusBadRequest {
		return ""
	}
	named := numbers(refused.Response.Header.Values("Sec-WebSocket-Version"))
	for _, name := range o.Driver.Versions {
		p := wsfsm.ProtocolNamed(name)
		if p != nil && p.Name != d.Version() && slices.Contains(named, p.WireVersion) {
			return p.Name
		}
	}
	return ""
}

// numbers are those that lists of versions hold.
func numbers(lists []string) (all []int) {
	for _, list := range lists {
		for _, text := range strings.Split(list, ",") {
			if n, err := strconv.Atoi(strings.Trim(text, " \t")); err == nil {
				all = append(all, n)
			}
		}
	}
	return all
}
