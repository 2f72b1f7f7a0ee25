package spec

// What Load can find wrong.
const (
	NoFile          Kind = "no-file"          // a file is missing or cannot be read
	FileName        Kind = "file-name"        // a file is not named like its version
	FileTooLarge    Kind = "file-too-large"   // a file, or a line of it, is longer than Load reads
	TooDeep         Kind = "too-deep"         // mappings and lists nested deeper than Load reads
	BadCharacter    Kind = "bad-character"    // no UTF-8, a tab or another control character
	BadSyntax       Kind = "bad-syntax"       // no YAML
	NotAllowed      Kind = "not-allowed"      // YAML that spec files do not use: anchors, tags, …
	DuplicateKey    Kind = "duplicate-key"    // a key, or an item of a list, is there twice
	Ambiguous       Kind = "ambiguous"        // a text that YAML readers take for something else
	WrongType       Kind = "wrong-type"       // a list where a text is meant, and the like
	UnknownKey      Kind = "unknown-key"      // a key that means nothing at its place
	MissingKey      Kind = "missing-key"      // a key that must be there is not
	BadValue        Kind = "bad-value"        // of the right type, but not among what is allowed
	BadName         Kind = "bad-name"         // not a lower-case word
	DuplicateWord   Kind = "duplicate-word"   // a word of the vocabulary is defined twice
	TooMany         Kind = "too-many"         // more words or lines than the tables can number
	MissingRole     Kind = "missing-role"     // a value by role lacks a role
	BadExtends      Kind = "bad-extends"      // an unknown, concrete, repeated or circular base
	SaidTwice       Kind = "said-twice"       // a rule that a base has already
	ReplacesNothing Kind = "replaces-nothing" // a replacement of what no base says
	ReplacesSame    Kind = "replaces-same"    // a replacement that says what a base says
	RemovesNothing  Kind = "removes-nothing"  // a path to remove that leads nowhere
)
