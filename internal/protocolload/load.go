// Package protocolload builds protocols from spec files at run time: the same
// values as the compiled ones of package wsfsm, without go build. Tests that
// change a cell, a rule or a whole spec go this way to a running driver.
package protocolload

import (
	"fmt"
	"io/fs"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/gen"
	"github.com/wsfsm/wsfsm/gen/check"
	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/gen/spec"
	"github.com/wsfsm/wsfsm/states"
)

// Load reads the spec files in the root of fsys, checks them, and builds a
// protocol of each version that is not abstract, in the order of their names.
func Load(fsys fs.FS) ([]*wsfsm.Protocol, error) {
	set, err := gen.Load(fsys)
	if err != nil {
		return nil, err
	}
	return FromSet(set)
}

// LoadVersion is Load for one version: of the spec files it reads only those
// that the version stands on, and parses those that l does not know.
func LoadVersion(l *spec.Loader, fsys fs.FS, version string) (*wsfsm.Protocol, error) {
	set, err := l.LoadVersion(fsys, version)
	if err != nil {
		return nil, err
	}
	if err := check.Check(set); err != nil {
		return nil, err
	}
	protocols, err := FromSet(set)
	if err != nil {
		return nil, err
	}
	if len(protocols) != 1 {
		return nil, fmt.Errorf("%s: %d versions in one file", version, len(protocols))
	}
	return protocols[0], nil
}

// FromSet builds a protocol of each version of a set that is not abstract. It
// does not check the set: a set that was changed on purpose is taken as far as
// it can be turned into numbers.
func FromSet(set *spec.Set) ([]*wsfsm.Protocol, error) {
	in, err := gen.Compile(set, "")
	if err != nil {
		return nil, err
	}
	var list []*wsfsm.Protocol
	for _, v := range in.Versions {
		p, err := FromLowered(v.Lowered)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// FromLowered builds a protocol from its numbers. It shares nothing with l.
// Numbers that do not fit the compiled types are an error: machines that
// package wsfsm does not have, tables of another shape, and another number of
// roles. A machine that l does not have stays zero.
func FromLowered(l *lower.Protocol) (*wsfsm.Protocol, error) {
	p := &wsfsm.Protocol{
		Name:        l.Name,
		Title:       l.Title,
		WireVersion: l.WireVersion,
		Recognise:   wsfsm.Recognition{Header: l.RecogniseHeader, Values: l.RecogniseValues},
		Close: wsfsm.CloseRules{
			Body:     states.CloseBody(l.CloseBody),
			Own:      byRole(l.CloseOwn),
			Received: codeRanges(l.CloseReceived),
			Sent:     codeRanges(l.CloseSent),
		},
		TooBig: wsfsm.CloseCode(l.TooBig),
	}
	for i := range l.Machines {
		if err := addMachine(p, &l.Machines[i]); err != nil {
			return nil, fmt.Errorf("%s: %s machine: %w", l.Name, l.Machines[i].Name, err)
		}
	}
	return p, nil
}

// byRole is a text for each role; "" where nothing is said.
func byRole(texts []string) (list [states.RoleCount]string) {
	copy(list[:], texts)
	return list
}

func codeRanges(ranges [][2]uint16) []wsfsm.CodeRange {
	var list []wsfsm.CodeRange
	for _, r := range ranges {
		list = append(list, wsfsm.CodeRange{First: wsfsm.CloseCode(r[0]), Last: wsfsm.CloseCode(r[1])})
	}
	return list
}

// addMachine puts one machine where it belongs.
func addMachine(p *wsfsm.Protocol, m *lower.Machine) error {
	switch m.Name {
	case states.MachineConnection.String():
		p.Connection.Inputs = byState[states.Input](m, m.Inputs)
		p.Connection.Waits = waits(m)
		return fill(&p.Connection.Machine, m, new(wsfsm.ConnectionTable))
	case states.MachineHTTP.String():
		p.HTTP.Limits = numbers[states.Limit](m.Limits)
		return fill(&p.HTTP.Machine, m, new(wsfsm.HTTPTable))
	case states.MachineHandshake.String():
		p.Handshake.Heads = heads(m.Heads)
		return fill(&p.Handshake.Machine, m, new(wsfsm.HandshakeTable))
	case states.MachineFrame.String():
		return fill(&p.Frame.Machine, m, new(wsfsm.FrameTable))
	case states.MachineMessage.String():
		return fill(&p.Message.Machine, m, new(wsfsm.MessageTable))
	}
	return fmt.Errorf("no such machine")
}
