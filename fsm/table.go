package fsm

// Cell is the answer of one state to one event: the next state and the action
// to carry out on the way. It takes two bytes. The zero Cell refuses; so does
// every Cell whose To is zero, whatever its Do.
type Cell[S, A ~uint8] struct {
	To S // next state; zero refuses the event
	Do A // action word; zero does nothing
}

// Row is the shape of one state's answers, indexed by event: a power of two
// from 8 to 256 cells.
type Row[S, A ~uint8] interface {
	[8]Cell[S, A] | [16]Cell[S, A] | [32]Cell[S, A] | [64]Cell[S, A] | [128]Cell[S, A] | [256]Cell[S, A]
}

// Rows is the shape of a whole table, indexed by state: a power of two from 8
// to 256 rows.
type Rows[S, A ~uint8, R Row[S, A]] interface {
	[8]R | [16]R | [32]R | [64]R | [128]R | [256]R
}

// Table holds every transition of a machine with states S, events E and
// actions A. Its shape is part of its type, so that a look-up needs no bounds
// check and a table literal is static data. A Table is immutable once built
// and may be shared by any number of goroutines. The zero Table refuses every
// event. [Small], [Medium] and [Large] name the usual shapes.
type Table[S, E, A ~uint8, R Row[S, A], T Rows[S, A, R]] struct {
	Rows T
}

// At returns the cell of state s and event e; the zero Cell where s refuses e
// or where either lies outside the table. It panics on a nil Table.
func (t *Table[S, E, A, R, T]) At(s S, e E) Cell[S, A] {
	// Never read, these are compiled away. With len(t.Rows) the race detector
	// would look at the whole table each time: 21 µs for a large one.
	var rows T
	var row R
	if int(s) >= len(rows) {
		return Cell[S, A]{}
	}
	r := &t.Rows[s]
	if int(e) >= len(row) {
		return Cell[S, A]{}
	}
	return (*r)[e]
}

// Fire answers event e in state *s: it moves *s to the next state and returns
// the action to carry out. A refused event returns false and changes nothing.
// Fire does not allocate and is inlined into its caller. It panics on a nil
// Table; [Machine.Fire] refuses there.
func (t *Table[S, E, A, R, T]) Fire(s *S, e E) (A, bool) {
	c := t.At(*s, e)
	if c.To == 0 {
		return 0, false
	}
	*s = c.To
	return c.Do, true
}

// Start returns a machine that stands in state s and runs t, which it shares
// with every other machine started from it.
func (t *Table[S, E, A, R, T]) Start(s S) Machine[S, E, A, R, T] {
	return Machine[S, E, A, R, T]{Table: t, State: s}
}
