package utf8

import (
	"math/rand/v2"
	"os"
	"syscall"
	"testing"
)

// TestNothingIsReadOutside checks text right behind and right before pages that
// must not be read.
func TestNothingIsReadOutside(t *testing.T) {
	page := os.Getpagesize()
	pages, err := syscall.Mmap(-1, 0, 3*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	for _, outside := range [][]byte{pages[:page], pages[2*page:]} {
		if err := syscall.Mprotect(outside, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	room := pages[page : 2*page]
	r := rand.New(rand.NewPCG(9, 10))
	for name := range levels {
		for _, kind := range kinds {
			for n := 0; n <= 600; n++ {
				for _, text := range [][]byte{room[:n], room[len(room)-n:]} {
					copy(text, randomText(r, kind.draw, n))
					if !Valid(text) {
						t.Fatalf("%s: %d octets are not valid", name, n)
					}
				}
			}
		}
	}
	if err := syscall.Munmap(pages); err != nil {
		t.Fatal(err)
	}
}
