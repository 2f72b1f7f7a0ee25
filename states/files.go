package states

import (
	"embed"
	"io/fs"
)

//go:embed *.yaml
var files embed.FS

// Files returns the spec files and the vocabulary, as they were when the
// program was built. They lie in the root of the file system.
func Files() fs.FS { return files }
