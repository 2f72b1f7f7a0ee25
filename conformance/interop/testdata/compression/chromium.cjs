// The WebSocket object of Chromium. Its offer cannot be chosen.
const { chromium } = require("playwright-core");

const args = [
  "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--no-first-run",
];

let browser, page;
const seen = new Map(); // who waits for the head of an answer, by URL

exports.version = () => browser.version();

exports.listen = async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args });
  page = await browser.newPage();
  const network = await page.context().newCDPSession(page);
  const urls = new Map();
  network.on("Network.webSocketCreated", ({ requestId, url }) => urls.set(requestId, url));
  network.on("Network.webSocketHandshakeResponseReceived", ({ requestId, response }) => {
    const name = Object.keys(response.headers).find((name) => name.toLowerCase() === "sec-websocket-extensions");
    seen.get(urls.get(requestId))(response.headers[name] ?? "");
  });
  await network.send("Network.enable");
};

function echo(url) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    socket.onmessage = (event) => socket.send(event.data);
    socket.onopen = () => resolve(socket.extensions);
    socket.onerror = () => reject(new Error("the WebSocket object reports an error"));
  });
}

// What is reported is the header field, if the WebSocket object says the same.
exports.connect = async (url, p, report) => {
  try {
    const head = new Promise((resolve) => seen.set(url, resolve));
    const extensions = await page.evaluate(echo, url);
    const header = await head;
    if (header === extensions) report("open", { extensions });
    else report("failed", { error: `header ${header}, extensions ${extensions}` });
  } catch (error) {
    report("failed", { error: error.message.split("\n")[0] });
  }
};

exports.end = () => browser.close();
