#!/usr/bin/env node
// Opens a results folder's page in a real browser and holds it to what it promises: no error, no request to anywhere,
// tables that sort and filter, and a page that says everything without JavaScript.
//
// node .ci/browser/report.js report.html... [--shots DIR]     (needs chromium; CHROMIUM names another binary)
"use strict";
const { writeFileSync, mkdirSync } = require("node:fs");
const { join, resolve, basename, dirname } = require("node:path");
const { pathToFileURL } = require("node:url");
const { Browser, Tab } = require("./browser.js");

const problems = [];
const check = (holds, what) => { if (!holds) problems.push(what); };

/** The column's values of the rows that are shown, as they stand. */
const column = (title) => `(() => {
  const table = document.getElementById("miners");
  const at = [...table.tHead.rows[0].cells].findIndex((head) => head.textContent.trim() === ${JSON.stringify(title)});
  return [...table.tBodies[0].rows].filter((row) => !row.hidden).map((row) => row.cells[at].dataset.value ?? row.cells[at].textContent);
})()`;
const click = (title) => `[...document.querySelectorAll("#miners th button")]
  .find((button) => button.textContent.trim() === ${JSON.stringify(title)}).click()`;

async function sorting(tab, name) {
  const before = await tab.value(column("Miner"));
  await tab.value(click("Pay [alpha]"));
  const numbers = (texts) => texts.filter((text) => text !== "").map(Number);
  const falls = numbers(await tab.value(column("Pay [alpha]")));
  check(falls.every((x, k) => k === 0 || x <= falls[k - 1]), name + ": the first click does not sort by falling pay");
  await tab.value(click("Pay [alpha]"));
  const rises = numbers(await tab.value(column("Pay [alpha]")));
  check(rises.every((x, k) => k === 0 || x >= rises[k - 1]), name + ": the second click does not sort by rising pay");
  await tab.value(click("Miner"));
  const words = await tab.value(column("Miner"));
  const sorted = [...words].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  check(words.join("\n") === sorted.join("\n"), name + ": names are not sorted as words");
  check([...before].sort().join("\n") === [...words].sort().join("\n"), name + ": sorting lost or doubled a row");
  const marked = await tab.value(`document.querySelectorAll("#miners th[aria-sort]").length`);
  check(marked === 1, name + ": the sorted column is not marked for screen readers");
}

async function filtering(tab, name) {
  const all = await tab.value(column("Miner"));
  const set = (id, value, event) => tab.value(`(() => { const control = document.getElementById("${id}");
    control.value = ${JSON.stringify(value)}; control.dispatchEvent(new Event("${event}")); })()`);
  const group = (await tab.value(column("Class")))[0];
  await set("class-filter", "c:" + group, "change");
  const classes = await tab.value(column("Class"));
  check(classes.length > 0 && classes.every((one) => one === group), name + ": the class filter lets others through");
  await set("class-filter", "", "change");
  await set("miner-filter", all[0].toUpperCase(), "input");
  const found = await tab.value(column("Miner"));
  check(found.includes(all[0]), name + ": the filter does not find a miner by its name");
  await set("miner-filter", "no such miner \u2603", "input");
  check((await tab.value(column("Miner"))).length === 0, name + ": a filter for nobody shows somebody");
  await set("miner-filter", "", "input");
  check((await tab.value(column("Miner"))).length === all.length, name + ": an empty filter hides somebody");
}

async function layout(tab, name) {
  const wide = await tab.value("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  check(wide <= 0, name + ": the page is wider than its window by " + wide + " px");
  const clipped = await tab.value(`[...document.querySelectorAll("figure svg")].flatMap((svg) => {
    const box = svg.getBoundingClientRect();
    return [...svg.querySelectorAll("text")].filter((text) => {
      const own = text.getBoundingClientRect();
      return own.left < box.left - 1 || own.right > box.right + 1 || own.top < box.top - 1 || own.bottom > box.bottom + 1;
    }).map((text) => svg.closest("figure").id + ": " + text.textContent.trim());
  })`);
  for (const text of clipped) problems.push(name + ": clipped text in plot " + text);
  const overlaps = await tab.value(`[...document.querySelectorAll("figure svg")].flatMap((svg) => {
    const boxes = [...svg.querySelectorAll("text")].map((text) => [text, text.getBoundingClientRect()]);
    const found = [];
    boxes.forEach(([a, p], k) => boxes.slice(k + 1).forEach(([b, q]) => {
      const [w, h] = [Math.min(p.right, q.right) - Math.max(p.left, q.left), Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top)];
      if (w > 2 && h > 5) found.push(svg.closest("figure").id + ": " + a.textContent.trim() + " / " + b.textContent.trim());
    }));
    return found;
  })`);
  for (const text of overlaps) problems.push(name + ": texts overlap in plot " + text);
  const described = await tab.value(`[...document.querySelectorAll("figure svg")].every((svg) =>
    svg.querySelector("title")?.textContent && svg.querySelector("desc")?.textContent)`);
  check(described, name + ": a plot has no title or description");
}

async function page(browser, file, shots) {
  const url = pathToFileURL(resolve(file)).href;
  const name = basename(dirname(resolve(file)));
  const tab = await Tab.open(browser, url, true);
  if (await tab.value(`document.getElementById("miners") !== null`)) {
    await sorting(tab, name);
    await filtering(tab, name);
  }
  await layout(tab, name);
  check(await tab.value("document.scripts.length") === 1, name + ": there is another script in the page");
  const outside = tab.requests.filter((request) => request !== url && !request.startsWith("data:"));
  check(outside.length === 0, name + ": requests to " + outside.join(", "));
  check(tab.faults.length === 0, name + ": " + tab.faults.join("; "));
  if (shots) {
    mkdirSync(shots, { recursive: true });
    await tab.load("Page.reload");
    await tab.shot(join(shots, name + "-top.png"), { x: 0, y: 0, width: 1200, height: 1500, scale: 1 });
    const height = await tab.value("document.documentElement.scrollHeight");
    await tab.shot(join(shots, name + "-all.png"), { x: 0, y: 0, width: 1200, height: Math.min(height, 14000), scale: 0.5 });
    const { data } = await tab.send("Page.printToPDF", { paperWidth: 8.27, paperHeight: 11.69, printBackground: false });
    writeFileSync(join(shots, name + ".pdf"), Buffer.from(data, "base64"));
  }
  await tab.close();
  const plain = await Tab.open(browser, url, false);
  const { root } = await plain.send("DOM.getDocument", { depth: 0 });
  const { nodeIds } = await plain.send("DOM.querySelectorAll", { nodeId: root.nodeId, selector: "table tbody tr" });
  check(nodeIds.length > 0, name + ": without JavaScript there is no table");
  check(plain.faults.length === 0, name + " without JavaScript: " + plain.faults.join("; "));
  await plain.close();
  console.log("looked at " + name);
}

async function main() {
  const args = process.argv.slice(2);
  const at = args.indexOf("--shots");
  const shots = at < 0 ? null : args.splice(at, 2)[1];
  if (args.length === 0) throw new Error("name a page");
  const browser = new Browser();
  browser.process.on("error", (error) => { console.error("cannot start chromium: " + error.message); process.exit(4); });
  try {
    for (const file of args) await page(browser, file, shots).catch((error) => problems.push(file + ": " + error.message));
  } finally {
    await browser.close();
  }
  for (const problem of problems) console.error("PROBLEM " + problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

main().catch((error) => { console.error(error); process.exit(4); });
