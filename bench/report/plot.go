package report

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/wsfsm/wsfsm/bench/measure"
)

// figure is one plot of the time per octet: a line for each contestant over the X of
// the works.
type figure struct {
	file, title, x string
	group          string
	prefix, suffix string // of the names of the works
	names          []string
	// flat: the values lie close together, so that their axis begins at 0 and is not
	// logarithmic.
	flat bool
	// octets: X is octets, in powers of two.
	octets bool
}

func figures() []figure {
	peers := []string{"wsfsm", "wsfsm pieces", "wsfsm lend", "wsnet", "gorilla", "gobwas-low", "gobwas-util", "coder", "gws", "gws+utf8", "nbio", "x/net",
		"fastwebsockets", "tungstenite"}
	own := []string{"wsfsm", "wsfsm pieces", "copy alone"}
	const octets, fragments = "octets of the message", "fragments of the message"
	return []figure{
		{file: "receive-binary", title: "Receive, server, binary", x: octets, group: "receive", prefix: "server ", suffix: " binary", names: peers, octets: true},
		{file: "receive-mixed", title: "Receive, server, mixed text", x: octets, group: "receive", prefix: "server ", suffix: " mixed", names: peers, octets: true},
		{file: "send-server", title: "Send, server, binary", x: octets, group: "send", prefix: "server ", suffix: " binary", names: peers, octets: true},
		{file: "send-client", title: "Send, client, binary", x: octets, group: "send", prefix: "client ", suffix: " binary", names: peers, octets: true},
		{file: "linear-fragments", title: "Fragments of 128 octets, mixed text", x: fragments, group: "linear", prefix: "fragments mixed", names: own, flat: true},
		{file: "linear-fragments-binary", title: "Fragments of 128 octets, binary", x: fragments, group: "linear", prefix: "fragments binary", names: own, flat: true},
		{file: "linear-octets", title: "One frame, mixed text", x: octets, group: "linear", prefix: "octets mixed", names: own, octets: true},
		{file: "linear-octets-binary", title: "One frame, binary", x: octets, group: "linear", prefix: "octets binary", names: own, octets: true},
		{file: "linear-connections", title: "Echo of 128 octets over loopback", x: "connections", group: "linear", prefix: "connections",
			names: []string{"wsnet", "raw TCP"}, flat: true},
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
	p, legend := plot.New(), plot.NewLegend()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = f.title, f.x, "ns per octet"
	p.Title.Padding, p.X.Label.Padding, legend.Padding, legend.Top, legend.Left = vg.Points(6), vg.Points(4), vg.Points(2), true, true
	p.Add(plotter.NewGrid())
	var lines []plot.Plotter
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
		marks.Color, marks.Shape, marks.Radius = line.Color, draw.CircleGlyph{}, vg.Points(1.8)
		lines = append(lines, marks, line)
		legend.Add(name, line)
	}
	if len(lines) == 0 {
		return nil
	}
	slices.Reverse(lines) // this library, which comes first, on top
	p.Add(lines...)
	f.axes(p)
	return save(p, legend, file)
}

// save draws the plot with its legend at the right.
func save(p *plot.Plot, legend plot.Legend, file string) (err error) {
	const width, height, aside = 21 * vg.Centimeter, 11 * vg.Centimeter, 3.9 * vg.Centimeter
	svg := vgsvg.New(width, height)
	whole := draw.New(svg)
	p.Draw(draw.Crop(whole, 0, -aside, 0, 0))
	legend.Draw(draw.Crop(whole, width-aside+vg.Points(10), 0, 0, -vg.Points(24)))
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	if _, err := svg.WriteTo(out); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

// points are those works that can be compared: what takes several writes for a
// message is left out.
func (f figure) points(s measure.Store, name string) (points plotter.XYs) {
	for _, r := range s.Group(f.group) {
		figure, there := r.Figure(name)
		if !there || r.X <= 0 || figure.Note != "" || !strings.HasPrefix(r.Name, f.prefix) || !strings.HasSuffix(r.Name, f.suffix) {
			continue
		}
		points = append(points, plotter.XY{X: r.X, Y: figure.Median / float64(r.Octets)})
	}
	slices.SortFunc(points, func(a, b plotter.XY) int { return int(a.X - b.X) })
	return points
}

// axes have marks at numbers that people use, beyond all points.
func (f figure) axes(p *plot.Plot) {
	p.X.Scale, p.X.Padding, p.Y.Padding = plot.LogScale{}, vg.Points(6), vg.Points(6)
	p.X.Tick.Marker = marksOf(10, func(v float64) string { return grouped(int64(math.Round(v))) })
	if f.octets {
		p.X.Tick.Marker = marksOf(4, sizeMark)
	}
	if f.flat {
		p.Y.Min, p.Y.Max = 0, 1.25*p.Y.Max
		p.Y.Tick.Marker = plot.TickerFunc(evenMarks)
		return
	}
	p.Y.Scale = plot.LogScale{}
	p.Y.Min, p.Y.Max = math.Pow(10, math.Floor(math.Log10(p.Y.Min))), math.Pow(10, math.Ceil(math.Log10(p.Y.Max)))
	p.Y.Tick.Marker = marksOf(10, func(v float64) string { return fmt.Sprintf("%g", v) })
}

// marksOf are the powers of a base, from the first not above the least value.
func marksOf(base float64, text func(float64) string) plot.TickerFunc {
	return func(least, most float64) (ticks []plot.Tick) {
		const hair = 1e-9 // of what logarithms lose
		for i := math.Ceil(math.Log(least)/math.Log(base) - hair); math.Pow(base, i) <= most*(1+hair); i++ {
			v := math.Pow(base, i)
			ticks = append(ticks, plot.Tick{Value: v, Label: text(v)})
		}
		return ticks
	}
}

// evenMarks are four to ten multiples of 1, 2 or 5 times a power of ten.
func evenMarks(least, most float64) (ticks []plot.Tick) {
	step := math.Pow(10, math.Floor(math.Log10(most-least)))
	switch n := (most - least) / step; {
	case n < 2:
		step /= 5
	case n < 5:
		step /= 2
	}
	for i := math.Ceil(least / step); i*step <= most; i++ {
		ticks = append(ticks, plot.Tick{Value: i * step, Label: fmt.Sprintf("%.4g", i*step)})
	}
	return ticks
}

// sizeMark is a size in octets, in short.
func sizeMark(v float64) string {
	n := int64(math.Round(v))
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%d Mi", n>>20)
	case n >= 1<<10:
		return fmt.Sprintf("%d Ki", n>>10)
	}
	return fmt.Sprint(n)
}
