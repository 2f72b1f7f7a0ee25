"""The hands of the frame and message machines: moves octets as tables.py decides."""
import codecs

from tables import Machine


class Reader:
    """Turns octets into events: (kind, payload), or ("error", failure)."""

    def __init__(self, tables, role, limit=(1 << 26) - 1):
        self.frame = Machine(tables["machines"]["frame"], role)
        self.message = Machine(tables["machines"]["message"], role)
        self.close, self.limit = tables["close"], limit
        self.input, self.events = bytearray(), []
        self.head = self.length = self.passed = self.total = 0
        self.key, self.body, self.kind, self.failed = b"", bytearray(), None, False

    def feed(self, octets):
        """Takes octets, however cut, and returns the events that they complete."""
        self.input += octets
        self.events = []
        while not self.failed and (event := self.step(*self.frame.read())) is not None:
            self.do(*self.frame.fire(event))
        return self.events

    def step(self, kind, arg, field, through):
        """Reads what the state of the frame machine wants; None if octets are missing, or in a final state."""
        if kind == "check":
            return "too-long" if self.total + self.length > self.limit else "fits"
        if kind == "payload" and self.passed == self.length:
            return "done"
        need = {"octet": 1, "octets": arg, "payload": 1, "body": self.length}.get(kind)
        if need is None or len(self.input) < need:
            return None
        size = min(len(self.input), self.length - self.passed) if kind == "payload" else need
        piece = bytes(self.input[:size])
        del self.input[:size]
        if through:
            piece = bytes(o ^ self.key[(self.passed + i) % 4] for i, o in enumerate(piece))
        if kind in ("payload", "body"):
            self.passed, self.piece = self.passed + size, piece
            return "part" if kind == "payload" else self.verdict(self.frame.classes[arg][self.head])
        return self.store(field, piece) or (self.frame.classes[arg][piece[0]] if kind == "octet" else "done")

    def store(self, field, piece):
        """Keeps what was read; returns a verdict if it breaks a rule."""
        value = int.from_bytes(piece, "big")
        if field == "head":
            self.head, self.passed = value, 0
        elif field == "key":
            self.key = piece
        elif field.startswith("length"):
            self.length = value & 0x7F if field == "length" else value
            if field == "length-64" and value >> 63:
                return "overflow"
            if value < {"length-16": 126, "length-64": 1 << 16}.get(field, 0):
                return "not-minimal"
        return None

    def verdict(self, event):
        """What the body of a control frame is: its event, or for a close frame what is wrong with it."""
        if event != "close":
            return event
        if len(self.piece) < 2:
            return "close-short" if self.piece else "close-empty"
        code = int.from_bytes(self.piece[:2], "big")
        if not any(first <= code <= last for first, last in self.close["received"]):
            return "close-code"
        return "close" if self.utf8(codecs.getincrementaldecoder("utf-8")(), self.piece[2:], True) else "close-reason"

    def do(self, action, failure):
        """Carries out an action of the frame machine."""
        if failure:
            self.fail(failure)
        elif action == "begin":
            self.total += self.length
            self.content(self.message.classes[self.message.read()[1]][self.head])
        elif action in ("pass", "end"):
            coding, last = self.message.read()[1], action == "end"
            piece = b"" if last else self.piece
            valid = coding == "binary" or self.utf8(self.decoder, piece, last and coding == "text")
            self.content("invalid-text" if not valid else "end" if last else "part", piece)
        elif action:  # pass-ping, pass-pong, pass-close
            self.events.append((action.removeprefix("pass-"), self.piece))

    def content(self, event, piece=b""):
        """Fires an event of the message machine and carries out its action."""
        action, failure = self.message.fire(event)
        if failure:
            self.fail(failure)
        elif action in ("begin-text", "begin-binary"):
            self.kind, self.body = action.removeprefix("begin-"), bytearray()
            self.decoder = codecs.getincrementaldecoder("utf-8")()
        elif action == "deliver":
            self.body += piece
        elif action == "deliver-end":
            self.events.append((self.kind, bytes(self.body)))
            self.total = 0

    def fail(self, failure):
        self.failed = True
        self.events.append(("error", failure))

    @staticmethod
    def utf8(decoder, octets, final):
        try:
            decoder.decode(octets, final)
        except UnicodeDecodeError:
            return False
        rest = decoder.getstate()[0]  # Python waits for the third octet of a surrogate
        return not (rest[:1] == b"\xed" and rest[1:2] >= b"\xa0")
