package websocket

import (
	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/callback"
)

// Version returns the version spoken, by the name that the established drivers
// have for it, as in "hybi-13"; "" until open. See callback.VersionName.
func (s *Socket) Version() string {
	if c := s.Conn(); c != nil {
		return callback.VersionName(c.Version())
	}
	return ""
}

// HasBinary reports whether the version spoken has binary messages, without
// which SendBinary returns wsfsm.ErrUnsupported; false until open. For a
// protocol that is not compiled in it, and those like it, return true, and the
// command itself tells.
func (s *Socket) HasBinary() bool { return s.has((*wsfsm.Protocol).HasBinary) }

// HasPings reports whether the version spoken has pings, without which Ping
// returns wsfsm.ErrUnsupported; see HasBinary.
func (s *Socket) HasPings() bool { return s.has((*wsfsm.Protocol).HasPings) }

// HasCloseCodes reports whether the version spoken has close codes and reasons.
// Without, Close drops them. See HasBinary.
func (s *Socket) HasCloseCodes() bool { return s.has((*wsfsm.Protocol).HasCloseCodes) }

func (s *Socket) has(feature func(*wsfsm.Protocol) bool) bool {
	c := s.Conn()
	return c != nil && supports(c.Version(), feature)
}

// supports reports whether a version has a feature; of one that is not compiled
// in it is presumed.
func supports(version string, feature func(*wsfsm.Protocol) bool) bool {
	p := wsfsm.ProtocolNamed(version)
	return p == nil || feature(p)
}
