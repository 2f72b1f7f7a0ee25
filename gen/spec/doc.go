// Package spec reads spec files: the YAML files in which a directory defines
// the words of its machines (vocabulary.yaml) and the machines themselves, one
// version of a protocol per file. Load resolves what versions take over from
// their bases and returns a model in which each part knows its place in the
// files, so that package check can say what is wrong with it and where.
//
// The language is a small part of YAML: mappings, lists and texts of one line,
// no anchors, aliases, tags or merge keys, each key once. What some YAML
// reader could take for a number or a truth value is quoted where a text is
// meant.
package spec
