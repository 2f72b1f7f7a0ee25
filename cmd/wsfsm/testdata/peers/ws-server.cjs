// An echo server with npm ws: node ws-server.cjs [CERT KEY]. Prints its port. The
// text "close me" is answered by a close frame, "ping me" by a ping.
const fs = require("fs");
const http = require("http");
const https = require("https");
const { WebSocketServer } = require("ws");

const [cert, key] = process.argv.slice(2);
const server = cert ? https.createServer({ cert: fs.readFileSync(cert), key: fs.readFileSync(key) }) : http.createServer();
const sockets = new WebSocketServer({ server, maxPayload: 1 << 26, handleProtocols: (offered) => (offered.has("echo") ? "echo" : false) });
sockets.on("connection", (socket) => {
  socket.on("pong", (data) => socket.send("pong " + data));
  socket.on("message", (data, binary) => {
    if (String(data) === "close me") return socket.close(4002, "as you wish");
    if (String(data) === "ping me") return socket.ping("hello");
    if (!binary && data.length > 3) { // in fragments
      socket.send(data.subarray(0, 1), { binary, fin: false });
      socket.send(data.subarray(1), { binary, fin: true });
      return;
    }
    socket.send(data, { binary });
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
