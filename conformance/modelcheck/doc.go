// Package modelcheck runs the model checker SPIN on the models of two ends of a
// connection that gen writes to states/promela, and plays the runs that SPIN
// prints on two drivers: trails to a broken property, and runs at random.
//
//	m, err := modelcheck.New(ctx, dir, emit.Promela(in, generation))
//	v, err := m.Check(ctx, modelcheck.Safety)
//	err = modelcheck.Replay(protocol, v.Trail, false)
//
// docs/proofs.md says what is proven.
package modelcheck
