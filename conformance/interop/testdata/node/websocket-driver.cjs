// Over plain sockets, with all drafts that the library has.
const net = require("net");
const websocket = require("websocket-driver");

function bind(driver, socket, attach) {
  const report = attach({
    text: (data) => driver.text(String(data)),
    binary: (data) => driver.binary(data),
    ping: (data) => driver.ping(data, () => report.pong(data)),
    close: (code, reason) => driver.close(reason, code),
    drop: () => socket.destroy(),
  });
  let closed = false;
  const close = (code, reason) => {
    if (!closed) report.closed(code, reason);
    closed = true;
  };
  driver.on("open", report.opened);
  driver.on("error", report.failed);
  driver.on("message", (event) => report.message(event.data, typeof event.data !== "string"));
  driver.on("close", (event) => {
    close(event.code, event.reason);
    socket.end();
  });
  socket.on("error", report.failed);
  socket.on("close", () => close(1006));
}

exports.listen = (attach) => new Promise((resolve) => {
  const server = net.createServer((socket) => {
    const driver = websocket.server({ allowDrafts: true });
    driver.on("connect", () => {
      bind(driver, socket, (commands) => attach(driver.url, commands));
      driver.start();
    });
    socket.on("error", () => {});
    socket.pipe(driver.io).pipe(socket);
  });
  server.listen(0, "127.0.0.1", () => resolve(server.address().port));
});

exports.connect = (url, version, attach) => {
  const driver = websocket.client(url);
  const { hostname, port } = new URL(url);
  const socket = net.connect(port, hostname, () => driver.start());
  bind(driver, socket, attach);
  socket.pipe(driver.io).pipe(socket);
};
