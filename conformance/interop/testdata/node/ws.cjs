const { WebSocket, WebSocketServer } = require("ws");

function bind(socket, attach) {
  const report = attach({
    text: (data) => socket.send(data, { binary: false }),
    binary: (data) => socket.send(data, { binary: true }),
    fragments: (parts) => parts.forEach((part, i) => socket.send(part, { binary: false, fin: i === parts.length - 1 })),
    ping: (data) => socket.ping(data),
    close: (code, reason) => socket.close(code, reason),
    closeEmpty: () => socket.close(),
    drop: () => socket.terminate(),
  });
  socket.on("open", report.opened);
  socket.on("message", report.message);
  socket.on("pong", report.pong);
  socket.on("close", report.closed);
  socket.on("error", report.failed);
  return report;
}

exports.listen = (attach) => new Promise((resolve) => {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, maxPayload: 1 << 26 });
  server.on("connection", (socket, request) => bind(socket, (commands) => attach(request.url, commands)).opened());
  server.on("listening", () => resolve(server.address().port));
});

exports.connect = (url, version, attach) => {
  bind(new WebSocket(url, { protocolVersion: version, perMessageDeflate: false, maxPayload: 1 << 26 }), attach);
};
