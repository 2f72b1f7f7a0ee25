package fsm

// Small is a table of up to 16 states and 16 events (numbers 0 to 15); it
// takes 512 bytes.
type Small[S, E, A ~uint8] = Table[S, E, A, [16]Cell[S, A], SmallRows[S, A]]

// Medium is a table of up to 32 states (numbers 0 to 31) and 64 events
// (numbers 0 to 63); it takes 4 KiB.
type Medium[S, E, A ~uint8] = Table[S, E, A, [64]Cell[S, A], MediumRows[S, A]]

// Large is a table of up to 256 states and 256 events, so that no state and no
// event lies outside it; it takes 128 KiB.
type Large[S, E, A ~uint8] = Table[S, E, A, [256]Cell[S, A], LargeRows[S, A]]

// SmallRows is what the literal of a [Small] table is written in: a list of
// states, each with a list of events, each with its [Cell].
type SmallRows[S, A ~uint8] = [16][16]Cell[S, A]

// MediumRows is to [Medium] what [SmallRows] is to [Small].
type MediumRows[S, A ~uint8] = [32][64]Cell[S, A]

// LargeRows is to [Large] what [SmallRows] is to [Small].
type LargeRows[S, A ~uint8] = [256][256]Cell[S, A]

// SmallMachine is a machine that runs a [Small] table.
type SmallMachine[S, E, A ~uint8] = Machine[S, E, A, [16]Cell[S, A], SmallRows[S, A]]

// MediumMachine is a machine that runs a [Medium] table.
type MediumMachine[S, E, A ~uint8] = Machine[S, E, A, [64]Cell[S, A], MediumRows[S, A]]

// LargeMachine is a machine that runs a [Large] table.
type LargeMachine[S, E, A ~uint8] = Machine[S, E, A, [256]Cell[S, A], LargeRows[S, A]]
