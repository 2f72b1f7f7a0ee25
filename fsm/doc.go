// Package fsm runs and analyses finite state machines that are written down as
// tables. It knows nothing of any protocol and can be used for every one.
//
// # What a machine is here
//
// A machine stands in one state at a time. An event comes in; the state and the
// event together decide, by one look-up, the next state and one action. That is
// a Mealy machine: a finite set of states S, of events E, of actions A, and a
// function from S × E to S × A. It is deterministic, because a look-up has one
// result, and there is nothing else in it: no guard that could make the result
// depend on something outside the table, no variable, no list of actions, no
// nested machine. What would be a guard becomes an event: whoever checks the
// condition fires one event or another. What would be a flag becomes a state.
// What needs two actions at once lacks a name for what they are together.
//
// The function is partial: a state need not answer every event. A [Cell] holds
// the next state and the action, and the zero Cell refuses. So does a state or
// an event whose number lies outside the table, and the zero [Table], and the
// zero [Machine]: what nobody wrote down is refused.
//
// A refusal changes nothing. The state after it is the state before it, no
// action is returned, and firing other events goes on as if it had not been
// tried. So a caller may simply try, and a refusal can be handed up as an error
// ([Machine.Try]) without any repair.
//
// The machine decides and the caller does: an action is a word, returned to the
// caller, who carries it out after the machine has moved. The machine calls
// nobody, so that it can be called from anywhere, and an action that leads to a
// new event just fires it.
//
// # Numbers
//
// States, events and actions are three types of the caller's own, each a named
// byte, mostly with constants and a String method. Events number from zero.
// Action zero does nothing. State zero is where a machine stands that nobody
// has started: no transition leads there, because a cell whose next state is
// zero refuses. Usually its row is left empty, so that a forgotten initial state
// shows at the first event; a row that is filled makes it an initial state
// which is left for good.
//
// # How a table is laid out
//
// A table is an array of rows, one per state, each an array of cells, one per
// event. Both sizes are powers of two from 8 to 256 and part of the table's
// type, so that a look-up is two comparisons and one load, without a bounds
// check or an allocation, and compiles into the caller; and so that a table
// written as a literal is laid out by the linker and costs nothing at start-up.
// [Small], [Medium] and [Large] name the shapes that most machines need. A
// machine that outgrows 256 states is several machines.
//
// # Using a machine in another protocol
//
// A table belongs to nobody: it is immutable data, and one table serves any
// number of machines, goroutines and protocols. To use a machine that some
// package exports, import its state, event and action types and its table, and
// supply two things of one's own: what turns the input into events, and one
// function per action. Start a [Machine] with [Table.Start], or keep just the
// state, one byte, wherever the rest of a connection is kept, and call
// [Table.Fire] with its address. Machines are coupled by firing an event of one
// for an action of another; neither knows of the other. The examples do all of
// this with a turnstile.
//
// # Analysis
//
// What is data can be examined. [GraphOf] turns any table into a [Graph] without
// type parameters, on which this package finds the states that can be reached,
// traps and dead ends, shortest paths, random walks and walks that cover every
// transition; [Differences] lists the cells in which two tables differ and
// [Equivalent] decides whether two machines behave the same. All of it is meant
// for tests, generators and tools; each states its cost, and none recurses.
//
// # Terminology
//
//   - State, event, action: a number of the respective type, with its meaning.
//   - Cell: the answer of one state to one event. It refuses or is a transition.
//   - Transition: a cell that does not refuse, with its state and event. It may
//     lead back to its own state, and is then a self-loop.
//   - Table: all cells of a machine. Machine: a table and the state of one run.
//   - Fire: to give a machine an event. It answers (moves along a transition and
//     returns the action) or refuses (does nothing).
//   - Initial state: one in which runs begin. Final state: one in which a run
//     may end. A table marks neither; the caller says which they are.
//   - Reachable: led to from an initial state by some sequence of events.
//   - Trap: a reachable state from which no final state can be reached. Dead
//     end: a trap that refuses every event.
//   - Walk: a sequence of events that are all answered, one after the other.
//   - Equivalent: not to be told apart by any sequence of events, judging by
//     refusals and actions. (Bisimilar; for deterministic machines the same.)
package fsm
