package trace

import (
	"bytes"
	"slices"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// passive returns a protocol for those who only look on: what an answer must be equal
// to, since this end has asked for it, is not looked at.
func passive(p *wsfsm.Protocol) *wsfsm.Protocol {
	q := *p
	q.Handshake.Heads = slices.Clone(p.Handshake.Heads)
	for i := range q.Handshake.Heads {
		lines := slices.Clone(q.Handshake.Heads[i].Lines)
		for j := range lines {
			lines[j].Equals = 0
			if lines[j].Form == states.FormOfferedProtocol || lines[j].Form == states.FormAllowedOrigin {
				lines[j].Form = 0
			}
		}
		q.Handshake.Heads[i].Lines = lines
	}
	table := *p.Handshake.Table
	for s := range p.Handshake.Final {
		done := table.At(states.HandshakeState(s), states.HandshakeOnDone)
		if table.At(states.HandshakeState(s), states.HandshakeOnMismatch).To != 0 && done.To != 0 {
			table.Rows[s][states.HandshakeOnMismatch] = done
		}
	}
	q.Handshake.Table = &table
	return &q
}

// Role returns the role of the end that would read a stream which begins like this: a
// server for a request, a client for a response; 0 if it is neither.
func Role(stream []byte) states.Role {
	switch {
	case bytes.HasPrefix(stream, []byte("HTTP/")):
		return states.Client
	case len(stream) > 0 && stream[0] >= 'A' && stream[0] <= 'Z':
		return states.Server
	}
	return 0
}
