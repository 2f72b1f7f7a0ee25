package report

import (
	"image/color"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// style is how the line of a contestant looks in every plot.
func style(name string) draw.LineStyle {
	known := []struct {
		name    string
		r, g, b uint8
	}{
		{"wsfsm", 200, 20, 20}, {"wsfsm pieces", 240, 130, 20}, {"wsfsm lend", 150, 20, 120}, {"wsnet", 230, 60, 140},
		{"gorilla", 120, 80, 50}, {"gobwas-low", 0, 0, 0}, {"gobwas-util", 130, 130, 130}, {"coder", 20, 90, 200}, {"gws", 20, 140, 60},
		{"gws+utf8", 130, 200, 60}, {"nbio", 40, 180, 200}, {"x/net", 110, 70, 190}, {"fastwebsockets", 190, 160, 0}, {"tungstenite", 0, 110, 90},
		{"raw TCP", 0, 0, 0}, {"copy alone", 0, 0, 0},
	}
	line := draw.LineStyle{Color: color.Black, Width: vg.Points(1.2)}
	for _, k := range known {
		if k.name == name {
			line.Color = color.RGBA{k.r, k.g, k.b, 255}
		}
	}
	switch {
	case strings.HasPrefix(name, "ws"):
		line.Width = vg.Points(2.2)
	case name == "raw TCP" || name == "copy alone" || name == "fastwebsockets" || name == "tungstenite":
		line.Dashes = []vg.Length{vg.Points(4), vg.Points(2)}
	}
	return line
}
