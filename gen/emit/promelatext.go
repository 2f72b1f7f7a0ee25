package emit

// The parts of a model that are the same in all generations: what an end does
// besides its table, and the transport. What a model prints is the run as the
// drivers can follow it; checking ignores it.

const promelaAbout = `
/*
 * What an end sends waits in a queue of two frames. While that is full the
 * application cannot send, one pong waits for room, and a close frame takes its
 * place behind the others all the same (docs/design.md, Coupling).
 *
 * One run in two has neither timers nor faults, so that ends which could only
 * help themselves by a timer are found. In the others the transport may be lost
 * and a direction may stall at any moment, and a timer may run out at any moment
 * while it runs. With UNTIMED no timer ever runs out.
 */

#ifndef DATA
#define DATA 2  /* messages that the application of an end may send */
#endif
#ifndef PINGS
#define PINGS 1 /* pings and unsolicited pongs that it may send */
#endif
#ifndef SMOOTH
#define SMOOTH 0 /* 1: the opening handshake succeeds and takes no harm, so that runs at random come further */
#endif
#define ROOM 2  /* frames that may be on their way before the application has to wait */

`

const promelaActions = `
/* What travels. A large message is beyond the limit of its receiver. */
mtype = { f_request, f_bad_request, f_response, f_refusal, f_data, f_large, f_ping, f_pong, f_close, f_end }

chan to[2] = [5] of { mtype } /* what is on its way to an end: also a pong, a close frame and the end of the transport */

mtype at[2];          /* state */
mtype queued[2];      /* what the application sent before the connection was open; 0 if nothing */
bool asked[2];        /* the application has a request to decide */
bool pong_waits[2];   /* for room */
bool ended[2];        /* this end has ended the transport */
bool broken[2];       /* the end of the transport was none that the peer made, or a timer ran out */
bool wishes[2];       /* the application may do something yet */
byte data_left[2];
byte pings_left[2];
bool sent_close[2];
bool got_close[2];
bool stalled[2];      /* nothing arrives any more, save that an end at rest learns of the end of the transport */
bool lost;            /* the transport is lost */
bool faults;          /* may happen in this run */

#define you (1 - me)
#define room(end) (queued[end] == 0 && len(to[1 - end]) < ROOM)
#define calm(end) (!SMOOTH || !eats_handshake(at[end]))
#define wants(end) (wishes[end] && calm(end))
#define settled ((final(at[server]) && final(at[client])) || (resting(at[server]) && resting(at[client])))

inline violates(what) {
	printf("violates %e\n", what);
	assert(false)
}

/* The properties that violates names. */
mtype = { deadlock, two_close_frames, frame_after_close, client_ends_first, lost_but_clean, unanswered }

inline put(end, frame) {
	printf("%d put %e\n", end, frame);
	if
	:: sent_close[end] && frame == f_close -> violates(two_close_frames)
	:: sent_close[end] && frame != f_close -> violates(frame_after_close)
	:: else
	fi;
	sent_close[end] = sent_close[end] || frame == f_close;
	if
	:: lost
	:: else -> to[1 - end]!frame
	fi
}

inline put_waiting_pong() {
	if
	:: pong_waits[me] -> pong_waits[me] = false; put(me, f_pong)
	:: else
	fi
}

/* end_transport: a close that was complete is ended by the server first (RFC 6455 §7.1.1). */
inline end_transport() {
	printf("%d hang-up\n", me);
	if
	:: CLOSE_FRAMES && me == client && sent_close[me] && got_close[me] && !broken[me] && !ended[you] -> violates(client_ends_first)
	:: else
	fi;
	ended[me] = true;
	pong_waits[me] = false;
	if
	:: lost
	:: else -> to[you]!f_end
	fi
}

/* report_closed: only two close frames make a clean end, and where there are none an end that the peer made. */
inline report_closed(clean) {
	printf("%d closed %d\n", me, clean);
	if
	:: clean && CLOSE_FRAMES && !(sent_close[me] && got_close[me]) -> violates(lost_but_clean)
	:: clean && !CLOSE_FRAMES && broken[me] -> violates(lost_but_clean)
	:: else
	fi
}

/* Actions */

inline do_flush() {
	if
	:: queued[me] != 0 -> put(me, queued[me]); queued[me] = 0
	:: else
	fi
}
inline do_queue()      { queued[me] = frame }
inline do_send()       { put(me, frame) }
inline do_send_close() { put_waiting_pong(); put(me, f_close) }
inline do_answer_ping() {
	if
	:: room(me) || lost -> put(me, f_pong)
	:: else -> pong_waits[me] = true
	fi
}
inline do_report_ping()     { skip }
inline do_report_pong()     { skip }
inline do_answer_close()    { pong_waits[me] = false; put(me, f_close) }
inline do_note_close()      { skip }
inline do_send_failure()    { put_waiting_pong(); put(me, f_close) }
inline do_report_failure()  { skip }
inline do_report_clean()    { report_closed(true) }
inline do_report_abnormal() { report_closed(false) }
inline do_report_end()      { report_closed(!broken[me]) }
`

