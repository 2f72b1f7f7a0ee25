package report

import (
	"fmt"
	"image/color"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/wsfsm/wsfsm/bench/measure"
)

// figure is one plot: a line for each contestant over the X of the works.
type figure struct {
	file, title, x, y string
	group             string
	prefix, suffix    string // of the names of the works
	names             []string
	perOctet          bool
}

func figures() []figure {
	peers := []string{"wsfsm", "wsfsm pieces", "wsnet", "gorilla", "gobwas-low", "gobwas-util", "coder", "gws", "gws+utf8", "nbio", "x/net"}
	own := []string{"wsfsm", "wsfsm pieces"}
	const octet = "ns per octet"
	return []figure{
		{"receive-binary", "Receive, server, binary", "octets of the message", octet, "receive", "server ", " binary", peers, true},
		{"receive-mixed", "Receive, server, mixed text", "octets of the message", octet, "receive", "server ", " mixed", peers, true},
		{"send-server", "Send, server, binary", "octets of the message", octet, "send", "server ", " binary", append([]string{"wsfsm lend"}, peers...), true},
		{"send-client", "Send, client, binary", "octets of the message", octet, "send", "client ", " binary", peers, true},
		{"linear-fragments", "Fragments of 128 octets, mixed text", "fragments of the message", octet, "linear", "fragments mixed", "", own, true},
		{"linear-fragments-binary", "Fragments of 128 octets, binary", "fragments of the message", octet, "linear", "fragments binary", "", own, true},
		{"linear-octets", "One frame, mixed text", "octets of the message", octet, "linear", "octets mixed", "", own, true},
		{"linear-octets-binary", "One frame, binary", "octets of the message", octet, "linear", "octets binary", "", own, true},
		{"linear-connections", "Echo of 128 octets over loopback", "connections", octet, "linear", "connections", "", []string{"wsnet", "raw TCP"}, true},
	}
}

// plotAll writes the plots of what was measured.
func plotAll(s measure.Store, dir string) error {
	for _, f := range figures() {
		if err := f.draw(s, filepath.Join(dir, f.file+".svg")); err != nil {
			return fmt.Errorf("%s: %w", f.file, err)
		}
	}
	return nil
}

func (f figure) draw(s measure.Store, file string) error {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = f.title, f.x, f.y
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.LogTicks{Prec: -1}, plot.LogTicks{Prec: -1}
	p.Legend.Top, p.Legend.Padding = true, vg.Points(1)
	p.Add(plotter.NewGrid())
	drawn := 0
	for _, name := range f.names {
		points := f.points(s, name)
		if len(points) == 0 {
			continue
		}
		line, marks, err := plotter.NewLinePoints(points)
		if err != nil {
			return err
		}
		line.LineStyle = style(name)
		marks.Color, marks.Shape, marks.Radius = line.Color, draw.CircleGlyph{}, vg.Points(2)
		p.Add(line, marks)
		p.Legend.Add(name, line)
		drawn++
	}
	if drawn == 0 {
		return nil
	}
	p.X.Max *= math.Pow(p.X.Max/p.X.Min, 0.28) // room for the legend
	p.Y.Min, p.Y.Max = math.Pow(10, math.Floor(math.Log10(p.Y.Min))), math.Pow(10, math.Ceil(math.Log10(p.Y.Max)))
	return p.Save(18*vg.Centimeter, 11*vg.Centimeter, file)
}

func (f figure) points(s measure.Store, name string) (points plotter.XYs) {
	for _, r := range s.Group(f.group) {
		figure, there := r.Figure(name)
		if !there || r.X <= 0 || !strings.HasPrefix(r.Name, f.prefix) || !strings.HasSuffix(r.Name, f.suffix) {
			continue
		}
		y := figure.Median
		if f.perOctet {
			y /= float64(r.Octets)
		}
		points = append(points, plotter.XY{X: r.X, Y: y})
	}
	slices.SortFunc(points, func(a, b plotter.XY) int { return int(a.X - b.X) })
	return points
}

// style is how the line of a contestant looks in every plot.
func style(name string) draw.LineStyle {
	known := []struct {
		name    string
		r, g, b uint8
	}{
		{"wsfsm", 200, 20, 20}, {"wsfsm pieces", 240, 130, 20}, {"wsfsm lend", 150, 20, 120}, {"wsnet", 230, 60, 140},
		{"gorilla", 120, 80, 50}, {"gobwas-low", 0, 0, 0}, {"gobwas-util", 130, 130, 130}, {"coder", 20, 90, 200}, {"gws", 20, 140, 60},
		{"gws+utf8", 130, 200, 60}, {"nbio", 40, 180, 200}, {"x/net", 110, 70, 190}, {"raw TCP", 0, 0, 0},
	}
	line := draw.LineStyle{Color: color.Black, Width: vg.Points(1.2)}
	for _, k := range known {
		if k.name == name {
			line.Color = color.RGBA{k.r, k.g, k.b, 255}
		}
	}
	if strings.HasPrefix(name, "ws") {
		line.Width = vg.Points(2.5)
	}
	return line
}
