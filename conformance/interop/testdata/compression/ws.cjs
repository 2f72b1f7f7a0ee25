const http = require("http");
const { WebSocket, WebSocketServer } = require("ws");

exports.version = () => require("ws/package.json").version;

const options = (p) => ({
  serverNoContextTakeover: p.server_no_context_takeover,
  clientNoContextTakeover: p.client_no_context_takeover,
  serverMaxWindowBits: p.server_max_window_bits,
  clientMaxWindowBits: p.client_max_window_bits,
});

// echo sends texts of 2000 octets back in two fragments.
function echo(socket) {
  return socket.on("message", (data, binary) => {
    const fin = binary || data.length !== 2000;
    socket.send(fin ? data : data.subarray(0, 999), { binary, fin });
    if (!fin) socket.send(data.subarray(999), { binary });
  });
}

exports.listen = (ofURL) => new Promise((resolve) => {
  const server = http.createServer();
  server.on("upgrade", (request, socket, head) => {
    const one = new WebSocketServer({ noServer: true, perMessageDeflate: options(ofURL(request.url)) });
    one.handleUpgrade(request, socket, head, (connection) => echo(connection).on("error", () => {}));
  });
  server.listen(0, "127.0.0.1", () => resolve(server.address().port));
});

// A client that is not told leaves client_max_window_bits out.
exports.connect = (url, p, report) => {
  const perMessageDeflate = { ...options(p), clientMaxWindowBits: p.client_max_window_bits ?? false };
  echo(new WebSocket(url, { perMessageDeflate })).on("error", (error) => report("failed", { error: error.message }));
};
