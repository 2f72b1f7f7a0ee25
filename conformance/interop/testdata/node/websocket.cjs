const http = require("http");
const { client: Client, server: Server } = require("websocket");

function bind(connection, attach) {
  const report = attach({
    text: (data) => connection.sendUTF(String(data)),
    binary: (data) => connection.sendBytes(data),
    // The library cuts a message into fragments of one size, that of the first part.
    fragments: (parts) => {
      const whole = connection.config;
      connection.config = { ...whole, fragmentOutgoingMessages: true, fragmentationThreshold: parts[0].length };
      connection.sendUTF(String(Buffer.concat(parts)));
      connection.config = whole;
    },
    ping: (data) => connection.ping(data),
    close: (code, reason) => connection.close(code, reason),
    drop: () => connection.drop(),
  });
  connection.on("message", (m) => report.message(m.type === "utf8" ? m.utf8Data : m.binaryData, m.type === "binary"));
  connection.on("pong", report.pong);
  connection.on("close", report.closed);
  connection.on("error", report.failed);
  report.opened();
}

exports.listen = (attach) => new Promise((resolve) => {
  const httpServer = http.createServer();
  const server = new Server({ httpServer, keepalive: false, maxReceivedFrameSize: 1 << 26, fragmentOutgoingMessages: false });
  server.on("request", (request) => bind(request.accept(null, request.origin), (commands) => attach(request.resource, commands)));
  httpServer.listen(0, "127.0.0.1", () => resolve(httpServer.address().port));
});

exports.connect = (url, version, attach) => {
  const client = new Client({ webSocketVersion: version, fragmentOutgoingMessages: false });
  client.on("connect", (connection) => bind(connection, attach));
  client.on("connectFailed", (error) => attach({}).failed(error));
  client.connect(url);
};
