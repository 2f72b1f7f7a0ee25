// Talks to an echo server with npm websocket-driver over a plain socket:
// node driver-client.cjs URL [wait]
const net = require("net");
const tls = require("tls");
const websocket = require("websocket-driver");
const { runClient } = require("./echo.cjs");

const [url, wait] = process.argv.slice(2);
const { hostname, port, protocol } = new URL(url);
const socket = protocol === "wss:" ? tls.connect({ host: hostname, port, rejectUnauthorized: false }) : net.connect(port, hostname);
const driver = websocket.client(url);
socket.pipe(driver.io).pipe(socket);
socket.on(protocol === "wss:" ? "secureConnect" : "connect", () => driver.start());
const queue = [];
let waiting;
driver.messages.on("data", (data) => {
  const message = { data, binary: typeof data !== "string" };
  if (waiting) { waiting(message); waiting = undefined; } else queue.push(message);
});
runClient({
  opened: new Promise((resolve, reject) => { driver.on("open", resolve); driver.on("error", reject); socket.on("error", reject); }),
  closed: new Promise((resolve) => driver.on("close", (event) => { socket.end(); resolve({ code: event.code, reason: event.reason }); })),
  send: (data, binary) => (binary ? driver.binary(data) : driver.text(data)),
  receive: () => queue.length ? Promise.resolve(queue.shift()) : new Promise((resolve) => { waiting = resolve; }),
  ping: (data) => new Promise((resolve) => driver.ping(data, () => resolve(data))),
  close: (code, reason) => driver.close(reason, code),
}, wait);
