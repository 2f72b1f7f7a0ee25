"""Python's websockets under remote control: the same protocol as node/main.cjs."""

import asyncio
import base64
import json
import sys

import websockets

connections = {}


def say(**line):
    print(json.dumps(line), flush=True)


class Connection:
    """A connection of the library and its name."""

    def __init__(self, name, socket):
        self.name = name
        self.socket = socket
        connections[name] = self

    def report(self, event, **more):
        say(id=self.name, event=event, **more)

    async def read(self):
        """Reports what comes until the connection is closed."""
        self.report("open")
        try:
            async for message in self.socket:
                binary = isinstance(message, bytes)
                data = message if binary else message.encode()
                self.report("message", binary=binary, data=base64.b64encode(data).decode())
        except websockets.ConnectionClosedError:
            pass
        await self.socket.wait_closed()
        del connections[self.name]
        self.report("closed", code=self.socket.close_code, reason=self.socket.close_reason or "")

    async def carry_out(self, command):
        data = base64.b64decode(command.get("data", ""))
        match command["do"]:
            case "text":
                await self.socket.send(data.decode())
            case "binary":
                await self.socket.send(data)
            case "fragments":
                parts = [base64.b64decode(part) for part in command["parts"]]
                try:
                    texts = [part.decode() for part in parts]
                except UnicodeDecodeError:
                    self.report("cannot")
                    return
                await self.socket.send(texts)
            case "ping":
                await (await self.socket.ping(data))
                self.report("pong", data=command["data"])
            case "close":
                await self.socket.close(command["code"], command["reason"])
            case "drop":
                self.socket.transport.abort()
            case _:
                self.report("cannot")
                return
        self.report("done")


async def carry_out(command):
    connection = connections.get(command["id"])
    if connection is None:
        say(id=command["id"], event="refused", error="no such connection")
        return
    try:
        await connection.carry_out(command)
    except Exception as error:
        connection.report("refused", error=str(error))


async def connect(command):
    try:
        socket = await websockets.connect(command["url"], compression=None, proxy=None, ping_interval=None, max_size=1 << 26)
    except Exception as error:
        say(id=command["id"], event="failed", error=str(error))
        return
    await Connection(command["id"], socket).read()


async def serve(socket):
    await Connection(socket.request.path[1:], socket).read()


async def main():
    async with websockets.serve(serve, "127.0.0.1", 0, compression=None, ping_interval=None, max_size=1 << 26) as server:
        port = server.sockets[0].getsockname()[1]
        say(event="listening", library="websockets", port=port, version=websockets.__version__)
        reader = asyncio.StreamReader(limit=1 << 20)
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        tasks = set()
        while line := await reader.readline():
            command = json.loads(line)
            run = connect if command["do"] == "connect" else carry_out
            task = asyncio.create_task(run(command))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        server.close(close_connections=True)


asyncio.run(main())
