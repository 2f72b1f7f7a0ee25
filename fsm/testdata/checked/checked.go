// Package checked is compiled by a test, which must find in what the compiler
// says of it the bounds checks, and the table that is built at start-up.
package checked

import "github.com/wsfsm/wsfsm/fsm"

type number uint8

var table fsm.Small[number, number, number]

// Cell is an unguarded look-up.
func Cell(t *fsm.Small[number, number, number], s, e number) fsm.Cell[number, number] {
	return t.Rows[s][e]
}

var built = fsm.Small[number, number, number]{Rows: fsm.SmallRows[number, number]{
	1: {1: {To: start()}},
}}

//go:noinline
func start() number { return table.Rows[0][0].To + 1 }

// Built returns a table that no linker could have laid out.
func Built() *fsm.Small[number, number, number] { return &built }
