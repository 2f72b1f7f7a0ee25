const http = require("http");
const WebSocket = require("faye-websocket");

function bind(socket, attach) {
  const report = attach({
    text: (data) => socket.send(String(data)),
    binary: (data) => socket.send(data),
    ping: (data) => socket.ping(String(data), () => report.pong(data)),
    close: (code, reason) => socket.close(code, reason),
  });
  socket.on("open", report.opened);
  socket.on("message", (event) => report.message(event.data, typeof event.data !== "string"));
  socket.on("close", (event) => report.closed(event.code, event.reason));
  socket.on("error", report.failed);
}

exports.listen = (attach) => new Promise((resolve) => {
  const server = http.createServer();
  server.on("upgrade", (request, socket, body) => bind(new WebSocket(request, socket, body), (commands) => attach(request.url, commands)));
  server.listen(0, "127.0.0.1", () => resolve(server.address().port));
});

exports.connect = (url, version, attach) => bind(new WebSocket.Client(url), attach);
