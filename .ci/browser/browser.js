// A headless chromium over its own protocol, without a package: a browser, and a tab of it.
"use strict";
const { spawn } = require("node:child_process");
const { mkdtempSync, writeFileSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

const STEP_MS = 60000;

class Browser {
  constructor() {
    this.profile = mkdtempSync(join(tmpdir(), "assay-browser-"));
    const args = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
      "--remote-debugging-pipe", "--user-data-dir=" + this.profile, "about:blank"];
    this.process = spawn(process.env.CHROMIUM ?? "chromium", args, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    this.next = 1;
    this.waiting = new Map();
    this.listeners = new Set();
    let rest = "";
    this.process.stdio[4].setEncoding("utf8").on("data", (text) => {
      const parts = (rest + text).split("\0");
      rest = parts.pop();
      for (const part of parts) this.receive(JSON.parse(part));
    });
  }
  receive(message) {
    if (message.id === undefined) return this.listeners.forEach((listener) => listener(message));
    const { done, fail } = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    message.error ? fail(new Error(message.error.message)) : done(message.result);
  }
  send(method, params = {}, sessionId = undefined) {
    const id = this.next++;
    this.process.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + "\0");
    return new Promise((done, fail) => {
      this.waiting.set(id, { done, fail });
      setTimeout(() => fail(new Error(method + " took too long")), STEP_MS).unref();
    });
  }
  async close() {
    await this.send("Browser.close").catch(() => {});
    await new Promise((done) => this.process.exitCode === null ? this.process.once("exit", done) : done());
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

class Tab {
  static async open(browser, url, withScripts) {
    const { targetId } = await browser.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await browser.send("Target.attachToTarget", { targetId, flatten: true });
    const tab = Object.assign(new Tab(), { browser, sessionId, targetId, requests: [], faults: [] });
    tab.listener = ({ method, params, sessionId: from }) => {
      if (from !== sessionId) return;
      if (method === "Page.loadEventFired") tab.loaded?.();
      if (method === "Network.requestWillBeSent") tab.requests.push(params.request.url);
      if (method === "Runtime.exceptionThrown") tab.faults.push(params.exceptionDetails.text);
      if (method === "Runtime.consoleAPICalled" && params.type === "error") tab.faults.push("console.error");
      if (method === "Log.entryAdded" && params.entry.level === "error") tab.faults.push(params.entry.text);
    };
    browser.listeners.add(tab.listener);
    for (const domain of ["Page", "Runtime", "Network", "Log"]) await tab.send(domain + ".enable");
    if (!withScripts) await tab.send("Emulation.setScriptExecutionDisabled", { value: true });
    await tab.send("Emulation.setDeviceMetricsOverride", { width: 1200, height: 900, deviceScaleFactor: 1, mobile: false });
    await tab.load("Page.navigate", { url });
    return tab;
  }
  /** Does what loads a page, and waits until it is there. */
  async load(method, params) {
    const load = new Promise((done, fail) => {
      this.loaded = done;
      setTimeout(() => fail(new Error("the page did not load")), STEP_MS).unref();
    });
    await this.send(method, params);
    await load;
  }
  send(method, params) { return this.browser.send(method, params, this.sessionId); }
  async value(expression) {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", { expression, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }
  async shot(file, clip) {
    const { data } = await this.send("Page.captureScreenshot", { format: "png", captureBeyondViewport: true, clip });
    writeFileSync(file, Buffer.from(data, "base64"));
  }
  async close() {
    this.browser.listeners.delete(this.listener);
    await this.browser.send("Target.closeTarget", { targetId: this.targetId });
  }
}

module.exports = { Browser, Tab };
