package emit

import "github.com/wsfsm/wsfsm/gen/spec"

// dispatchActions writes the method that carries out an action of a machine by
// calling its hand: an action without a hand does not compile.
func (t *transitions) dispatchActions(m spec.MachineWords, failing bool) {
	name, hand := goName(m.Name), goLocal(m.Name)
	t.linef("\n// do%s carries out an action of the %s machine.", name, m.Name)
	t.linef("func (d *Driver) do%s(a states.%sAction) {\nswitch a {", name, name)
	for _, a := range m.Actions {
		t.linef("case states.%sDo%s:\nd.%s%s()", name, goName(a.Name), hand, goName(a.Name))
	}
	if failing {
		t.linef("default:\nif v := a.Violation(); v != 0 {\nd.%sFail(v)\n}", hand)
	}
	t.linef("}\n}")
}

func (t *transitions) dispatchForms(forms []spec.Word) {
	t.linef("\n// checkForm reports whether a value has a form.")
	t.linef("func (d *Driver) checkForm(f states.Form, v string) bool {\nswitch f {")
	for _, f := range forms {
		t.linef("case states.Form%[1]s:\nreturn d.form%[1]s(v)", goName(f.Name))
	}
	t.linef("}\nreturn false\n}")
}

func (t *transitions) dispatchValues(values []spec.Word) {
	t.linef("\n// value returns a computed value of a line of a head.")
	t.linef("func (d *Driver) value(v states.Value) string {\nswitch v {")
	for _, v := range values {
		t.linef("case states.Value%[1]s:\nreturn d.value%[1]s()", goName(v.Name))
	}
	t.linef("}\nreturn \"\"\n}")
}
