package callback

import (
	"fmt"
	"runtime/debug"

	"github.com/wsfsm/wsfsm"
)

// Fault is a panic or an error of the application.
type Fault struct {
	Function string // the function that failed, such as "OnMessage", "Ping" or "Write"
	Panic    any    // what recover returned; nil if the function returned an error
	Stack    []byte // of the panic
	Err      error  // what the function returned, or the panic's value if that is an error
}

// Error implements error.
func (f *Fault) Error() string {
	if f.Stack != nil {
		return fmt.Sprintf("callback: %s panicked: %v\n%s", f.Function, f.Panic, f.Stack)
	}
	return fmt.Sprintf("callback: %s: %v", f.Function, f.Err)
}

// Unwrap returns Err.
func (f *Fault) Unwrap() error { return f.Err }

// call calls a function of the application; if it fails, the connection is
// closed and the fault reported.
func (a *Adapter) call(name string, f func() error) {
	fault := guard(name, f)
	if fault == nil {
		return
	}
	if a.fault == nil {
		a.fault = fault
		a.abandon()
	}
	a.report(fault)
}

// guard calls a function and returns its fault; nil if there is none.
func guard(name string, f func() error) (fault *Fault) {
	defer func() {
		if p := recover(); p != nil {
			err, _ := p.(error)
			fault = &Fault{Function: name, Panic: p, Stack: debug.Stack(), Err: err}
		}
	}()
	if err := f(); err != nil {
		return &Fault{Function: name, Err: err}
	}
	return nil
}

// abandon closes the connection on behalf of a broken application.
func (a *Adapter) abandon() {
	defer a.flush()
	if a.driver.Reject(500, nil, nil) == nil {
		a.decided = true
		return
	}
	if a.driver.Close(wsfsm.CloseInternalError, "") == nil {
		return
	}
	_ = a.driver.Close(0, "") // a version without that code; refused if the end is near
	if a.driver.CloseExpected() == 0 {
		a.driver.Expire() // no close frame can be made
	}
}

// report tells the application of a fault.
func (a *Adapter) report(f *Fault) {
	if a.listeners.OnFault == nil {
		if f.Stack != nil {
			a.unhandled = f
		}
		return
	}
	if again := guard("OnFault", func() error { a.listeners.OnFault(a, f); return nil }); again != nil {
		a.unhandled = again
	}
}
