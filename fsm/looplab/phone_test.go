package looplab_test

import "github.com/wsfsm/wsfsm/fsm"

// phone is one end of a telephone call, as a table, a switch and a map.

type phoneState uint8

const (
	onHook phoneState = iota + 1
	dialTone
	dialling
	calling
	rung
	talking
	held
	busy
)

func (s phoneState) String() string {
	return [...]string{"none", "on-hook", "dial-tone", "dialling", "calling", "rung", "talking", "held", "busy"}[s]
}

type phoneEvent uint8

const (
	lift phoneEvent = iota
	hangUp
	digit
	answered
	engaged
	ring
	hold
	patience // ran out
)

func (e phoneEvent) String() string {
	return [...]string{"lift", "hang-up", "digit", "answered", "engaged", "ring", "hold", "patience"}[e]
}

type phoneAction uint8

const (
	nothing phoneAction = iota
	hum
	silence
	store
	bell
	connect
	music
	beep
	release
)

func (a phoneAction) String() string {
	return [...]string{"nothing", "hum", "silence", "store", "bell", "connect", "music", "beep", "release"}[a]
}

type phoneCell = fsm.Cell[phoneState, phoneAction]

var phone = fsm.Small[phoneState, phoneEvent, phoneAction]{Rows: fsm.SmallRows[phoneState, phoneAction]{
	onHook:   {lift: {To: dialTone, Do: hum}, ring: {To: rung, Do: bell}},
	dialTone: {digit: {To: dialling, Do: silence}, hangUp: {To: onHook, Do: silence}, patience: {To: busy, Do: beep}},
	dialling: {digit: {To: dialling, Do: store}, hangUp: {To: onHook}, patience: {To: calling, Do: bell}},
	calling: {answered: {To: talking, Do: connect}, engaged: {To: busy, Do: beep}, hangUp: {To: onHook, Do: release},
		patience: {To: calling}},
	rung:    {lift: {To: talking, Do: connect}, ring: {To: rung, Do: bell}, patience: {To: onHook, Do: release}},
	talking: {hold: {To: held, Do: music}, hangUp: {To: onHook, Do: release}, engaged: {To: busy, Do: beep}},
	held:    {hold: {To: talking, Do: connect}, hangUp: {To: onHook, Do: release}, ring: {To: held, Do: beep}},
	busy:    {hangUp: {To: onHook, Do: silence}},
}}

// switchPhone is what one would write by hand.
func switchPhone(s *phoneState, e phoneEvent) (phoneAction, bool) {
	to, do := onHook, nothing
	switch *s {
	case onHook:
		switch e {
		case lift:
			to, do = dialTone, hum
		case ring:
			to, do = rung, bell
		default:
			return 0, false
		}
	case dialTone:
		switch e {
		case digit:
			to, do = dialling, silence
		case hangUp:
			to, do = onHook, silence
		case patience:
			to, do = busy, beep
		default:
			return 0, false
		}
	case dialling:
		switch e {
		case digit:
			to, do = dialling, store
		case hangUp:
		case patience:
			to, do = calling, bell
		default:
			return 0, false
		}
	case calling:
		switch e {
		case answered:
			to, do = talking, connect
		case engaged:
			to, do = busy, beep
		case hangUp:
			do = release
		case patience:
			to = calling
		default:
			return 0, false
		}
	case rung:
		switch e {
		case lift:
			to, do = talking, connect
		case ring:
			to, do = rung, bell
		case patience:
			do = release
		default:
			return 0, false
		}
	case talking:
		switch e {
		case hold:
			to, do = held, music
		case hangUp:
			do = release
		case engaged:
			to, do = busy, beep
		default:
			return 0, false
		}
	case held:
		switch e {
		case hold:
			to, do = talking, connect
		case hangUp:
			do = release
		case ring:
			to, do = held, beep
		default:
			return 0, false
		}
	case busy:
		if e != hangUp {
			return 0, false
		}
		do = silence
	default:
		return 0, false
	}
	*s = to
	return do, true
}

type phonePlace struct {
	state phoneState
	event phoneEvent
}

type phoneMap map[phonePlace]phoneCell

func mapPhone() phoneMap {
	m := phoneMap{}
	for _, t := range fsm.GraphOf(&phone).Transitions() {
		m[phonePlace{phoneState(t.From), phoneEvent(t.Event)}] = phoneCell{To: phoneState(t.To), Do: phoneAction(t.Action)}
	}
	return m
}

func (m phoneMap) fire(s *phoneState, e phoneEvent) (phoneAction, bool) {
	c, ok := m[phonePlace{*s, e}]
	if !ok {
		return 0, false
	}
	*s = c.To
	return c.Do, true
}
