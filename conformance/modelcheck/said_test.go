package modelcheck

import (
	"reflect"
	"strings"
	"testing"
)

func TestSteps(t *testing.T) {
	said := `ltl ends: [] (...)
start f_request
  1 take f_close
  1 row open close-received closing-both answer-close
  1 put f_close
violates two_close_frames
<<<<<START OF CYCLE>>>>>
0 expire
0 row open timeout closed report-abnormal
0 closed 0
timeout
#processes: 3
`
	run, cycle, err := steps([]byte(said))
	want := []Step{
		{What: "start", Detail: "f_request"},
		{End: 1, What: "take", Detail: "f_close", Rows: []Row{{"open", "close-received", "closing-both", "answer-close"}},
			Puts: [2][]string{nil, {"f_close"}}, Broken: "two_close_frames"},
		{What: "expire", Rows: []Row{{"open", "timeout", "closed", "report-abnormal"}}, Closed: "0"},
	}
	if err != nil || cycle != 2 || !reflect.DeepEqual(run, want) {
		t.Errorf("read %+v, %d, %v", run, cycle, err)
	}
	for _, bad := range []string{"", "0 put f_close\n", "start f_request\n0 row open timeout\n", "0 expire\n1 row open timeout closed -\n"} {
		if run, _, err := steps([]byte(bad)); err == nil {
			t.Errorf("%q is the run %v", bad, run)
		}
	}
}

func TestVerdict(t *testing.T) {
	const model = "\n\t\t:: x -> printf(\"%d row open timeout closed -\\n\", me); y\n"
	const said = "State-vector 92 byte, depth reached 405, errors: 0\n    82981 states, stored\nunreached in proctype one_end\n\tmodel.pml:2, state 18, \"printf\"\n\tmodel.pml:7, state 20, \"x\"\n"
	var v Verdict
	if err := v.read([]byte(said), []byte(model)); err != nil || v.States != 82981 || v.Broken || len(v.Unreached) != 1 || v.Unreached[0].Event != "timeout" {
		t.Errorf("read %+v, %v", v, err)
	}
	if err := v.read([]byte(strings.Replace(said, "errors: 0", "errors: 1", 1)), []byte(model)); err != nil || !v.Broken {
		t.Errorf("read %+v, %v", v, err)
	}
	for _, incomplete := range []string{"", "error: max search depth too small\n" + said, "pan: reached -DMEMLIM bound\n" + said} {
		if err := v.read([]byte(incomplete), []byte(model)); err == nil {
			t.Errorf("%q is a verdict", incomplete)
		}
	}
}
