"""Interprets the JSON tables of wsfsm: any machine of any version, in either role. What octets mean is in the tables; what is
done with them is the caller's, see frames.py."""
import json


class Machine:
    """One machine of the tables, in one role; `rsv` says who owns the reserved bits."""

    def __init__(self, machine, role, rsv=("unowned",) * 3):
        self.state, self.role = machine["initial"][role], role
        self.cells = {(r["from"], r["event"]): r for r in machine["rows"]}
        self.reads = {s["name"]: s.get("read") for s in machine["states"]}
        self.classes = {
            name: [event for first, last, event in table["octets"] for _ in range(first, last + 1)]
            for name, tables in machine.get("classes", {}).items() for table in tables
            if role in table["roles"] and table.get("rsv", list(rsv)) == list(rsv)}

    def read(self):
        """Kind, argument, where to store and what to unmask with; all None in a final state."""
        read = self.reads[self.state] or {"kind": None, "argument": {}}
        return read["kind"], read["argument"].get(self.role), read.get("as"), read.get("through")

    def fire(self, event):
        """Moves on; returns the action and the failure, of which at most one is there."""
        row = self.cells[self.state, event]
        self.state = row["to"]
        return row.get("do"), row.get("fail")


def load(path):
    """Reads the tables of a version."""
    with open(path, encoding="utf-8") as file:
        tables = json.load(file)
    if tables["format"] != 1:
        raise ValueError(f"{path}: format {tables['format']} is not known")
    return tables
