package report

import (
	"fmt"
	"image/color"
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
	p.Legend.Top, p.Legend.XOffs = true, vg.Points(-4)
	p.Add(plotter.NewGrid())
	drawn := 0
	for i, name := range f.names {
		points := f.points(s, name)
		if len(points) == 0 {
			continue
		}
		line, marks, err := plotter.NewLinePoints(points)
		if err != nil {
			return err
		}
		line.Color, line.Width = shade(i, len(f.names)), vg.Points(1)
		if strings.HasPrefix(name, "ws") {
			line.Width = vg.Points(2.5)
		}
		marks.Color, marks.Shape, marks.Radius = line.Color, draw.CircleGlyph{}, vg.Points(2)
		p.Add(line, marks)
		p.Legend.Add(name, line)
		drawn++
	}
	if drawn == 0 {
		return nil
	}
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

// shade is one of n colours around the circle.
func shade(i, n int) color.Color {
	third := float64(i) / float64(n) * 3
	up := uint8(200 * (third - float64(int(third))))
	switch int(third) {
	case 0:
		return color.RGBA{200 - up, up, 30, 255}
	case 1:
		return color.RGBA{30, 200 - up, up, 255}
	}
	return color.RGBA{up, 30, 200 - up, 255}
}
