// The steps of a running server, as seen from around it: what it asks its store, what it sends and answers, which programs it starts,
// what it says of its requests. A step is reached `before` and `after`; at the one that is armed the process is killed.
import childProcess from "node:child_process";
import http from "node:http";
import { syncBuiltinESMExports } from "node:module";

/** Ids and numbers of one run only: without them a step has the same name in each. */
const NAMELESS = [
  [/\?.*$/, ""],
  [/\/(SM|MM|HX|AC|IS)[0-9a-f]{32}/g, "/$1…"],
  [/\/[a-km-z]{5}(?=\/|$)/g, "/…"],
  [/^(\w+ )\/bot[^/]+\//, "$1/bot…/"],
];

export function createPoints() {
  /** @type {Map<string, number>} */
  let counts = new Map();
  /** @type {{ name: string, nth: number, when: "before" | "after", signal?: "SIGTERM" } | undefined} */
  let armed;
  let isRecording = false;
  let log = [];

  function reach(name, nth, when) {
    if (isRecording) log.push({ name, nth, when });
    if (armed === undefined || armed.name !== name || armed.nth !== nth || armed.when !== when) return;
    if (armed.signal === "SIGTERM") {
      armed = undefined;
      process.kill(process.pid, "SIGTERM");
      return;
    }
    // As the system does it: nothing of this process runs any more.
    process.kill(process.pid, "SIGKILL");
    for (;;);
  }

  /** @returns the number of this step among those of its name */
  function before(name) {
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    reach(name, nth, "before");
    return nth;
  }

  return {
    arm(next) {
      counts = new Map();
      armed = next;
      isRecording = next === undefined;
      log = [];
    },
    steps: () => log,
    before,
    after: (name, nth) => reach(name, nth, "after"),
  };
}

/** Every method of the store. @param points as `createPoints` makes them */
export function watchedStore(store, points) {
  const methods = Object.entries(store).filter(([, method]) => typeof method === "function");
  return Object.fromEntries(
    methods.map(([name, method]) => [
      name,
      (...args) => {
        const nth = points.before(`store ${name}`);
        const work = method.apply(store, args);
        if (!(work instanceof Promise)) return work;
        return work.then((result) => {
          points.after(`store ${name}`, nth);
          return result;
        });
      },
    ]),
  );
}

/** What is done to the database while it is opened: its lock, its schema. @returns ends that: then the store's calls are the steps */
export function watchDriver(Database, points) {
  const { exec, transaction } = Database.prototype;
  // Killed in it, and right before it counts.
  Database.prototype.transaction = function (work) {
    return transaction.call(this, (...args) => {
      const nth = points.before("sql transaction");
      const result = work(...args);
      points.after("sql transaction", nth);
      return result;
    });
  };
  Database.prototype.exec = function (text) {
    const name = `sql ${text.trim().split(/\s+/).slice(0, 3).join(" ")}`;
    const nth = points.before(name);
    const done = exec.call(this, text);
    points.after(name, nth);
    return done;
  };
  return () => {
    Object.assign(Database.prototype, { exec, transaction });
  };
}

/** How what a killed server has left running is ended. */
export function watchedProcesses(processes, points) {
  return {
    ...processes,
    get environment() {
      return processes.environment;
    },
    endLeftOver() {
      const nth = points.before("programs endLeftOver");
      const left = processes.endLeftOver();
      points.after("programs endLeftOver", nth);
      return left;
    },
  };
}

/** What the server tells of its requests. */
export function watchedJournal(points) {
  const note = (name) => () => points.after(`journal ${name}`, points.before(`journal ${name}`));
  return Object.fromEntries(["asked", "ended", "answered", "turnedAway"].map((name) => [name, note(name)]));
}

/** Calls to others, answers to callers, programs. @returns whether nothing is on its way out */
export function watchProcess(points) {
  let underWay = 0;
  let lastAt = 0;
  let lists = 0;
  const request = http.request;
  http.request = (...args) => {
    const options = args.find((each) => typeof each === "object" && each !== null && "path" in each);
    const name = `call ${nameOf(options?.method, options?.path)}`;
    const nth = points.before(name);
    underWay += 1;
    const sent = request(...args);
    const emit = sent.emit;
    sent.emit = (event, ...rest) => {
      // The other side has done it, and this one does not know yet.
      if (event === "response") points.after(name, nth);
      if (event === "close") {
        underWay -= 1;
        lastAt = performance.now();
        if (name.startsWith("call GET") && name.endsWith("Messages.json")) lists += 1;
      }
      return emit.call(sent, event, ...rest);
    };
    return sent;
  };
  // The other channels.
  let polls = 0;
  const { fetch } = globalThis;
  globalThis.fetch = async (url, init) => {
    const { pathname } = new URL(url);
    // Waits there, again and again, while nothing happens.
    if (/\/(getUpdates|updates)$/.test(pathname)) {
      const response = await fetch(url, init);
      polls += 1;
      lastAt = performance.now();
      return response;
    }
    const name = `call ${nameOf(init?.method, pathname)}`;
    const nth = points.before(name);
    underWay += 1;
    try {
      const response = await fetch(url, init);
      points.after(name, nth);
      return response;
    } finally {
      underWay -= 1;
      lastAt = performance.now();
    }
  };
  const { end } = http.ServerResponse.prototype;
  http.ServerResponse.prototype.end = function (...args) {
    const name = `answer ${nameOf(this.req?.method, this.req?.originalUrl ?? this.req?.url)}`;
    if (name.endsWith("/health")) return end.apply(this, args);
    const nth = points.before(name);
    const ended = end.apply(this, args);
    points.after(name, nth);
    return ended;
  };
  const { spawn } = childProcess;
  childProcess.spawn = (...args) => {
    const nth = points.before("spawn");
    const child = spawn(...args);
    points.after("spawn", nth);
    return child;
  };
  syncBuiltinESMExports();
  return {
    isQuiet: () => underWay === 0 && performance.now() - lastAt > 20,
    lists: () => lists,
    polls: () => polls,
  };
}

function nameOf(method = "GET", path = "") {
  return NAMELESS.reduce((name, [what, by]) => name.replace(what, by), `${method} ${path}`);
}
