// Node's WebSocket libraries under remote control: node main.cjs LIBRARY...
//
// Standard input has one command per line, {"id", "do", ...}; standard output
// one event per line, {"id", "event", ...}. Payloads are base64. First comes
// {"event":"listening"} for each library, with its port and its version. The
// name of a server's connection is the path that the client asks for.
const fs = require("fs");
const path = require("path");
const readline = require("readline");

const connections = new Map();

const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");
const octets = (data) => Buffer.from(data ?? "");

// attach gives a connection its name and returns the functions that report what
// happens to it. What the library has no function for is not among commands.
function attach(id, commands) {
  connections.set(id, commands);
  const report = (event, more) => say({ id, event, ...more });
  return {
    opened: () => report("open"),
    message: (data, binary) => report("message", { binary, data: octets(data).toString("base64") }),
    pong: (data) => report("pong", { data: octets(data).toString("base64") }),
    closed: (code, reason) => {
      connections.delete(id);
      report("closed", { code: code ?? 0, reason: String(reason ?? "") });
    },
    failed: (error) => report("failed", { error: String(error?.message ?? error) }),
  };
}

function carryOut(command) {
  const commands = connections.get(command.id);
  if (!commands) return say({ id: command.id, event: "refused", error: "no such connection" });
  if (!commands[command.do]) return say({ id: command.id, event: "cannot" });
  try {
    const data = Buffer.from(command.data ?? "", "base64");
    const parts = (command.parts ?? []).map((part) => Buffer.from(part, "base64"));
    const operation = {
      text: () => commands.text(data),
      binary: () => commands.binary(data),
      fragments: () => commands.fragments(parts),
      ping: () => commands.ping(data),
      close: () => commands.close(command.code, command.reason),
      closeEmpty: () => commands.closeEmpty(),
      drop: () => commands.drop(),
    }[command.do];
    if (operation() === false) say({ id: command.id, event: "refused", error: "returned false" });
    else say({ id: command.id, event: "done" });
  } catch (error) {
    say({ id: command.id, event: "refused", error: String(error.message) });
  }
}

async function main(names) {
  const libraries = {};
  for (const name of names) {
    libraries[name] = require(`./${name}.cjs`);
    const port = await libraries[name].listen((url, commands) => attach(url.slice(1), commands));
    const { version } = JSON.parse(fs.readFileSync(path.join(process.env.NODE_PATH, name, "package.json")));
    say({ event: "listening", library: name, port, version });
  }
  const lines = readline.createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    const command = JSON.parse(line);
    if (command.do !== "connect") return carryOut(command);
    const { library } = command;
    libraries[library].connect(command.url, command.version, (commands) => attach(command.id, commands));
  });
  lines.on("close", () => process.exit(0));
}

main(process.argv.slice(2));
