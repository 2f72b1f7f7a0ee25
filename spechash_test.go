package wsfsm_test

import (
	"testing"

	"github.com/wsfsm/wsfsm"
)

// TestHashTellsTablesApart changes one thing at a time.
func TestHashTellsTablesApart(t *testing.T) {
	seen := map[[32]byte]string{}
	note := func(name string, p *wsfsm.Protocol) {
		t.Helper()
		h := p.Hash()
		if other, ok := seen[h]; ok {
			t.Errorf("%s has the hash of %s", name, other)
		}
		seen[h] = name
	}
	for _, p := range wsfsm.Protocols() {
		note(p.Name, p)
	}
	for name, change := range map[string]func(*wsfsm.Protocol){
		"close code": func(p *wsfsm.Protocol) { p.TooBig++ },
		"a cell": func(p *wsfsm.Protocol) {
			table := *p.Frame.Table
			table.Rows[1][1].Do++
			table.Rows[1][1].To = 1
			p.Frame.Table = &table
		},
		"a head": func(p *wsfsm.Protocol) {
			p.Handshake.Heads = append(p.Handshake.Heads[:0:0], p.Handshake.Heads...)
			p.Handshake.Heads[0].Lines = p.Handshake.Heads[0].Lines[1:]
		},
		"a read": func(p *wsfsm.Protocol) {
			p.HTTP.Reads = append(p.HTTP.Reads[:0:0], p.HTTP.Reads...)
			p.HTTP.Reads[1].Kind++
		},
		"initial": func(p *wsfsm.Protocol) { p.Message.Initial[1]++ },
		"the waits": func(p *wsfsm.Protocol) {
			p.Connection.Waits = append(p.Connection.Waits[:0:0], p.Connection.Waits...)
			p.Connection.Waits[1][0]++
		},
		"the inputs": func(p *wsfsm.Protocol) {
			p.Connection.Inputs = append(p.Connection.Inputs[:0:0], p.Connection.Inputs...)
			p.Connection.Inputs[1]++
		},
		"the classes": func(p *wsfsm.Protocol) {
			c := &p.Frame.Classes[0]
			table := *c.Tables[0][0]
			table[7]++
			p.Frame.Classes = append(p.Frame.Classes[:0:0], p.Frame.Classes...)
			p.Frame.Classes[0].Tables[0] = append(c.Tables[0][:0:0], c.Tables[0]...)
			p.Frame.Classes[0].Tables[0][0] = &table
		},
	} {
		p := *wsfsm.ProtocolNamed("rfc6455")
		change(&p)
		note(name, &p)
	}
}
