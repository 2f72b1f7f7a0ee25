#!/bin/bash -eu
# Builds each fuzz target of package fuzz for libFuzzer, with its seeds and a
# dictionary. $SRC, $OUT and compile_native_go_fuzzer come from the image of
# OSS-Fuzz; .clusterfuzzlite/local stands in for it where there is no Docker.
cd "$SRC/wsfsm"
go test ./fuzz -run TestSeedCorpus -seed-corpus "$OUT"
go get github.com/AdamKorcz/go-118-fuzz-build/testing # what stands in for package testing

for target in $(sed -n 's/^func \(Fuzz[A-Za-z]*\)(f \*testing.F).*/\1/p' fuzz/targets_test.go); do
  compile_native_go_fuzzer github.com/wsfsm/wsfsm/fuzz "$target" "$target"
  cp .clusterfuzzlite/wsfsm.dict "$OUT/$target.dict"
done
