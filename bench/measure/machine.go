package measure

import (
	"bufio"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// Machine is where and when figures were taken.
type Machine struct {
	Date      string
	Processor string
	Cores     int
	System    string
	Go        string
	Versions  []Module
}

// Module is a library that was measured.
type Module struct{ Path, Version string }

// ThisMachine describes the machine and the program.
func ThisMachine() Machine {
	m := Machine{Date: time.Now().UTC().Format(time.DateOnly), Processor: processor(), Cores: runtime.NumCPU(),
		System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return m
	}
	for _, d := range info.Deps {
		switch d.Path {
		case "github.com/gorilla/websocket", "github.com/gobwas/ws", "github.com/coder/websocket", "github.com/lxzan/gws",
			"github.com/lesismal/nbio", "golang.org/x/net", "github.com/klauspost/compress":
			m.Versions = append(m.Versions, Module{d.Path, d.Version})
		}
	}
	return m
}

// processor is its model, and which vectors it has.
func processor() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	defer f.Close()
	name, vectors := runtime.GOARCH, ""
	for lines := bufio.NewScanner(f); lines.Scan(); {
		key, value, _ := strings.Cut(lines.Text(), ":")
		switch strings.TrimSpace(key) {
		case "model name":
			name = strings.TrimSpace(value)
		case "flags":
			for _, v := range []string{"avx2", "avx512bw"} {
				if strings.Contains(value+" ", " "+v+" ") && !strings.Contains(vectors, v) {
					vectors += ", " + v
				}
			}
		}
	}
	return name + vectors
}
