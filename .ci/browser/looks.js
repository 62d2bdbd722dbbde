#!/usr/bin/env node
// Looks at a results folder's page as its readers do: wide, narrow and on a phone, light, dark and printed, with a pointer, with
// keys and through an accessibility checker.
//
// node .ci/browser/looks.js report.html... [--axe axe.min.js] [--shots DIR]
//
// Without --axe nothing is said of accessibility. CHROMIUM names another browser.
"use strict";
const { readFileSync, writeFileSync, mkdirSync } = require("node:fs");
const { join, resolve, basename, dirname } = require("node:path");
const { pathToFileURL } = require("node:url");
const { Browser, Tab } = require("./browser.js");

/** Windows: width and height [px], and whether it is a phone. */
const WINDOWS = [[1200, 900, false], [700, 900, false], [390, 844, true]];
const SCHEMES = ["light", "dark"];
/** Printed pages before the table of all miners. */
const PAGES_MAX = 8;
/** A4 [in]. */
const PAPER = { paperWidth: 8.27, paperHeight: 11.69 };
/** What the checker holds a page to; worse than moderate is a fault. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];
const FAULTS = ["serious", "critical"];

const problems = [];
const check = (holds, what) => { if (!holds) problems.push(what); };

async function show(tab, [width, height, mobile], scheme) {
  await tab.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile });
  await tab.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
  await tab.promised("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))");
}

/** No line leads out of the window, and the answer is seen without scrolling. */
async function layout(tab, name, height, isPhone) {
  const wide = await tab.value("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  check(wide <= 0, `${name}: wider than its window by ${wide} px`);
  const ends = await tab.value(`(() => {
    const end = (selector) => [...document.querySelectorAll(selector)].map((one) => one.getBoundingClientRect().bottom + scrollY);
    const tiles = end(".tiles > li");
    return { lead: end(".answer .lead"), figures: tiles.slice(0, 2), all: end(".answer") };
  })()`);
  const hasMeasure = ends.lead.length === 1 && ends.figures.length === 2;
  const needed = hasMeasure ? (isPhone ? [...ends.lead, ...ends.figures] : ends.all) : ends.all.slice(0, isPhone ? 0 : 1);
  check(needed.every((end) => end <= height), `${name}: the answer ends at ${Math.round(Math.max(...needed))} px of ${height}`);
  return hasMeasure;
}

/** Pixels of the page's corner and of its text: a dark page is dark. */
async function colours(tab, name, scheme) {
  const [paper, ink] = await tab.value(`(() => { const style = getComputedStyle(document.body);
    const light = (colour) => { const [r, g, b] = colour.match(/[0-9.]+/g).map(Number); return 0.3 * r + 0.6 * g + 0.1 * b; };
    return [light(style.backgroundColor), light(style.color)]; })()`);
  check(scheme === "dark" ? paper < 60 && ink > 180 : paper > 230 && ink < 80, `${name}: paper ${paper}, ink ${ink}`);
}

/** Holds the page to the rules; in the dark only its colours can differ. */
async function accessible(tab, name, axe, scheme) {
  if ((await tab.value("typeof axe")) === "undefined") await tab.value(axe + "; 0");
  const found = await tab.promised(`axe.run(document, { runOnly: ${JSON.stringify(scheme === "dark" ? ["color-contrast"] : RULES)} }).then((r) => ({
    violations: r.violations.map((v) => [v.id, v.impact, v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join("; ")]),
    passes: r.passes.length, incomplete: r.incomplete.map((v) => v.id) }))`);
  for (const [id, impact, where] of found.violations) {
    const text = `${name}: ${impact} ${id}: ${where}`;
    FAULTS.includes(impact) ? problems.push(text) : console.log("minor: " + text);
  }
  console.log(`${name}: ${found.violations.length} violations, ${found.passes} passes, to judge by eye: ${found.incomplete.join(", ") || "none"}`);
}

/** The first plot tells a value under the pointer and under the arrow keys, and can be reached by Tab. */
async function values(tab, name) {
  const first = `document.querySelector(".plot:has(.spots)")`;
  if (!(await tab.value(`${first} !== null`))) return;
  const said = `${first}.nextElementSibling.textContent`;
  const title = (place) => tab.value(`${first}.querySelectorAll(".spots > *")[${place}].textContent`);
  const place = await tab.value(`(() => { const last = ${first}.querySelector(".spots > *:last-child");
    last.scrollIntoView({ block: "center" });
    const box = last.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2]; })()`);
  await tab.send("Input.dispatchMouseEvent", { type: "mouseMoved", x: place[0], y: place[1] });
  const count = await tab.value(`${first}.querySelectorAll(".spots > *").length`);
  const titles = await tab.value(`[...${first}.querySelectorAll(".spots > *")].map((one) => one.textContent)`);
  check(titles.includes(await tab.value(said)), name + ": a plot does not tell its value under the pointer");
  const key = async (key) => {
    for (const type of ["keyDown", "keyUp"]) await tab.send("Input.dispatchKeyEvent", { type, key, code: key });
  };
  await tab.send("Input.dispatchMouseEvent", { type: "mouseMoved", x: 1, y: 1 });
  await tab.value(`(() => { const all = [...document.querySelectorAll("a, [tabindex='0'], button, input, select, summary")];
    const before = all[all.indexOf(${first}) - 1]; before ? before.focus() : document.activeElement.blur(); })()`);
  for (const type of ["keyDown", "keyUp"]) await tab.send("Input.dispatchKeyEvent", { type, key: "Tab", code: "Tab", windowsVirtualKeyCode: 9 });
  check(await tab.value(`document.activeElement === ${first}`), name + ": Tab does not reach the first plot");
  await key("Home");
  check((await tab.value(said)) === (await title(0)), name + ": Home does not read the first value");
  await key("ArrowLeft");
  check((await tab.value(said)) === (await title(count - 1)), name + ": the arrow keys do not read a value");
}

/** Pages before the table of all miners, when printed. */
async function printed(tab, name, shots) {
  await tab.value("document.activeElement.blur()");
  if (shots) {
    const { data } = await tab.send("Page.printToPDF", { ...PAPER, printBackground: true });
    writeFileSync(join(shots, name + ".pdf"), Buffer.from(data, "base64"));
  }
  const has = await tab.value(`(() => { const table = document.getElementById("all-miners"); if (!table) return false;
    while (table.nextSibling) table.nextSibling.remove(); table.remove(); return true; })()`);
  if (!has) return;
  const { data } = await tab.send("Page.printToPDF", { ...PAPER, printBackground: true });
  const count = (Buffer.from(data, "base64").toString("latin1").match(/\/Type\s*\/Page(?!s)/g) ?? []).length;
  check(count >= 1 && count <= PAGES_MAX, `${name}: ${count} printed pages before the miners, allowed: 1 to ${PAGES_MAX}`);
  console.log(`${name}: ${count} printed pages before the miners`);
}

async function page(browser, file, { axe, shots }) {
  const url = pathToFileURL(resolve(file)).href;
  const name = basename(dirname(resolve(file)));
  const tab = await Tab.open(browser, url, true);
  tab.promised = async (expression) => {
    const { result, exceptionDetails } = await tab.send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  if (shots) mkdirSync(shots, { recursive: true });
  let measured = false;
  for (const window of WINDOWS) for (const scheme of SCHEMES) {
    const [width, height, isPhone] = window;
    const shown = `${name} ${width} px ${scheme}`;
    await show(tab, window, scheme);
    await tab.value("scrollTo(0, 0)");
    measured = await layout(tab, shown, height, isPhone);
    await colours(tab, shown, scheme);
    if (axe && (width === WINDOWS[0][0] || (isPhone && scheme === "light"))) await accessible(tab, shown, axe, scheme);
    if (shots) {
      const of = (tall, end) => tab.shot(join(shots, `${name}-${width}-${scheme}${end}.png`), { x: 0, y: 0, width, height: tall, scale: 1 });
      const whole = await tab.value("document.documentElement.scrollHeight");
      await of(height, "");
      await of(Math.min(whole, 9000), "-all");
    }
  }
  await show(tab, WINDOWS[0], "light");
  await values(tab, name);
  check(tab.faults.length === 0, name + ": " + tab.faults.join("; "));
  await printed(tab, name, shots);
  await tab.close();
  console.log(`looked at ${name}${measured ? "" : ", which has no measure of fairness"}`);
}

async function main() {
  const args = process.argv.slice(2);
  const option = (name) => { const at = args.indexOf(name); return at < 0 ? null : args.splice(at, 2)[1]; };
  const [axe, shots] = [option("--axe"), option("--shots")];
  if (args.length === 0) throw new Error("name a page");
  const browser = new Browser();
  browser.process.on("error", (error) => { console.error("cannot start chromium: " + error.message); process.exit(4); });
  try {
    const how = { axe: axe && readFileSync(axe, "utf8"), shots };
    for (const file of args) await page(browser, file, how).catch((error) => problems.push(file + ": " + error.message));
  } finally {
    await browser.close();
  }
  for (const problem of problems) console.error("PROBLEM " + problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

main().catch((error) => { console.error(error); process.exit(4); });
