// Under websocket-driver, over plain sockets.
const net = require("net");
const deflate = require("permessage-deflate");
const websocket = require("websocket-driver");

exports.version = () => require("permessage-deflate/package.json").version;

// configured leaves out what is not there: the library takes an option of value
// undefined for a wish.
const configured = (options) => deflate.configure(JSON.parse(JSON.stringify(options)));

function echo(driver, socket) {
  driver.on("message", ({ data }) => (typeof data === "string" ? driver.text(data) : driver.binary(data)));
  driver.on("close", () => socket.end());
  socket.on("error", () => {});
}

exports.listen = (ofURL) => new Promise((resolve) => {
  const server = net.createServer({ noDelay: true }, (socket) => {
    const driver = websocket.server();
    driver.on("connect", () => {
      const p = ofURL(driver.url);
      driver.addExtension(configured({
        noContextTakeover: p.server_no_context_takeover,
        maxWindowBits: p.server_max_window_bits,
        requestNoContextTakeover: p.client_no_context_takeover,
        requestMaxWindowBits: p.client_max_window_bits,
      }));
      driver.start();
    });
    echo(driver, socket);
    socket.pipe(driver.io).pipe(socket);
  });
  server.listen(0, "127.0.0.1", () => resolve(server.address().port));
});

// The client always offers client_max_window_bits, without a value unless told.
exports.connect = (url, p, report) => {
  const driver = websocket.client(url);
  driver.addExtension(configured({
    noContextTakeover: p.client_no_context_takeover,
    maxWindowBits: p.client_max_window_bits === true ? undefined : p.client_max_window_bits,
    requestNoContextTakeover: p.server_no_context_takeover,
    requestMaxWindowBits: p.server_max_window_bits,
  }));
  const { hostname, port } = new URL(url);
  const socket = net.connect({ port, host: hostname, noDelay: true }, () => driver.start());
  echo(driver, socket);
  driver.on("error", (error) => report("failed", { error: error.message }));
  socket.pipe(driver.io).pipe(socket);
};
