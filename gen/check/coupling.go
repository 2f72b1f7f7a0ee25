package check

import (
	"slices"

	"github.com/wsfsm/wsfsm/gen/spec"
)

// coupling checks what one machine says about others: which stage a state of
// the connection feeds and what the caller waits for, and that a failure
// carries the number by which it is told to the peer.
func (c *checker) coupling(ver *spec.Version, machines []*machine) {
	for _, m := range ver.Machines {
		connection := c.v.Coupled(m.Name)
		for _, s := range m.States {
			switch {
			case connection:
				c.connectionState(m, s)
			case s.Input != "":
				c.Add(WrongArgument, s.At.Of("input", s.Pos), "", "only states of the connection feed a stage")
			case s.Waits != nil:
				c.Add(WrongArgument, s.At.Of("waits", s.Pos), "", "only states of the connection wait")
			}
		}
	}
	if c.v.Coupled(spec.MachineConnection) && ver.Machine(spec.MachineConnection) != nil {
		c.failures(ver, machines)
	}
}

// connectionState checks one state of the connection. A state that the
// application cannot leave, and one before the connection is open, wait for
// something: else nothing bounds their time.
func (c *checker) connectionState(m *spec.Machine, s *spec.State) {
	if s.Input == "" {
		c.Add(MissingInput, s.Pos, "", "the state %q does not say which stage is fed", s.Name)
	}
	if s.Final || s.Waits != nil {
		return
	}
	words := c.v.Machine(m.Name)
	commands := slices.ContainsFunc(words.Events, func(e spec.EventWord) bool {
		return e.Kind == spec.KindCommand && !slices.Contains(s.Refuse, e.Name)
	})
	if !commands || s.Input == spec.InputHandshake {
		c.Add(MissingWait, s.Pos, "", "the state %q does not say what it waits for", s.Name)
	}
}

// failures checks that a failure of frames and messages has a close code where
// the version has close codes, and that one of the server's handshake has a
// status.
func (c *checker) failures(ver *spec.Version, machines []*machine) {
	coded := ver.Close != nil && len(ver.Close.Sent) > 0
	for _, m := range machines {
		framed := m.Name == spec.MachineFrame || m.Name == spec.MachineMessage
		byServer := m.reached(server)
		for _, s := range m.States {
			for _, r := range m.failing(s, byServer) {
				f := c.v.Failures[slices.IndexFunc(c.v.Failures, func(f spec.Failure) bool { return f.Name == r.Fail })]
				switch {
				case framed && coded && f.Code == 0:
					c.Add(FailWithout, f.Pos, "", "the failure %q of the machine %s has no close code", f.Name, m.Name)
				case framed && coded && f.Fault != byLimit && !within(ver.Close.Sent, f.Code):
					c.Add(FailWithout, r.At.Of("fail", r.Pos), "", "the failure %q has the close code %d, which may not be sent", f.Name, f.Code)
				case !framed && byServer[s.Name] && f.Status == 0:
					c.Add(FailWithout, f.Pos, "", "the failure %q of a request has no status", f.Name)
				}
			}
		}
	}
}

// byLimit is the fault of failures that are told with the version's own code
// for what is too big.
const byLimit = "limit"

// server is the role that answers failures of the handshake with a status.
const server = "server"

// failing are the rows of a state that fail, the machine's own included.
func (m *machine) failing(s *spec.State, byServer map[string]bool) []*spec.Rule {
	list := s.When
	if byServer[s.Name] {
		list = m.arrows(s, server)
	}
	return slices.DeleteFunc(slices.Clone(list), func(r *spec.Rule) bool { return r.Fail == "" })
}
