// What every store of tasks promises, as a suite over whatever makes one.
import { describe, expect, it, onTestFinished } from "vitest";
import type { NewTaskSession, TaskStore } from "../../src/core/ports/task-store.ts";

interface TaskPlace {
  open(): TaskStore & { close(): Promise<void> };
}

const AT = 1_700_000_000_000;
const LIMIT = AT + 60_000;
const NEW: NewTaskSession = {
  id: "sess_1",
  status: "asking",
  profile: "general",
  workflow: "run_task",
  folder: "/srv/web-shop",
  project: "web-shop",
  task: "fix the 'test'",
  maxTurns: 50,
  createdAt: AT,
};
const OUTCOME = {
  summary: "done",
  outputText: "all green\n",
  artifacts: [{ name: "a.txt", path: "/srv/a.txt", bytes: 3 }],
  warnings: [],
  errors: [{ code: "failed", message: "x" }],
};

export function describeTaskStore(name: string, newPlace: () => TaskPlace): void {
  const set = () => {
    const place = newPlace();
    const open = () => {
      const store = place.open();
      onTestFinished(() => store.close());
      return store;
    };
    return { open, store: open() };
  };
  const ended = async (store: TaskStore, id = "sess_1", turn = 1) => {
    await store.changeTask(id, turn, { status: "running", claudeSession: "c-1" }, AT);
    await store.changeTask(id, turn, { status: "completed", outcome: OUTCOME }, AT + 1);
  };

  describe(`${name}: tasks`, () => {
    it("are numbered from 1, found by id, also after a reopen", async () => {
      const { open, store } = set();
      expect(await store.addTask(NEW, LIMIT)).toBe(1);
      expect(await store.addTask({ ...NEW, id: "sess_2", requester: "ci", parent: "sess_1" }, LIMIT)).toBe(2);
      const second = {
        id: "sess_2",
        number: 2,
        requester: "ci",
        parent: "sess_1",
        turn: 1,
        asked: 0,
        changedAt: AT,
      };
      await store.changeTask(
        "sess_1",
        1,
        { status: "running", claudeSession: "c-1", seal: "s", asked: 2 },
        AT + 1,
      );
      await store.changeTask("sess_1", 1, { status: "completed", outcome: OUTCOME }, AT + 5);
      await store.close();
      const again = open();
      expect(await again.findTask("sess_2")).toMatchObject({ ...NEW, ...second });
      expect(await again.findTask("sess_1")).toEqual({
        ...NEW,
        number: 1,
        status: "completed",
        requester: undefined,
        parent: undefined,
        claudeSession: "c-1",
        seal: "s",
        turn: 1,
        asked: 2,
        changedAt: AT + 5,
        outcome: OUTCOME,
      });
      expect(await again.findTask("sess_3")).toBeUndefined();
    });

    it("are listed newest first, by status and by token", async () => {
      const { store } = set();
      for (const id of ["a", "b", "c"])
        await store.addTask({ ...NEW, id, requester: id === "c" ? "ci" : undefined }, LIMIT);
      await ended(store, "b");
      const ids = async (query: object) =>
        (await store.listTasks({ limit: 10, ...query })).map(({ id }) => id);
      expect(await ids({})).toEqual(["c", "b", "a"]);
      expect(await ids({ limit: 1 })).toEqual(["c"]);
      expect(await ids({ status: "completed" })).toEqual(["b"]);
      expect(await ids({ requester: "ci" })).toEqual(["c"]);
    });

    it("have one turn at a time, and only after one that began", async () => {
      const { open, store } = set();
      await store.addTask(NEW, LIMIT);
      const claim = (from: TaskStore, at = AT) =>
        from.claimTaskTurn("sess_1", "continue_session", at, at + 60_000);
      expect(await claim(store)).toBeUndefined();
      await store.changeTask("sess_1", 1, { status: "refused" }, AT);
      expect(await claim(store)).toBeUndefined();
      await store.addTask({ ...NEW, id: "sess_2" }, LIMIT);
      await ended(store, "sess_2");
      const other = open();
      const both = await Promise.all(
        [store, other].map((from) => from.claimTaskTurn("sess_2", "continue_session", AT, LIMIT)),
      );
      expect(both.filter((turn) => turn === 2)).toHaveLength(1);
      expect(both).toContain(undefined);
      expect(await store.claimTaskTurn("nobody", "continue_session", AT, LIMIT)).toBeUndefined();
    });

    it("are taken over from a turn that outlived its limit, which writes nothing more", async () => {
      const { store } = set();
      await store.addTask(NEW, LIMIT);
      await store.changeTask("sess_1", 1, { status: "running", claudeSession: "c-1" }, AT);
      expect(await store.claimTaskTurn("sess_1", "continue_session", LIMIT - 1, LIMIT)).toBeUndefined();
      expect(await store.claimTaskTurn("sess_1", "continue_session", LIMIT, LIMIT + 1)).toBe(2);
      expect(await store.changeTask("sess_1", 1, { status: "completed", outcome: OUTCOME }, LIMIT)).toBe(
        false,
      );
      expect(await store.findTask("sess_1")).toMatchObject({ status: "asking", turn: 2, outcome: undefined });
    });

    it("end once: what comes after changes nothing", async () => {
      const { store } = set();
      await store.addTask(NEW, LIMIT);
      expect(await store.changeTask("sess_1", 1, { status: "cancelled" }, AT)).toBe(true);
      expect(await store.changeTask("sess_1", 1, { status: "completed" }, AT)).toBe(false);
      expect(await store.findTask("sess_1")).toMatchObject({ status: "cancelled" });
    });

    it("that were under way at a restart are interrupted, or refused where Claude had not begun", async () => {
      const { store } = set();
      for (const id of ["a", "b", "c"]) await store.addTask({ ...NEW, id }, LIMIT);
      await ended(store, "a");
      await store.changeTask("b", 1, { status: "running", claudeSession: "c-2" }, AT);
      expect(await store.interruptTasks(AT)).toBe(2);
      const statuses = (await store.listTasks({ limit: 9 })).map(({ status }) => status);
      expect(statuses).toEqual(["refused", "interrupted", "completed"]);
      expect(await store.claimTaskTurn("b", "continue_session", AT, LIMIT)).toBe(2);
    });

    it("keep their last 500 events, in order", async () => {
      const { store } = set();
      await store.addTask(NEW, LIMIT);
      for (let at = 1; at <= 503; at += 1)
        await store.addTaskNote("sess_1", { at, kind: "said", text: `${at}` });
      const events = await store.taskNotes("sess_1", 1_000);
      expect(events).toHaveLength(500);
      expect(events[0]).toEqual({ at: 4, kind: "said", text: "4" });
      expect((await store.taskNotes("sess_1", 2)).map(({ at }) => at)).toEqual([502, 503]);
    });
  });
}
