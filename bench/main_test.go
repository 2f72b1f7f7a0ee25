package main

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"
)

func TestPeersEcho(t *testing.T) {
	for _, l := range loads() {
		for _, p := range peers() {
			if err := check(p, l); err != nil {
				t.Error(err)
			}
		}
	}
}

// tampering changes one octet of what an echo writes.
type tampering struct{ net.Conn }

func (c tampering) Write(p []byte) (int, error) {
	q := append([]byte(nil), p...)
	q[len(q)-1] ^= 1
	return c.Conn.Write(q)
}

func TestCheckFindsPlantedFaults(t *testing.T) {
	l := loads()[0]
	wrong := peer{"tampering", func(c net.Conn) error { return echoDriver(tampering{c}) }}
	if err := check(wrong, l); err == nil {
		t.Error("changed octets pass")
	}
	silent := peer{"silent", func(c net.Conn) error { _, err := io.Copy(io.Discard, c); return err }}
	if err := check(silent, l); err == nil || !strings.Contains(err.Error(), "handshake") {
		t.Errorf("silence passes: %v", err)
	}
	failing := peer{"failing", func(net.Conn) error { return errors.New("no") }}
	if err := check(failing, l); err == nil {
		t.Error("an error passes")
	}
}

func BenchmarkEcho(b *testing.B) {
	for _, l := range loads() {
		for _, p := range peers() {
			b.Run(l.name+"/"+p.name, func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(l.size))
				if err := p.echo(newConn(l, b.N, false)); err != nil {
					b.Fatal(err)
				}
			})
		}
	}
}
