// Node's implementations of permessage-deflate, and Chromium's, as echoes:
// node main.cjs NAME...
//
// A server gets the parameters that it is set to as the query of the URL, a
// client those that it offers with the command on standard input to connect,
// {"id", "url", "library", "parameters"}; both as the header field has them.
// Each connection sends back what comes until the other end closes. Standard
// output has {"event":"listening"} for each name, with its port and version,
// and {"id", "event"} for what a client reports.
const readline = require("readline");

const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");

// read returns the parameters as an object: true for those without a value.
function read(parameters) {
  const pairs = parameters.split(";").map((parameter) => parameter.trim().split("="));
  return Object.fromEntries(pairs.filter(([name]) => name).map(([name, value]) => [name, value === undefined ? true : Number(value)]));
}

const ofURL = (url) => read(url.split("?")[1] ?? "");

async function main(names) {
  const libraries = {};
  for (const name of names) {
    libraries[name] = require(`./${name}.cjs`);
    const port = (await libraries[name].listen(ofURL)) ?? 0;
    say({ event: "listening", library: name, port, version: libraries[name].version() });
  }
  const lines = readline.createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    const { id, library, url, parameters } = JSON.parse(line);
    const report = (event, more) => say({ id, event, ...more });
    libraries[library].connect(url, read(parameters ?? ""), report);
  });
  lines.on("close", async () => {
    for (const library of Object.values(libraries)) await library.end?.();
    process.exit(0);
  });
}

main(process.argv.slice(2));
