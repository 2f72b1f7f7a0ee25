package extension

import "testing"

// BenchmarkParse times the offer of a browser.
func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if list, err := Parse("permessage-deflate; client_max_window_bits"); err != nil || len(list) != 1 {
			b.Fatal(list, err)
		}
	}
}
