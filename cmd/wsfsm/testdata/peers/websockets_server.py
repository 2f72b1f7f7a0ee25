"""An echo server with Python's websockets: websockets_server.py [CERT KEY].

Prints its port. The text "close me" is answered by a close frame, "ping me" by
a ping.
"""

import asyncio
import ssl
import sys

import websockets


async def serve(socket):
    async for message in socket:
        if message == "close me":
            await socket.close(4002, "as you wish")
        elif message == "ping me":
            await (await socket.ping("hello"))
            await socket.send("pong hello")
        elif isinstance(message, str) and len(message) > 3:
            await socket.send(iter([message[:1], message[1:]]))  # in fragments
        else:
            await socket.send(message)


async def main(cert=None, key=None):
    context = None
    if cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
    async with websockets.serve(serve, "127.0.0.1", 0, ssl=context, compression=None, max_size=1 << 26, subprotocols=["echo"]) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().create_future()


asyncio.run(main(*sys.argv[1:]))
