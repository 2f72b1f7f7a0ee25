// Command client sends a message and prints the answer.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/wsfsm/wsfsm"
	"github.com/wsfsm/wsfsm/wsnet"
)

func main() {
	ctx := context.Background()
	c, err := wsnet.Dial(ctx, "ws://127.0.0.1:9001/", nil)
	if err != nil {
		log.Fatal(err)
	}
	if err := c.Write(ctx, wsnet.Text, []byte("Hello")); err != nil {
		log.Fatal(err)
	}
	_, answer, err := c.Read(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", answer)
	if err := c.Close(wsfsm.CloseNormal, ""); err != nil {
		log.Fatal(err)
	}
}
