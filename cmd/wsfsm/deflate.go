package main

import (
	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/extension/deflate"
)

// compress has a driver negotiate permessage-deflate (RFC 7692).
func compress(o *wsfsm.Options) error {
	compression, err := deflate.New(deflate.Options{})
	if err != nil {
		return err
	}
	o.Extensions = append(o.Extensions, compression)
	return nil
}
