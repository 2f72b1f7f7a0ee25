package work

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/wsfsm/wsfsm/bench/measure"
)

// programs are echo servers, in the folder of the same name below sizes.
func programs() []string {
	return []string{"driver", "wsnet", "gorilla", "gobwas", "coder", "gws", "nbio", "xnet", "nethttp"}
}

// Size is octets of an echo server as a program.
func Size() []measure.Work {
	return []measure.Work{{Group: "size", Name: "echo server", Unit: "octets", Rounds: 1, Contestants: func() (list []measure.Contestant, err error) {
		for _, name := range programs() {
			list = append(list, measure.Contestant{
				Name: name, Own: name == "driver" || name == "wsnet", Beside: name == "nethttp",
				Check:  func() error { return nil },
				Sample: func(time.Duration) (measure.Sample, error) { return built(name) },
			})
		}
		return list, nil
	}}}
}

// built is the size of a program, without symbols.
func built(name string) (measure.Sample, error) {
	dir, err := os.MkdirTemp("", "size")
	if err != nil {
		return measure.Sample{}, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, name)
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", file, "github.com/wsfsm/wsfsm/bench/sizes/"+name)
	if out, err := cmd.CombinedOutput(); err != nil {
		return measure.Sample{}, errors.Join(err, fmt.Errorf("%s", out))
	}
	info, err := os.Stat(file)
	if err != nil {
		return measure.Sample{}, err
	}
	return measure.Sample{Value: float64(info.Size()), Allocs: -1}, nil
}
