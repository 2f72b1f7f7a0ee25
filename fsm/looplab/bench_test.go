package looplab_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/wsfsm/wsfsm/fsm"
	"github.com/wsfsm/wsfsm/fsm/looplab"
)

// BenchmarkEvent gives one event after the other, all answered, to the phone in
// several forms. The walk is random and long, so that branch predictors do not
// learn it.
func BenchmarkEvent(b *testing.B) {
	const length = 1 << 16
	g := fsm.GraphOf(&phone)
	walk := g.Walk(rand.New(rand.NewPCG(15, 16)), uint8(onHook), length)
	events := make([]phoneEvent, length)
	names := make([]string, length)
	for i, e := range walk {
		events[i], names[i] = phoneEvent(e), phoneEvent(e).String()
	}
	check := func(b *testing.B, refused int) {
		if refused > 0 {
			b.Fatalf("%d events refused", refused)
		}
	}
	b.Run("Table", func(b *testing.B) {
		b.ReportAllocs()
		state, refused := onHook, 0
		for i := range b.N {
			if i%length == 0 {
				state = onHook
			}
			if _, ok := phone.Fire(&state, events[i%length]); !ok {
				refused++
			}
		}
		check(b, refused)
	})
	b.Run("Machine", func(b *testing.B) {
		b.ReportAllocs()
		m, refused := phone.Start(onHook), 0
		for i := range b.N {
			if i%length == 0 {
				m.State = onHook
			}
			if _, ok := m.Fire(events[i%length]); !ok {
				refused++
			}
		}
		check(b, refused)
	})
	b.Run("switch", func(b *testing.B) {
		b.ReportAllocs()
		state, refused := onHook, 0
		for i := range b.N {
			if i%length == 0 {
				state = onHook
			}
			if _, ok := switchPhone(&state, events[i%length]); !ok {
				refused++
			}
		}
		check(b, refused)
	})
	b.Run("map", func(b *testing.B) {
		byMap := mapPhone()
		b.ReportAllocs()
		b.ResetTimer()
		state, refused := onHook, 0
		for i := range b.N {
			if i%length == 0 {
				state = onHook
			}
			if _, ok := byMap.fire(&state, events[i%length]); !ok {
				refused++
			}
		}
		check(b, refused)
	})
	b.Run("looplab", func(b *testing.B) {
		d, err := looplab.Define(g, uint8(onHook))
		if err != nil {
			b.Fatal(err)
		}
		m, err := looplab.New(d)
		if err != nil {
			b.Fatal(err)
		}
		ctx := context.Background()
		b.ReportAllocs()
		b.ResetTimer()
		refused := 0
		for i := range b.N {
			if i%length == 0 {
				m.SetState(onHook.String())
			}
			if looplab.Fire(ctx, m, names[i%length]) != nil {
				refused++
			}
		}
		check(b, refused)
	})
}