const promelaSteps = `
inline take() {
	to[me]?frame;
	printf("%d take %e\n", me, frame);
	if
	:: pong_waits[you] && len(to[me]) < ROOM -> pong_waits[you] = false; put(you, f_pong)
	:: else
	fi
}

inline command(what, carries) {
	event = what;
	frame = carries;
	printf("%d command %e\n", me, frame)
}

/* no_more: the application wants nothing any more. */
inline no_more() {
	wishes[me] = false;
	data_left[me] = 0;
	pings_left[me] = 0
}

/* forget makes states equal that differ in nothing that matters any more. */
inline forget() {
	event = 0;
	frame = 0;
	if
	:: spent(at[me]) -> no_more(); asked[me] = false
	:: else
	fi;
	if
	:: over(at[me]) && ended[me] -> queued[me] = 0; stalled[me] = false; sent_close[me] = false; got_close[me] = false; broken[me] = false
	:: else
	fi
}

proctype one_end(byte me) {
	mtype event, frame;
	do
	:: atomic {
		event = 0;
		if
		/* the application */
		:: wants(me) && takes_send_data(at[me]) && room(me) && data_left[me] > 0 -> data_left[me]--;
			if
			:: command(e_send_data, f_data)
			:: command(e_send_data, f_large)
			fi
		:: wants(me) && takes_send_ping(at[me]) && room(me) && pings_left[me] > 0 -> pings_left[me]--; command(e_send_ping, f_ping)
		:: wants(me) && takes_send_pong(at[me]) && room(me) && pings_left[me] > 0 -> pings_left[me]--; command(e_send_pong, f_pong)
		:: wants(me) && takes_close(at[me]) -> command(e_close, f_close)
		:: wants(me) -> no_more()
		:: asked[me] && eats_handshake(at[me]) -> asked[me] = false;
			if
			:: printf("%d decide start\n", me); put(me, f_response); event = e_accepted
			:: !SMOOTH -> printf("%d decide reject\n", me); put(me, f_refusal); event = e_rejected
			:: !SMOOTH -> printf("%d decide detach\n", me); event = e_detached
			fi
		/* the transport */
		:: !final(at[me]) && !lost && !stalled[me] && nempty(to[me]) -> take();
			if
			:: frame == f_end -> event = e_end_of_stream
			:: frame != f_end && eats_handshake(at[me]) ->
				if
				:: frame == f_request -> asked[me] = true
				:: frame == f_bad_request -> put(me, f_refusal); event = e_refused
				:: frame == f_response -> event = e_accepted
				:: frame == f_refusal -> event = e_refused
				fi
			:: frame != f_end && eats_frame(at[me]) ->
				if
				:: frame == f_data
				:: frame == f_large -> event = e_violation
`

const promelaTable = `				fi
			:: frame != f_end && eats_discard(at[me])
			fi
		:: takes_end_of_stream(at[me]) && (lost || stalled[me] && ended[you] && resting(at[me])) -> printf("%d lost\n", me); broken[me] = true; event = e_end_of_stream
		/* timers: those that the caller was asked for run out, and others may */
#ifndef UNTIMED
		:: faults && calm(me) && takes_timeout(at[me]) && (waits(me) || wishes[me]) -> printf("%d expire\n", me); broken[me] = true; event = e_timeout
#endif
		/* the caller does as it is told */
		:: waits_hang_up(me) && !ended[me] && !pong_waits[me] -> end_transport()
		:: final(at[me]) && !ended[me] -> end_transport()
		fi;
		if
		:: event == 0
		/* the connection machine */
`

const promelaTransport = `		:: else -> violates(unanswered)
		fi;
		forget()
	}
	od
}

proctype transport() {
	do
	:: atomic { !lost && calm(server) && calm(client) ->
		lost = true;
		pong_waits[server] = false;
		pong_waits[client] = false;
		stalled[server] = false;
		stalled[client] = false;
		do
		:: to[server]?_
		:: to[client]?_
		:: empty(to[server]) && empty(to[client]) -> break
		od;
		printf("lose\n")
	   }
	:: atomic { !lost && calm(server) && !final(at[server]) && !stalled[server] -> stalled[server] = true; printf("%d stall\n", server) }
	:: atomic { !lost && calm(client) && !final(at[client]) && !stalled[client] -> stalled[client] = true; printf("%d stall\n", client) }
	:: break
	od
}

/* watch looks at where a run ends: nobody can do anything any more. */
proctype watch() {
	atomic {
		timeout ->
		if
		:: settled
		:: else -> violates(deadlock)
		fi
	}
}

inline set_up(end) {
	at[end] = initial(end);
	wishes[end] = true;
	data_left[end] = DATA;
	pings_left[end] = PINGS
}

init {
	atomic {
		set_up(server);
		set_up(client);
		if
		:: to[server]!f_request; printf("start f_request\n")
		:: !SMOOTH -> to[server]!f_bad_request; printf("start f_bad_request\n")
		fi;
#ifdef UNTIMED
		faults = true;
#else
		if
		:: faults = false
		:: faults = true
		fi;
#endif
		run one_end(server);
		run one_end(client);
		run watch();
		if
		:: faults -> run transport()
		:: else
		fi
	}
}

/* ends: once one end has begun to close or has failed, both reach the end. */
ltl ends { [] ((begun(at[server]) || begun(at[client])) -> <> (final(at[server]) && final(at[client]))) }
`
