package client

// read reads the transport to its end, one input at a time.
func (c *Conn) read() {
	buf := make([]byte, readSize)
	for {
		n, err := c.transport.Read(buf)
		select {
		case c.input <- input{buf[:n], err}:
		case <-c.done:
			return
		}
		if err != nil {
			return
		}
		select {
		case <-c.more:
		case <-c.done:
			return
		}
	}
}

// write writes what it is given until there is no more.
func (c *Conn) write() {
	for p := range c.output {
		_, err := c.transport.Write(p)
		c.written <- err
	}
}
