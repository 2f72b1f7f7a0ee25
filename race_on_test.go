//go:build race

package wsfsm_test

const raceEnabled = true
