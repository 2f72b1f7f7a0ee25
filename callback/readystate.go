package callback

// ReadyState is the state of a connection as browsers and the established
// drivers number it.
type ReadyState int8

// The ready states.
const (
	Connecting ReadyState = 0
	Open       ReadyState = 1
	Closing    ReadyState = 2 // a close frame has been sent, or a rule was broken
	Closed     ReadyState = 3
)

// String returns the state's name, such as "open".
func (s ReadyState) String() string {
	names := [...]string{"connecting", "open", "closing", "closed"}
	if s < 0 || int(s) >= len(names) {
		return "unknown"
	}
	return names[s]
}

// ReadyState returns the state of the connection: Open from before OnOpen, Closed
// from before OnClose or after Detach.
func (a *Adapter) ReadyState() ReadyState {
	switch {
	case a.closed:
		return Closed
	case !a.opened:
		return Connecting
	case a.driver.CloseExpected() != 0:
		return Closing
	}
	return Open
}
