// Loaded into a measured process before its own program (`--require`): answers, over the channel to its parent, what it uses. It
// changes nothing in that process, and ends it when the bench has gone. Nothing in src knows of it.
"use strict";
const v8 = require("node:v8");
const vm = require("node:vm");
const { isMainThread } = require("node:worker_threads");

// A thread of that process loads it too, and has no channel.
if (isMainThread) answerParent();

function answerParent() {
  v8.setFlagsFromString("--expose-gc");
  const collect = vm.runInNewContext("gc");

  process.on("message", (/** @type {{ ask: number, gc?: boolean }} */ { ask, gc }) => {
    if (ask === undefined) return;
    // Twice: what the first run finalises is freed by the second.
    if (gc) for (let turn = 0; turn < 2; turn += 1) collect();
    const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const handles = {};
    for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] ?? 0) + 1;
    process.send({ ask, rss, heapUsed, external, arrayBuffers, cpuMs: (user + system) / 1000, handles });
  });
  process.on("disconnect", () => process.exit(0));
  // Asking must not be what keeps it alive.
  process.channel.unref();
}
