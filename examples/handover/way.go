//go:build unix

package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"

	"github.com/wsfsm/wsfsm"
)

// inheritance is the variable that tells a process the descriptor over which another
// one gives it everything.
const inheritance = "HANDOVER_DESCRIPTOR"

// maxSnapshot is the largest snapshot taken, in octets: a message and some more.
const maxSnapshot = wsfsm.DefaultMaxMessage + 1<<22

// errNoMore: the other process has given everything.
var errNoMore = errors.New("nothing more is given")

// pair makes the way between two processes: this end, and the other one as a file.
func pair() (*net.UnixConn, *os.File, error) {
	ends, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		return nil, nil, err
	}
	syscall.CloseOnExec(ends[0])
	syscall.CloseOnExec(ends[1])
	way, err := wayOf(ends[0])
	return way, os.NewFile(uintptr(ends[1]), "way"), err
}

// inherited returns the way to the process that has started this one; false if that
// gives nothing.
func inherited() (*net.UnixConn, bool, error) {
	if os.Getenv(inheritance) == "" {
		return nil, false, nil
	}
	os.Unsetenv(inheritance)
	way, err := wayOf(3)
	return way, true, err
}

func wayOf(descriptor int) (*net.UnixConn, error) {
	file := os.NewFile(uintptr(descriptor), "way")
	defer file.Close()
	conn, err := net.FileConn(file)
	if err != nil {
		return nil, err
	}
	way, ok := conn.(*net.UnixConn)
	if !ok {
		return nil, fmt.Errorf("descriptor %d is no Unix socket", descriptor)
	}
	return way, nil
}

// give sends a copy of a socket's descriptor (SCM_RIGHTS) and a snapshot: its length in
// eight octets, with which the descriptor goes, and the snapshot.
func give(way *net.UnixConn, socket interface{ File() (*os.File, error) }, snapshot []byte) error {
	file, err := socket.File()
	if err != nil {
		return err
	}
	defer file.Close()
	length := binary.BigEndian.AppendUint64(nil, uint64(len(snapshot)))
	if _, _, err := way.WriteMsgUnix(length, syscall.UnixRights(int(file.Fd())), nil); err != nil {
		return err
	}
	_, err = way.Write(snapshot)
	return err
}

// take receives what give sends; errNoMore at the end.
func take(way *net.UnixConn) (*os.File, []byte, error) {
	length, rights := make([]byte, 8), make([]byte, syscall.CmsgSpace(4))
	n, oob, _, _, err := way.ReadMsgUnix(length, rights)
	if n == 0 && (err == nil || errors.Is(err, io.EOF)) {
		return nil, nil, errNoMore
	}
	if err == nil {
		_, err = io.ReadFull(way, length[n:])
	}
	if err != nil {
		return nil, nil, err
	}
	file, err := descriptor(rights[:oob])
	if err != nil {
		return nil, nil, err
	}
	size := binary.BigEndian.Uint64(length)
	if size > maxSnapshot {
		file.Close()
		return nil, nil, fmt.Errorf("a snapshot of %d octets", size)
	}
	snapshot := make([]byte, size)
	if _, err := io.ReadFull(way, snapshot); err != nil {
		file.Close()
		return nil, nil, err
	}
	return file, snapshot, nil
}

// descriptor returns the file that came beside octets.
func descriptor(rights []byte) (*os.File, error) {
	messages, err := syscall.ParseSocketControlMessage(rights)
	if err != nil {
		return nil, err
	}
	if len(messages) != 1 {
		return nil, fmt.Errorf("%d control messages in place of a descriptor", len(messages))
	}
	descriptors, err := syscall.ParseUnixRights(&messages[0])
	if err != nil || len(descriptors) != 1 {
		return nil, fmt.Errorf("%d descriptors, %v", len(descriptors), err)
	}
	syscall.CloseOnExec(descriptors[0])
	return os.NewFile(uintptr(descriptors[0]), "socket"), nil
}
