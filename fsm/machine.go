package fsm

// Machine is one run of a table: the shared, immutable [Table] and the state
// this run stands in. Both fields may be set freely between events; to put a
// run aside it is enough to keep its State. The zero Machine has no table and
// refuses every event. A Machine is not safe for concurrent use.
type Machine[S, E, A ~uint8, R Row[S, A], T Rows[S, A, R]] struct {
	Table *Table[S, E, A, R, T]
	State S
}

// Fire answers event e: it moves the machine to the next state and returns the
// action to carry out. A refused event returns false and changes nothing. Fire
// does not allocate and is inlined into its caller.
func (m *Machine[S, E, A, R, T]) Fire(e E) (A, bool) {
	// By way of Table.Fire this would be too large for the compiler to inline.
	if m.Table != nil {
		if c := m.Table.At(m.State, e); c.To != 0 {
			m.State = c.To
			return c.Do, true
		}
	}
	return 0, false
}

// Can reports whether Fire would answer event e now.
func (m *Machine[S, E, A, R, T]) Can(e E) bool {
	return m.Table != nil && m.Table.At(m.State, e).To != 0
}

// Try is Fire with an error in place of false: a refused event returns a
// [*RefusedError], which wraps [ErrRefused], and changes nothing. Only a
// refusal allocates.
func (m *Machine[S, E, A, R, T]) Try(e E) (A, error) {
	if do, ok := m.Fire(e); ok {
		return do, nil
	}
	return 0, m.refused(e)
}

func (m *Machine[S, E, A, R, T]) refused(e E) *RefusedError {
	return &RefusedError{
		State:     uint8(m.State),
		Event:     uint8(e),
		StateName: nameOf(m.State),
		EventName: nameOf(e),
		Detail:    m.detail(e),
	}
}

func (m *Machine[S, E, A, R, T]) detail(e E) string {
	switch t := m.Table; {
	case t == nil:
		return "the machine has no table"
	case int(m.State) >= len(t.Rows):
		return "the state lies outside the table"
	case int(e) >= len(t.Rows[0]):
		return "the event lies outside the table"
	}
	return ""
}
