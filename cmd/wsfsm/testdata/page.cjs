// Drives the page of the echo server in Chromium and prints what it shows as
// JSON. Usage: node page.cjs CHROMIUM URL NUMBER-OF-LOOKS [DIRECTORY FOR SCREENSHOTS]
"use strict";
const { chromium } = require("playwright-core");
const path = require("node:path");

const [executablePath, url, count, pictures] = process.argv.slice(2);
const args = [
  "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--no-first-run", "--ignore-certificate-errors",
];
const looks = [
  { name: "light-wide", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { name: "dark-wide", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { name: "light-middle", colorScheme: "light", viewport: { width: 900, height: 1000 } },
  { name: "dark-narrow", colorScheme: "dark", viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
];

async function drive(browser, look) {
  const context = await browser.newContext({ ...look, ignoreHTTPSErrors: true });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (m) => complaints.push(m.text()));
  page.on("pageerror", (e) => complaints.push(String(e)));
  page.on("requestfailed", (r) => complaints.push("failed: " + r.url()));
  const response = await page.goto(url);

  const status = (text) => page.waitForFunction((t) => document.getElementById("status").textContent.startsWith(t), text);
  const entries = (n) => page.waitForFunction((n) => document.querySelectorAll("#log > li").length >= n, n);
  const texts = (selector) => page.$$eval(selector, (all) => all.map((e) => e.innerText));

  if (pictures) await page.screenshot({ path: path.join(pictures, look.name + "-first.png") });
  await page.click("#connect button");
  await status("Connected");
  await page.fill("#message", "Grüße, 世界");
  await page.keyboard.press("Enter");
  await entries(3);
  await page.check("input[value=binary]");
  await page.fill("#message", "00 ff 1");
  await page.keyboard.press("Enter");
  const problem = await page.textContent("#send-problem");
  await page.fill("#message", "00 ff 10");
  await page.keyboard.press("Enter");
  await entries(5);
  await page.fill("#message", "2a".repeat(300));
  await page.click("#send button");
  await entries(7);
  await page.waitForFunction(() => document.querySelectorAll("#frames > li").length >= 6);
  await page.click("#frames > li:first-child summary");
  const steps = await texts("#frames > li:first-child .steps > li");
  if (pictures) await page.screenshot({ path: path.join(pictures, look.name + ".png"), fullPage: look.isMobile });

  await page.fill("#code", "2000");
  await page.click("#close button");
  const closeProblem = await page.textContent("#close-problem");
  await page.fill("#code", "3999");
  await page.fill("#reason", "enough");
  await page.click("#close button");
  await status("Closed");
  await page.waitForFunction(() => document.querySelectorAll("#frames > li").length >= 8);
  const result = {
    look: look.name, status: response.status(), state: await page.textContent("#status"), problem, closeProblem, steps,
    log: await texts("#log > li"), frames: await texts("#frames > li summary"), complaints,
    overflow: await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    small: await page.$$eval("button, input:not([type=radio]), textarea, fieldset label",
      (all) => all.filter((e) => e.offsetParent && e.getBoundingClientRect().height < 40).map((e) => e.id || e.textContent)),
    unlabelled: await page.$$eval("input, textarea", (all) => all.filter((e) => e.labels.length === 0).map((e) => e.id)),
  };
  await context.close();
  return result;
}

(async () => {
  const browser = await chromium.launch({ executablePath, args });
  try {
    const results = [];
    for (const look of looks.slice(0, Number(count))) results.push(await drive(browser, look));
    console.log(JSON.stringify(results, null, 1));
  } finally {
    await browser.close();
  }
})().catch((e) => {
  console.error(e);
  process.exit(1);
});
