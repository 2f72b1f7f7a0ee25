// Package looplab turns any set of transitions into a machine of
// [github.com/looplab/fsm], for those who already build on that library and its
// callbacks. It is also a second interpreter, written by others, to compare
// tables with.
//
// [New] takes a [Definition]: a plain list of transitions by name, as read from
// JSON for instance, or what [Define] makes of an [fsm.Graph]. It checks what
// looplab accepts silently. [Fire] gives the machine an event and answers as an
// [fsm.Table] does.
//
// # What is different from a table
//
// A looplab machine knows names only, and finds a transition by a map look-up
// under locks: an event costs hundreds of nanoseconds and five allocations, where
// a table takes a few nanoseconds and none. It has no actions; a Definition adds
// them as callbacks.
//
// Where a transition leads back to its own state, looplab calls the before_ and
// after_ callbacks of the event, but neither leave_ nor enter_ of the state, and
// its Event method returns a NoTransitionError although all went well. Fire
// returns nil then.
//
// A before_ or leave_ callback may call Cancel; the event is then not taken, and
// Fire returns looplab's CanceledError. There is no such guard in a table: a
// machine that cancels no longer behaves as its definition says. A leave_
// callback that calls Async puts the move off until Transition is called.
//
// A context that is done when a state is to be left strands a looplab machine:
// it stays in its state and then refuses every event as one that came during a
// transition. Fire therefore does not begin with a context that is done already;
// a callback must not let it be done before the state is left.
package looplab
