package call

// Phone is one end of a call: the machine and the hands that carry out its actions.
type Phone struct {
	machine Machine
	out     []Event  // for the other end, in order
	told    []string // the user, in order
}

// NewPhone returns a phone that runs a table: Transitions, or one with a change.
func NewPhone(table *Table) *Phone { return &Phone{machine: table.Start(Idle)} }

// Fire gives the phone an event: a command of its user, what has come from the
// other end, or the loss of the line. The error is an *fsm.RefusedError, and
// nothing has changed.
func (p *Phone) Fire(e Event) error {
	do, err := p.machine.Try(e)
	if err == nil {
		do.Do(p)
	}
	return err
}

// SendRing implements Actions.
func (p *Phone) SendRing() { p.out = append(p.out, OnRing) }

// SendAccept implements Actions.
func (p *Phone) SendAccept() { p.out = append(p.out, OnAccept) }

// SendBye implements Actions.
func (p *Phone) SendBye() { p.out = append(p.out, OnBye) }

// AnswerBye implements Actions.
func (p *Phone) AnswerBye() {
	p.SendBye()
	p.ReportEnd()
}

// ReportRing implements Actions.
func (p *Phone) ReportRing() { p.told = append(p.told, "it rings") }

// ReportTalking implements Actions.
func (p *Phone) ReportTalking() { p.told = append(p.told, "the line stands") }

// ReportEnd implements Actions.
func (p *Phone) ReportEnd() { p.told = append(p.told, "the call is over") }
