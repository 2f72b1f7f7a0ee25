// Renders Mermaid files in one page of a headless Chromium, with npm mermaid:
// node mermaid.cjs CHROMIUM FILE... Prints "ok NAME" or "FAILED NAME reason" each.
const fs = require("fs");
const { chromium } = require("playwright-core");

const [executablePath, ...files] = process.argv.slice(2);

async function main() {
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  const browser = await chromium.launch({ executablePath, args });
  const page = await browser.newPage();
  await page.setContent("<!doctype html><title>diagrams</title><body></body>");
  await page.addScriptTag({ path: require.resolve("mermaid/dist/mermaid.min.js") });
  await page.evaluate(() => mermaid.initialize({ startOnLoad: false }));
  for (const file of files) {
    const text = fs.readFileSync(file, "utf8");
    const problem = await page.evaluate(async (text) => {
      try {
        const { svg } = await mermaid.render("diagram", text);
        return svg.includes("<svg") ? "" : "no picture";
      } catch (error) {
        return String(error).split("\n")[0];
      }
    }, text);
    console.log(problem ? `FAILED ${file} ${problem}` : `ok ${file}`);
  }
  await browser.close();
}

main().catch((error) => { console.error(error); process.exit(1); });
