// Package inlined is compiled by a test, which reads what the compiler says of
// it: every call here must be inlined, and no bounds check may remain.
package inlined

import "github.com/wsfsm/wsfsm/fsm"

type (
	state  uint8
	event  uint8
	action uint8
)

var small = fsm.Small[state, event, action]{Rows: fsm.SmallRows[state, action]{
	1: {0: {To: 2, Do: 1}},
	2: {1: {To: 1, Do: 2}},
}}

var medium = fsm.Medium[state, event, action]{Rows: fsm.MediumRows[state, action]{
	1: {63: {To: 31}},
}}

var large = fsm.Large[state, event, action]{Rows: fsm.LargeRows[state, action]{
	255: {255: {To: 1}},
}}

// FireSmall calls Fire of a Small table.
func FireSmall(s *state, e event) (action, bool) { return small.Fire(s, e) }

// FireMedium calls Fire of a Medium table.
func FireMedium(s *state, e event) (action, bool) { return medium.Fire(s, e) }

// FireLarge calls Fire of a Large table.
func FireLarge(s *state, e event) (action, bool) { return large.Fire(s, e) }

// AtSmall calls At of a Small table.
func AtSmall(s state, e event) fsm.Cell[state, action] { return small.At(s, e) }

// AtMedium calls At of a Medium table.
func AtMedium(s state, e event) fsm.Cell[state, action] { return medium.At(s, e) }

// AtLarge calls At of a Large table.
func AtLarge(s state, e event) fsm.Cell[state, action] { return large.At(s, e) }

// FireMachine calls Machine.Fire.
func FireMachine(m *fsm.SmallMachine[state, event, action], e event) (action, bool) {
	return m.Fire(e)
}
