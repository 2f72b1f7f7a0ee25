// Command bench measures this library beside its peers: all of them in one run,
// interleaved, with the octets compared before anything is timed.
//
//	cd bench && go run .                              everything; prints medians, quartiles, ratios
//	go run . -only 'receive server 1 KiB'             what a regular expression finds in "group name"
//	go run . -rust rust/target/release/rust-peers     with the libraries in Rust, built by cargo in the folder rust
//	go run . -save results.json                       adds to the results of earlier runs
//	go run . -from results.json -write ../docs/performance.md
//
// The last one measures nothing; -write without -from runs everything first.
package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"time"

	"github.com/wsfsm/wsfsm/bench/measure"
	"github.com/wsfsm/wsfsm/bench/report"
	"github.com/wsfsm/wsfsm/bench/work"
)

func main() {
	work.Child()
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run() error {
	only := flag.String("only", "", "regular expression for group and name of the work")
	list := flag.Bool("list", false, "list the work and do nothing")
	rounds := flag.Int("rounds", 9, "interleaved rounds")
	duration := flag.Duration("time", 25*time.Millisecond, "time for each sample")
	save := flag.String("save", "", "file to which results are added")
	from := flag.String("from", "", "file with results; nothing is measured")
	write := flag.String("write", "", "Markdown file to be written, with plots beside it")
	insert := flag.String("insert", "", "Markdown file into which the figures of deflate are put")
	rust := flag.String("rust", "", "program built in the folder rust, whose libraries take part then")
	flag.Parse()
	chosen, err := regexp.Compile(*only)
	if err != nil {
		return err
	}
	if *from != "" {
		store, err := measure.Load(*from)
		if err != nil {
			return err
		}
		return finish(store, *write, *insert)
	}
	store, err := measure.Load(*save)
	if err != nil {
		return err
	}
	libraries := work.Rust(*rust)
	versions, err := libraries.Versions()
	if err != nil {
		return err
	}
	store.Machine = measure.ThisMachine()
	store.Machine.Versions = append(store.Machine.Versions, versions...)
	for _, w := range work.All(libraries) {
		if !chosen.MatchString(w.Group + " " + w.Name) {
			continue
		}
		if *list {
			fmt.Println(w.Group, w.Name)
			continue
		}
		r, err := w.Run(*rounds, *duration)
		if err != nil {
			return err
		}
		report.Print(os.Stdout, r)
		store.Add(r)
		if *save != "" {
			if err := store.Save(*save); err != nil {
				return err
			}
		}
	}
	return finish(store, *write, *insert)
}

// finish writes the pages that are wanted.
func finish(store measure.Store, write, insert string) error {
	if write != "" {
		if err := report.Write(store, write); err != nil {
			return err
		}
	}
	if insert != "" {
		return report.Insert(store, insert)
	}
	return nil
}
