// What every client of an echo server does: messages of many sizes, 10,000
// small ones, fragments, a ping, a close. Prints "ok" when all came back.
const assert = require("assert");

const sizes = [0, 1, 125, 126, 65535, 65536, 16 << 20];

async function echo(peer) {
  for (const size of sizes) {
    const text = "ä€😀x".repeat(Math.ceil(size / 10)).slice(0, Math.ceil(size / 3));
    const data = Buffer.alloc(size, "0123456789abcdef");
    peer.send(text, false);
    const first = await peer.receive();
    assert.strictEqual(String(first.data), text);
    assert.strictEqual(first.binary, false);
    peer.send(data, true);
    const second = await peer.receive();
    assert.strictEqual(Buffer.compare(Buffer.from(second.data), data), 0);
    assert.strictEqual(second.binary, true);
  }
  const count = 10000;
  for (let i = 0; i < count; i++) peer.send("message " + i, false);
  for (let i = 0; i < count; i++) assert.strictEqual(String((await peer.receive()).data), "message " + i);
  if (peer.fragments) {
    peer.fragments(["frag", "men", "", "ted"]);
    assert.strictEqual(String((await peer.receive()).data), "fragmented");
  }
  assert.strictEqual(await peer.ping("are you there"), "are you there");
}

exports.runClient = async (peer, wait) => {
  try {
    await peer.opened;
    if (wait) {
      console.log("open");
    } else {
      await echo(peer);
      peer.close(4001, "done");
    }
    const { code, reason } = await peer.closed;
    console.log(wait ? `closed ${code}` : `ok ${code} ${reason}`);
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
};
