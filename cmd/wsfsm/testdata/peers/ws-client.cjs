// Talks to an echo server with npm ws: node ws-client.cjs URL [wait]
const WebSocket = require("ws");
const { runClient } = require("./echo.cjs");

const [url, wait] = process.argv.slice(2);
const socket = new WebSocket(url, { rejectUnauthorized: false, perMessageDeflate: false, maxPayload: 1 << 26 });
const queue = [];
let waiting;
socket.on("message", (data, binary) => {
  const message = { data, binary };
  if (waiting) { waiting(message); waiting = undefined; } else queue.push(message);
});
runClient({
  opened: new Promise((resolve, reject) => { socket.on("open", resolve); socket.on("error", reject); }),
  closed: new Promise((resolve) => socket.on("close", (code, reason) => resolve({ code, reason: String(reason) }))),
  send: (data, binary) => socket.send(data, { binary }),
  fragments: (parts) => parts.forEach((part, i) => socket.send(part, { binary: false, fin: i === parts.length - 1 })),
  receive: () => queue.length ? Promise.resolve(queue.shift()) : new Promise((resolve) => { waiting = resolve; }),
  ping: (data) => new Promise((resolve) => { socket.once("pong", (got) => resolve(String(got))); socket.ping(data); }),
  close: (code, reason) => socket.close(code, reason),
}, wait);
