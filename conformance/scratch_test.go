package conformance_test
import "testing"
func TestScratch(t *testing.T){
 a := newAudit(t)
 seen := map[plant]int{}
 for _, r := range requirements(t) { if r.Case==""||r.Plant==(plant{}) {continue}
  n,ok:=seen[r.Plant]
  if !ok { p,err:=a.planted(r.Plant); if err!=nil {t.Log(r.ID,err);continue}
   for _,c:=range a.cases { if passes(c,p)!=nil {n++} }
   seen[r.Plant]=n }
  t.Log(n,r.ID,r.Case,r.Text)
 }
}
