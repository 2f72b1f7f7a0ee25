package protocolload

import (
	"fmt"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/fsm"
	"github.com/wsfsm/wsfsm/gen/lower"
	"github.com/wsfsm/wsfsm/states"
)

// fill turns a machine in numbers into one of the compiled types.
func fill[S, E, A ~uint8, R fsm.Row[S, A], T fsm.Rows[S, A, R]](
	to *wsfsm.Machine[S, E, fsm.Table[S, E, A, R, T]], m *lower.Machine, table *fsm.Table[S, E, A, R, T],
) error {
	if err := fillTable(table, m); err != nil {
		return err
	}
	to.Table = table
	if len(m.Initial) != states.RoleCount {
		return fmt.Errorf("initial states of %d roles where there are %d", len(m.Initial), states.RoleCount)
	}
	for role, s := range m.Initial {
		to.Initial[role] = S(s)
	}
	to.Final = make([]bool, len(table.Rows))
	copy(to.Final, m.Final)
	var err error
	if to.Reads, err = reads(m, len(table.Rows)); err != nil {
		return err
	}
	to.Classes, err = classes[E](m)
	return err
}

func fillTable[S, E, A ~uint8, R fsm.Row[S, A], T fsm.Rows[S, A, R]](table *fsm.Table[S, E, A, R, T], m *lower.Machine) error {
	if len(m.Rows) != len(table.Rows) {
		return fmt.Errorf("a table of %d states where the compiled one has %d", len(m.Rows), len(table.Rows))
	}
	for s := range m.Rows {
		row := &table.Rows[s]
		if len(m.Rows[s]) != len(*row) {
			return fmt.Errorf("a row of %d events where the compiled one has %d", len(m.Rows[s]), len(*row))
		}
		for e, c := range m.Rows[s] {
			(*row)[e] = fsm.Cell[S, A]{To: S(c.To), Do: A(c.Do)}
		}
	}
	return nil
}

func reads(m *lower.Machine, rows int) ([]wsfsm.Read, error) {
	list := make([]wsfsm.Read, rows)
	for s, r := range m.Reads {
		if s >= rows {
			break
		}
		list[s] = wsfsm.Read{Kind: states.ReadKind(r.Kind), Field: states.Field(r.Field), Through: states.Field(r.Through)}
		if r.Kind == 0 {
			continue
		}
		if len(r.Args) != states.RoleCount {
			return nil, fmt.Errorf("a read of %d roles where there are %d", len(r.Args), states.RoleCount)
		}
		copy(list[s].Args[:], r.Args)
	}
	return list, nil
}

func classes[E ~uint8](m *lower.Machine) ([]wsfsm.Class[E], error) {
	var list []wsfsm.Class[E]
	for _, c := range m.Classes {
		if len(c.Tables) != states.RoleCount {
			return nil, fmt.Errorf("class %s of %d roles where there are %d", c.Name, len(c.Tables), states.RoleCount)
		}
		to := wsfsm.Class[E]{Name: c.Name}
		for role, tables := range c.Tables {
			for i := range tables {
				to.Tables[role] = append(to.Tables[role], octets[E](&tables[i]))
			}
		}
		list = append(list, to)
	}
	return list, nil
}

func octets[E ~uint8](table *[256]uint8) *[256]E {
	to := new([256]E)
	for o, event := range table {
		to[o] = E(event)
	}
	return to
}

// numbers turns numbers into words of a type; nil if there are none.
func numbers[W ~uint8](from []uint8) []W {
	var list []W
	for _, n := range from {
		list = append(list, W(n))
	}
	return list
}

// byState is numbers, as long as the table.
func byState[W ~uint8](m *lower.Machine, from []uint8) []W {
	list := make([]W, m.StateWidth)
	for i, n := range from {
		if i < len(list) {
			list[i] = W(n)
		}
	}
	return list
}

func waits(m *lower.Machine) [][states.RoleCount]states.Wait {
	list := make([][states.RoleCount]states.Wait, m.StateWidth)
	for s, byRole := range m.Waits {
		for role, w := range byRole {
			if s < len(list) && role < states.RoleCount {
				list[s][role] = states.Wait(w)
			}
		}
	}
	return list
}

func heads(from []lower.Head) []wsfsm.Head {
	var list []wsfsm.Head
	for _, h := range from {
		head := wsfsm.Head{Name: h.Name}
		for _, l := range h.Lines {
			head.Lines = append(head.Lines, wsfsm.HeadLine{
				Name: l.Name, Count: l.Count, Optional: l.Optional, Fold: l.Fold,
				Is: l.Is, OneOf: l.OneOf, Has: l.Has, AtLeast: l.AtLeast, Send: l.Send,
				Form: states.Form(l.Form), Equals: states.Value(l.Equals), From: states.Value(l.From),
				Else: states.HandshakeEvent(l.Else),
			})
		}
		list = append(list, head)
	}
	return list
}
