"""Python's websockets as an echo: the same protocol as main.cjs."""

import asyncio
import json
import sys
from urllib.parse import urlsplit

import websockets
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory, ServerPerMessageDeflateFactory


def say(**line):
    print(json.dumps(line), flush=True)


def read(parameters):
    """Returns the parameters by name: True for those without a value."""
    pairs = (parameter.strip().partition("=") for parameter in parameters.split(";"))
    return {name: int(value) if value else True for name, _, value in pairs if name}


async def echo(socket):
    async for message in socket:
        if isinstance(message, str) and len(message.encode()) == 2000:
            message = [message[:999], message[999:]]  # two fragments
        await socket.send(message)


async def choose(socket, request):
    """Sets a server's connection to the parameters in the URL."""
    parameters = read(urlsplit(request.path).query)
    socket.protocol.available_extensions = [ServerPerMessageDeflateFactory(**parameters)]


async def connect(command):
    parameters = {"client_max_window_bits": None, **read(command.get("parameters", ""))}
    try:
        factory = ClientPerMessageDeflateFactory(**parameters)
        socket = await websockets.connect(
            command["url"], compression=None, extensions=[factory], proxy=None, ping_interval=None
        )
    except Exception as error:
        reason, _, _ = str(error).partition(", params = ")  # which differ
        say(id=command["id"], event="failed", error=reason)
        return
    await echo(socket)


async def main():
    async with websockets.serve(
        echo, "127.0.0.1", 0, compression=None, process_request=choose, ping_interval=None
    ) as server:
        port = server.sockets[0].getsockname()[1]
        say(event="listening", library="websockets", port=port, version=websockets.__version__)
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        tasks = set()
        while line := await reader.readline():
            task = asyncio.create_task(connect(json.loads(line)))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        server.close(close_connections=True)


asyncio.run(main())
