// Package capture takes the TCP connections out of pcap and pcapng files.
package capture

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// Connection is a TCP connection, as far as it was captured.
type Connection struct {
	Client, Server Stream
}

// Stream is one direction of a connection.
type Stream struct {
	From    string // address and port
	Octets  []byte // that were sent, without gaps
	Missing bool   // something behind them was not captured

	segments []segment
	first    uint32 // sequence number of the first octet
	begun    bool   // first is known
}

type segment struct {
	at int // octets behind first; less than 0 for what came again from before it
	p  []byte
}

// Is reports whether a file begins like a capture, by its first four octets.
func Is(begin []byte) bool {
	for _, magic := range []string{"\xA1\xB2\xC3\xD4", "\xD4\xC3\xB2\xA1", "\xA1\xB2\x3C\x4D", "\x4D\x3C\xB2\xA1", "\x0A\x0D\x0D\x0A"} {
		if bytes.HasPrefix(begin, []byte(magic)) {
			return true
		}
	}
	return false
}

// packets is what both kinds of files give.
type packets interface {
	gopacket.PacketDataSource
	LinkType() layers.LinkType
}

// Read returns the connections of a file in the order of their first packets. It fails
// if the file is no capture or breaks off.
func Read(r io.Reader) ([]*Connection, error) {
	in := bufio.NewReader(r)
	begin, err := in.Peek(4)
	if err != nil || !Is(begin) {
		return nil, errors.New("capture: neither a pcap nor a pcapng file")
	}
	var source packets
	if begin[0] == 0x0A {
		source, err = pcapgo.NewNgReader(in, pcapgo.DefaultNgReaderOptions)
	} else {
		source, err = pcapgo.NewReader(in)
	}
	if err != nil {
		return nil, fmt.Errorf("capture: %w", err)
	}
	var list []*Connection
	known := map[gopacket.Flow]map[gopacket.Flow]*Connection{}
	for {
		data, _, err := source.ReadPacketData()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("capture: %w", err)
		}
		packet := gopacket.NewPacket(data, source.LinkType(), gopacket.DecodeOptions{Lazy: true, NoCopy: true})
		tcp, ok := packet.Layer(layers.LayerTypeTCP).(*layers.TCP)
		if !ok || packet.NetworkLayer() == nil {
			continue
		}
		list = take(list, known, packet.NetworkLayer().NetworkFlow(), tcp)
	}
	for _, c := range list {
		c.Client.join()
		c.Server.join()
	}
	return list, nil
}

// take adds a packet to its connection; the first one comes from the client.
func take(list []*Connection, known map[gopacket.Flow]map[gopacket.Flow]*Connection, network gopacket.Flow, tcp *layers.TCP) []*Connection {
	ports := tcp.TransportFlow()
	if c := known[network.Reverse()][ports.Reverse()]; c != nil {
		c.Server.add(tcp)
		return list
	}
	c := known[network][ports]
	if c == nil || tcp.SYN && len(c.Client.segments) > 0 { // the ports are used again
		c = &Connection{
			Client: Stream{From: fmt.Sprintf("%s:%s", network.Src(), ports.Src())},
			Server: Stream{From: fmt.Sprintf("%s:%s", network.Dst(), ports.Dst())},
		}
		if known[network] == nil {
			known[network] = map[gopacket.Flow]*Connection{}
		}
		known[network][ports] = c
		list = append(list, c)
	}
	c.Client.add(tcp)
	return list
}

// add notes the octets of a packet.
func (s *Stream) add(tcp *layers.TCP) {
	at := tcp.Seq
	if tcp.SYN {
		at++
	}
	if !s.begun {
		s.first, s.begun = at, true
	}
	if len(tcp.Payload) > 0 {
		s.segments = append(s.segments, segment{int(int32(at - s.first)), bytes.Clone(tcp.Payload)})
	}
}

// join puts the segments in order, without what came again, up to the first gap.
func (s *Stream) join() {
	slices.SortStableFunc(s.segments, func(a, b segment) int { return cmp.Compare(a.at, b.at) })
	for _, g := range s.segments {
		have := len(s.Octets)
		switch {
		case g.at > have:
			s.Missing = true
		case g.at+len(g.p) > have:
			s.Octets = append(s.Octets, g.p[have-g.at:]...)
		}
		if s.Missing {
			break
		}
	}
	s.segments = nil
}
