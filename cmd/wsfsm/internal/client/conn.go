package client

import (
	"errors"
	"io"
	"net"
	"time"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/states"
)

// Conn is a connection whose opening handshake has begun.
type Conn struct {
	driver    *wsfsm.Driver
	transport net.Conn
	timeout   time.Duration
	commands  chan command  // taken while there is room for output
	closes    chan command  // taken always
	done      chan struct{} // closed after the last event

	input   chan input
	more    chan struct{} // to the goroutine that reads: its buffer is free
	output  chan []byte
	written chan error
	lent    bool        // the driver has the buffer of the goroutine that reads
	writing int         // octets that the goroutine that writes is at
	half    bool        // the own direction of the transport has ended
	timer   *time.Timer // runs while the peer is to act; nil otherwise
}

// command is carried out by the goroutine that owns the driver.
type command struct {
	do     func(*wsfsm.Driver) error
	result chan error
}

// input is what one read of the transport gave.
type input struct {
	octets []byte
	err    error
}

// ErrEnded: the connection has ended.
var ErrEnded = errors.New("the connection has ended")

// readSize is the number of octets read from the transport at once.
const readSize = 32 << 10

func newConn(d *wsfsm.Driver, transport net.Conn, timeout time.Duration) *Conn {
	return &Conn{
		driver: d, transport: transport, timeout: timeout,
		commands: make(chan command), closes: make(chan command), done: make(chan struct{}),
		input: make(chan input), more: make(chan struct{}, 1), output: make(chan []byte, 1), written: make(chan error, 1),
	}
}

// Do carries out a command, in the order of calls, once there is room for its
// output. It returns the command's error, or ErrEnded.
func (c *Conn) Do(do func(*wsfsm.Driver) error) error { return c.submit(c.commands, do) }

// Close begins the closing handshake, even where there is no room for other
// output; code 0 sends an empty close frame. What the peer still sends comes as
// events as before.
func (c *Conn) Close(code wsfsm.CloseCode, reason string) error {
	return c.submit(c.closes, func(d *wsfsm.Driver) error { return d.Close(code, reason) })
}

func (c *Conn) submit(to chan command, do func(*wsfsm.Driver) error) error {
	result := make(chan error, 1)
	select {
	case to <- command{do, result}:
		return <-result
	case <-c.done:
		return ErrEnded
	}
}

// Driver returns the driver, for the getters, which only handle may call.
func (c *Conn) Driver() *wsfsm.Driver { return c.driver }

// Run calls handle for each event until the last one, EventClosed. Event.Data
// is valid until handle returns. handle must not call Do or Close.
func (c *Conn) Run(handle func(wsfsm.Event)) {
	defer c.transport.Close()
	defer close(c.done)
	defer close(c.output)
	go c.read()
	go c.write()
	for {
		for e := range c.driver.Events() {
			handle(e)
			if e.Kind == wsfsm.EventClosed {
				return
			}
		}
		if c.lent { // and all of it has been consumed
			c.lent = false
			c.more <- struct{}{}
		}
		c.send()
		c.wait()
		c.step()
	}
}

// step waits for one thing to happen.
func (c *Conn) step() {
	commands := c.commands
	if c.driver.Blocked() {
		commands = nil
	}
	var expired <-chan time.Time
	if c.timer != nil {
		expired = c.timer.C
	}
	select {
	case in := <-c.input:
		c.receive(in)
	case err := <-c.written:
		c.sent(err)
	case do := <-commands:
		do.result <- do.do(c.driver)
	case do := <-c.closes:
		do.result <- do.do(c.driver)
	case <-expired:
		c.driver.Expire()
	}
}

func (c *Conn) receive(in input) {
	if err := c.driver.Receive(in.octets); err != nil {
		in.err = err // cannot happen: all input before has been consumed
	}
	switch {
	case in.err == io.EOF:
		c.driver.ReceiveEOF(nil)
	case in.err != nil:
		c.driver.ReceiveEOF(in.err)
	default:
		c.lent = true
	}
}

// send hands the output to the goroutine that writes, unless it is busy.
func (c *Conn) send() {
	if out := c.driver.Output(); c.writing == 0 && len(out) > 0 {
		c.writing = len(out)
		c.output <- out
	}
}

func (c *Conn) sent(err error) {
	n := c.writing
	c.writing = 0
	if err != nil {
		c.driver.DropOutput()
		c.transport.Close() // the goroutine that reads sees it
		return
	}
	c.driver.Sent(n)
}

// wait does what the driver expects of the caller: a timer while the peer is to
// act, and the end of the transport when there is nothing more to say.
func (c *Conn) wait() {
	expected := c.driver.CloseExpected()
	switch {
	case expected == 0 && c.timer != nil:
		c.timer.Stop()
		c.timer = nil
	case expected != 0 && c.timer == nil:
		c.timer = time.NewTimer(c.timeout)
	}
	if expected == states.WaitHangUp && !c.half && c.writing == 0 && c.driver.Unsent() == 0 {
		c.half = true
		if half, ok := c.transport.(interface{ CloseWrite() error }); !ok || half.CloseWrite() != nil {
			c.transport.Close()
		}
	}
}
