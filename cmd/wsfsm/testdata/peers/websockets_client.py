"""Talks to an echo server with Python's websockets: websockets_client.py URL [wait]"""

import asyncio
import ssl
import sys

import websockets

SIZES = [0, 1, 125, 126, 65535, 65536, 16 << 20]


def parts():
    yield from ["frag", "men", "", "ted"]


async def echo(socket):
    for size in SIZES:
        text = ("ä€😀x" * (size // 10 + 1))[: size // 3]
        data = (b"0123456789abcdef" * (size // 16 + 1))[:size]
        await socket.send(text)
        await socket.send(data)
        assert await socket.recv() == text, size
        assert await socket.recv() == data, size

    async def send():
        for i in range(10000):
            await socket.send(f"message {i}")

    sending = asyncio.create_task(send())
    for i in range(10000):
        assert await socket.recv() == f"message {i}"
    await sending
    await socket.send(parts())
    assert await socket.recv() == "fragmented"
    await (await socket.ping("are you there"))


async def main(url, wait=None):
    context = None
    if url.startswith("wss:"):
        context = ssl._create_unverified_context()
    async with websockets.connect(url, ssl=context, compression=None, max_size=1 << 26, proxy=None) as socket:
        if wait:
            print("open", flush=True)
            await socket.wait_closed()
            print("closed", socket.close_code)
            return
        await echo(socket)
        await socket.close(4001, "done")
        print("ok", socket.close_code, socket.close_reason)


asyncio.run(main(*sys.argv[1:]))
