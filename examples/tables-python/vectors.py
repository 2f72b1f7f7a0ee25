"""Runs the interpreter in tables.py with the hands in frames.py over vectors, whole and at every split: python3 vectors.py [tables.json [vectors.json]]

vectors.json is a list of [role, name, octets in hex, [[kind, payload in hex or failure], ...]].
"""
import json
import pathlib
import sys

import frames
import tables

HERE = pathlib.Path(__file__).resolve().parent
KEY = bytes.fromhex("37fa213d")


def masked(frame):
    """The unmasked frame as a client sends it (RFC 6455 §5.3)."""
    size = {126: 4, 127: 10}.get(frame[1], 2)
    payload = bytes(o ^ KEY[i % 4] for i, o in enumerate(frame[size:]))
    return bytes([frame[0], frame[1] | 0x80]) + frame[2:size] + KEY + payload


def h(text):
    return bytes.fromhex(text)


# Frames as a server sends them, and what a client makes of them; RFC 6455 §5.7 where nothing else is said.
BOTH = [
    ("hello", [h("8105") + b"Hello"], [("text", b"Hello")]),
    ("fragments", [h("0103") + b"Hel", h("8002") + b"lo"], [("text", b"Hello")]),
    ("ping", [h("8905") + b"Hello"], [("ping", b"Hello")]),
    ("pong", [h("8a05") + b"Hello"], [("pong", b"Hello")]),
    ("ping between fragments", [h("0103") + b"Hel", h("8901") + b"x", h("8002") + b"lo"], [("ping", b"x"), ("text", b"Hello")]),
    ("binary, 16-bit length", [h("827e0100") + b"a" * 256], [("binary", b"a" * 256)]),
    ("binary, 64-bit length", [h("827f0000000000010000") + b"a" * 65536], [("binary", b"a" * 65536)]),
    ("empty text", [h("8100")], [("text", b"")]),
    ("empty fragments", [h("0200"), h("0000"), h("8000")], [("binary", b"")]),
    ("character across fragments", [h("010261ce"), h("8001ba")], [("text", h("61ceba"))]),
    ("close", [h("8805") + h("03e8") + b"bye"], [("close", h("03e8") + b"bye")]),
    ("close without a body", [h("8800")], [("close", b"")]),
    ("nothing after close", [h("8800"), h("8100")], [("close", b"")]),
    ("close of one octet", [h("880103")], [("error", "close-short")]),
    ("close with code 1005", [h("880203ed")], [("error", "close-code")]),
    ("close reason is not UTF-8", [h("880303e8ff")], [("error", "close-reason")]),
    ("reserved bit", [h("c100")], [("error", "reserved-bits")]),
    ("reserved opcode", [h("8300")], [("error", "reserved-opcode")]),
    ("fragmented ping", [h("0900")], [("error", "split-control")]),
    ("length not minimal", [h("827e007d") + b"a" * 125], [("error", "not-minimal")]),
    ("length with its top bit", [h("827f8000000000000000")], [("error", "overflow")]),
    ("beyond the limit", [h("827f0000000004000000")], [("error", "too-long")]),
    ("nothing to continue", [h("8000")], [("error", "stray-continuation")]),
    ("message inside a message", [h("0100"), h("8100")], [("error", "interleaved")]),
    ("text is not UTF-8", [h("8102c3") + b"("], [("error", "invalid-text")]),
    ("text ends inside a character", [h("8101ce")], [("error", "invalid-text")]),
]
ONE = [
    ("client", "masked frame", masked(h("8100")), [("error", "mask-unexpected")]),
    ("client", "masked ping", masked(h("8900")), [("error", "mask-unexpected")]),
    ("client", "long ping", h("897e"), [("error", "long-control")]),
    ("server", "frame without a mask", h("8100"), [("error", "mask-missing")]),
    ("server", "ping without a mask", h("8900"), [("error", "mask-missing")]),
    ("server", "long ping", h("89fe"), [("error", "long-control")]),
]


def vectors(path=None):
    if path:
        for role, name, octets, events in json.loads(pathlib.Path(path).read_text(encoding="utf-8")):
            yield role, name, h(octets), [(kind, it if kind == "error" else h(it)) for kind, it in events]
        return
    for name, frames, events in BOTH:
        yield "client", name, b"".join(frames), events
        yield "server", name, b"".join(map(masked, frames)), events
    yield from ONE


def splits(octets):
    """Whole, then cut at each place and octet by octet; long ones are cut in their head only."""
    yield [octets]
    short = len(octets) <= 300
    for i in range(1, len(octets) if short else 16):
        yield [octets[:i], octets[i:]]
    if short:
        yield [octets[i:i + 1] for i in range(len(octets))]


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else HERE / "../../states/tables/rfc6455.json"
    table = tables.load(path)
    todo = list(vectors(*sys.argv[2:3]))
    runs, wrong = 0, 0
    for role, name, octets, expected in todo:
        for pieces in splits(octets):
            reader, events = frames.Reader(table, role), []
            for piece in pieces:
                events += reader.feed(piece)
            runs += 1
            if sys.argv[2:]:  # the cases say otherwise what became of a close frame
                events = [event for event in events if event[0] != "close"]
            if events != expected:
                wrong += 1
                print(f"{role}, {name}, cut {[len(p) for p in pieces]}: {events} instead of {expected}", file=sys.stderr)
                break
    print(f"{runs} runs of {len(todo)} vectors, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
