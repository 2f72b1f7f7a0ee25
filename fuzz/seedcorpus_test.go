package fuzz_test

import (
	"archive/zip"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

var seedCorpus = flag.String("seed-corpus", "", "the directory to write FuzzX_seed_corpus.zip of each target to, for libFuzzer")

// TestSeedCorpus writes the seeds of each target, with what fuzzing has found, as
// OSS-Fuzz wants them, and reads them back as the targets built by go-118-fuzz-build
// do: the size of the octets, in four octets, is before them.
func TestSeedCorpus(t *testing.T) {
	dir := *seedCorpus
	if dir == "" {
		dir = t.TempDir()
	}
	targets, err := filepath.Glob(filepath.Join("testdata", "fuzz", "*"))
	if err != nil || len(targets) == 0 {
		t.Fatalf("no seeds: %v", err)
	}
	for _, target := range targets {
		seeds := seedsOf(t, target)
		file := filepath.Join(dir, filepath.Base(target)+"_seed_corpus.zip")
		if err := writeCorpus(file, seeds); err != nil {
			t.Fatal(err)
		}
		if n, err := compareCorpus(file, seeds); err != nil || n != len(seeds) {
			t.Errorf("%s: %d of %d seeds: %v", file, n, len(seeds), err)
		}
	}
}

// seedsOf reads the files of Go's fuzzing engine in a directory.
func seedsOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	seeds := map[string]string{}
	for _, f := range files {
		content, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		_, value, _ := strings.Cut(strings.TrimSpace(string(content)), "\n")
		octets, err := strconv.Unquote(strings.TrimSuffix(strings.TrimPrefix(value, "[]byte("), ")"))
		if err != nil {
			t.Fatalf("%s: %v", f.Name(), err)
		}
		seeds[f.Name()] = octets
	}
	return seeds
}

func writeCorpus(file string, seeds map[string]string) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	z := zip.NewWriter(f)
	for name, octets := range seeds {
		w, err := z.Create(name)
		if err != nil {
			return err
		}
		if _, err := w.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(octets))), octets...)); err != nil {
			return err
		}
	}
	return z.Close()
}

// compareCorpus counts the files of an archive that are the seeds.
func compareCorpus(file string, seeds map[string]string) (n int, err error) {
	z, err := zip.OpenReader(file)
	if err != nil {
		return 0, err
	}
	defer z.Close()
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return n, err
		}
		all, err := io.ReadAll(r)
		if err != nil {
			return n, err
		}
		// What go-fuzz-headers' GetBytes gives: as many octets as the first four say.
		if size := binary.BigEndian.Uint32(all); int(size) != len(all)-4 || string(all[4:]) != seeds[f.Name] {
			return n, fmt.Errorf("%s differs", f.Name)
		}
		n++
	}
	return n, nil
}
