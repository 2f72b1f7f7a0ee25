package fuzz

import "github.com/wsfsm/wsfsm/states"

// Opening returns what the peer sends to open the connection of a driver of the
// tests, after its request if it is a client.
func Opening(role states.Role, version string) ([]byte, error) {
	d, err := newDriver(Config{Role: role}, Program{Options: Options{Version: version}}, way{})
	if err == nil && role == states.Client {
		err = d.Start()
	}
	if err != nil {
		return nil, err
	}
	return side{role, version}.opening(d)
}
