// Command asm writes the amd64 assembly of internal/mask and internal/utf8 with
// avo. It is a module of its own so that nobody inherits avo. Run it in its
// directory after a change; its test fails when the files are stale.
package main

import (
	"log"
	"os"
	"path/filepath"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
)

func main() {
	files, err := generate()
	if err != nil {
		log.Fatal(err)
	}
	for path, content := range files {
		if err := os.WriteFile(filepath.Join("..", path), content, 0o666); err != nil {
			log.Fatal(err)
		}
	}
}

// generate returns the generated files by their path below internal.
func generate() (map[string][]byte, error) {
	files := make(map[string][]byte)
	for _, p := range []struct {
		pkg, name string
		write     func(*build.Context)
	}{
		{"mask", "xor", writeMask},
		{"utf8", "scan", writeUTF8},
	} {
		ctx := build.NewContext()
		ctx.ConstraintExpr("!purego")
		p.write(ctx)
		writeDetect(ctx)
		file, err := ctx.Result()
		if err != nil {
			return nil, err
		}
		if err := pass.Compile.Execute(file); err != nil {
			return nil, err
		}
		cfg := printer.Config{Name: "internal/asm", Pkg: p.pkg}
		if files[p.pkg+"/"+p.name+"_amd64.s"], err = printer.NewGoAsm(cfg).Print(file); err != nil {
			return nil, err
		}
		if files[p.pkg+"/stubs_amd64.go"], err = printer.NewStubs(cfg).Print(file); err != nil {
			return nil, err
		}
	}
	return files, nil
}
