// Package fuzz turns octets into programs of operations on a WebSocket driver,
// plays them, and says whether everything that came of it was right: one corpus
// for every fuzzing engine, in every language that can read the format.
//
//	err := fuzz.Check(fuzz.Config{Role: states.Server}, program)
//	err := fuzz.CheckPair(fuzz.Config{}, program)
//
// [Decode] reads a program from the octets of a fuzzing engine and [Encode]
// writes one, for a corpus of seeds. [Check] plays a program on several drivers
// that must agree, and compares them with the independent model of package
// conformance/model. [CheckPair] plays one on a client and a server that talk to
// each other. [Streams], [Messages] and [Chunks] generate what the
// properties of this package are about, for gopter, with their shrinkers.
//
// # Format, version 2
//
// A program is its version, its options and its operations, without separators.
// Every sequence of octets whose first is 1 or 2 is a program: what is missing at
// its end reads as zero, and what is too much is cut to the limits below. A
// program of version 1 is played on RFC 6455; one of version 2 on the version of
// the protocol whose number follows, modulo 20: 0 hixie-75, 1 hixie-76, 2 to 18
// hybi-01 to hybi-17, 19 RFC 6455.
//
//	program = (0x01 | 0x02 protocol) flags max-message max-output max-head max-line max-fields cut *operation
//	flags   = one octet, bits from the lowest:
//	          1 handshake, 2 autostart, 4 pieces, 8 keep-reading,
//	          16 echo, 32 hold, 64 lazy, 128 subprotocols (see Options)
//	max-…   = number: 0 the default, 1 no limit, n+1 the limit n
//	cut     = number: how the input of a second driver is cut (see Options)
//
// A number has one to three octets, seven bits each, lowest first; the top bit
// says that a further octet follows, and is ignored in the third. Octets of the
// program (a payload, a reason, a literal) are written as
//
//	octets  = size length *octet     both numbers; length octets follow
//
// and stand for size octets: those that follow, again and again; the letter a if
// there is none. Those beyond size are skipped.
//
// An operation begins with one octet. Its low five bits are the kind, its
// other bits belong to the kind. Kinds from 23 to 31 are reserved: the octet is
// skipped.
//
//	 0 literal  octets                   the transport yields these octets
//	 1 frame    type key octets          … a frame; bit 32: FIN is not set
//	 2 broken   type key octets defect   … a frame with one defect; bit 32 as above
//	 3 cut      number                   the input so far is handed over, less its last octets
//	 4 text     octets                   commands of the application
//	 5 binary   octets
//	 6 begin    octets                   bit 32: binary
//	 7 append   octets
//	 8 end      octets
//	 9 ping     octets
//	10 pong     octets
//	11 close    number octets            code (modulo 65536) and reason
//	12 lend     octets                   bit 32: binary
//	13 sent     number                   that much output has been written; 0: all
//	14 drop                              the output is forgotten
//	15 next     number                   that many events are taken; 0: all
//	16 eof                               the transport ends; bit 32: by an error; bit 64: at once
//	17 expire                            the timer has run out
//	18 start                             commands of the opening handshake
//	19 reject   number octets            status and body
//	20 detach
//	21 choose   octets                   the subprotocol
//	22 head     number                   the transport yields a request or response, one of a list
//
// The type of a frame is one octet modulo 6: text, binary, continuation, close,
// ping, pong; in hixie-75 and hixie-76 the frames of type 00, 80, 01, FF, 7F, FE.
// The key is one octet that the masking key is made of, if the driver is a server.
// The defect is one octet modulo the number of defects (see Defect).
//
// A drop is meant for a transport that is gone; what waited for the connection
// to open is lost with it. Input behind an eof or an expire does not come.
//
// A program has at most [MaxOps] operations, and its octets together have at
// most [MaxOctets].
//
// # Targets
//
// The native targets, whose names begin with Fuzz, take octets. What they do with a
// program:
//
//	ServerStream         plays it on a server, as Check does
//	ClientStream         … on a client
//	Request              … on a server that speaks all versions, from the request on
//	Response             … on a client, from the response on
//	ProxyAnswer          hands its input to a client behind one proxy (autostart: two)
//	Pair                 plays it on a client and a server, as CheckPair does
//	Deflate              … that compress: max-head and max-line choose the windows (15 less
//	                     the number modulo 8), hold and lazy are the two no_context_takeover,
//	                     max-fields has short messages compressed, too; then payloads of its
//	                     frames are decompressed, cut as the cut says
//	Trace                records it in both roles, and replays the trace
//	Snapshot             plays it on drivers that are moved to others before each call
//
// Octets that are no program mean something to four of them:
//
//	ExtensionHeader      max-head max-line flags *octet: the value of a Sec-WebSocket-Extensions
//	                     field and the options of compression, as above (flags: 1 hold, 2 lazy)
//	Trace                0 role protocol *octet: lines of a trace; others: a trace as a whole
//	Snapshot             0 protocol role size *octet program: the body of a snapshot, and a
//	                     program without its version; size is a number
//	Spec                 protocol edits *edit program: spec files, and a program without its
//	                     version that is played on what is made of them; 255 edits: the text
//	                     of the version's own file. An edit is kind file line line word word:
//	                     0 the line goes, 1 the other is put before it, 2 they change places,
//	                     3 the other's word takes the place of the word; kind and file are
//	                     octets, the rest numbers, all modulo how many there are
//
// # Seeds
//
// The seeds lie under testdata/fuzz. They are made from the conformance cases, from
// what the model writes, from a frame for each defect, and from the generator; after
// a change to any of these
//
//	go test ./fuzz -run TestSeedsAreFresh -update
//
// makes them anew. Files under other names are findings and stay.
package fuzz
