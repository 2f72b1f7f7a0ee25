// Command bench echoes messages through this library and its peers, all in
// memory and in one interleaved run, and prints medians and ratios.
//
//	cd bench && go run . [-rounds 7] [-time 200ms]
//
// Before it times anything it checks the octets that each peer sends back.
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

func main() {
	rounds := flag.Int("rounds", 7, "interleaved rounds")
	duration := flag.Duration("time", 200*time.Millisecond, "time per peer and load in each round")
	flag.Parse()
	for _, l := range loads() {
		for _, p := range peers() {
			if err := check(p, l); err != nil {
				fmt.Fprintln(os.Stderr, "bench:", err)
				os.Exit(1)
			}
		}
	}
	for _, l := range loads() {
		report(l, measure(l, *rounds, *duration))
	}
}

// measure times each peer once in each round; ns per message.
func measure(l load, rounds int, d time.Duration) map[string][]float64 {
	times := map[string][]float64{}
	for range rounds {
		for _, p := range peers() {
			times[p.name] = append(times[p.name], timed(p, l, d))
		}
	}
	return times
}

// timed doubles the number of messages until the run takes long enough.
func timed(p peer, l load, d time.Duration) float64 {
	for n := 64; ; n *= 2 {
		conn := newConn(l, n, false)
		start := time.Now()
		if err := p.echo(conn); err != nil {
			fmt.Fprintf(os.Stderr, "bench: %s: %v\n", p.name, err)
			os.Exit(1)
		}
		if took := time.Since(start); took >= d/2 {
			return float64(took) / float64(n)
		}
	}
}

func report(l load, times map[string][]float64) {
	fmt.Printf("\necho %s\n%s\n", l.name, strings.Repeat("-", 52))
	fmt.Printf("%-14s %12s %12s %10s\n", "peer", "median ns", "min ns", "ratio")
	own := median(times["wsfsm"])
	for _, p := range peers() {
		m := median(times[p.name])
		fmt.Printf("%-14s %12.1f %12.1f %9.2fx\n", p.name, m, slices.Min(times[p.name]), m/own)
	}
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}
