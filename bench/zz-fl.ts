import { Agent } from "node:http";
import { openCall } from "./parts/call.ts";
import { startChild, endChildren } from "./parts/children.ts";
const pct = (a: number[], p: number) => [...a].sort((x, y) => x - y)[Math.floor(a.length * p)]!;
const all = await Promise.all(process.argv.slice(2).map(async (p) => { const child = startChild([p], { cwd: "/tmp", env: { PATH: process.env.PATH ?? "" } }); return { p, child, url: `http://127.0.0.1:${await child.port}`, agent: new Agent({ keepAlive: true }), times: [] as number[] }; }));
let before: any[] = [];
const N = 600;
for (let i = -200; i < N; i++) { if (i === 0) before = await Promise.all(all.map((s) => s.child.usage()));
  for (const s of all) { const t = performance.now(); const a = await openCall({ url: s.url, tool: "answer", agent: s.agent }, { id: "n" }).answer; if (i >= 0) s.times.push(a.at - t); } }
const after = await Promise.all(all.map((s) => s.child.usage()));
all.forEach((s, k) => console.log(s.p.slice(-14), "cpu", ((after[k]!.cpuMs - before[k].cpuMs) / N).toFixed(2), "p50", pct(s.times, 0.5).toFixed(2)));
const e = await Promise.all(all.map((s) => s.child.usage(true)));
for (const s of all) for (let b = 0; b < 10; b++) await Promise.all(Array.from({ length: 100 }, (_, i) => openCall({ url: s.url, tool: "wait" }, { id: `w${b}-${i}` }).taken));
const f = await Promise.all(all.map((s) => s.child.usage(true)));
all.forEach((s, k) => console.log(s.p.slice(-14), "kB each: heap", ((f[k]!.heapUsed - e[k]!.heapUsed) / 1e6).toFixed(1), "rss", ((f[k]!.rss - e[k]!.rss) / 1e6).toFixed(1)));
endChildren(); process.exit(0);
