// The counters, gauges and histograms of one server. Labels are words of this program only: nothing of a call, no phone number,
// no project, no id, so that their number is bounded and /metrics tells nothing that a request holds.
import Counter from "prom-client/lib/counter.js";
import Gauge from "prom-client/lib/gauge.js";
import Histogram from "prom-client/lib/histogram.js";
import Registry from "prom-client/lib/registry.js";

export interface LiveCounts {
  readonly waiting: () => number;
  readonly queued: () => number;
}

/** @param live asked at each scrape */
export function createInstruments(live: LiveCounts) {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  gauge("approval_requests_waiting", "Requests that wait for an answer.", live.waiting);
  gauge("approval_send_queue_length", "Messages that wait for their turn to be sent.", live.queued);
  return {
    registry,
    requests: new Counter({
      name: "approval_requests_total",
      help: "Requests that have ended, by how and by the door that they came in at.",
      labelNames: ["outcome", "door"],
      registers,
    }),
    decision: new Histogram({
      name: "approval_decision_seconds",
      help: "From a request's opening to a person's decision.",
      buckets: [2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600],
      registers,
    }),
    tapToAnswer: new Histogram({
      name: "approval_tap_to_answer_seconds",
      help: "From the arrival of the reply that decided to the caller having its answer.",
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30],
      registers,
    }),
    send: new Histogram({
      name: "approval_send_seconds",
      help: "From handing a message over to Twilio having taken it, the wait for its turn included. Other channels are not counted.",
      labelNames: ["kind"],
      buckets: [0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 60],
      registers,
    }),
    messages: new Counter({
      name: "approval_messages_sent_total",
      help: "Messages that Twilio has taken. Those of other channels are not counted.",
      labelNames: ["kind"],
      registers,
    }),
    errors: new Counter({
      name: "approval_twilio_errors_total",
      help: "Messages that Twilio refused or could not deliver, by its error code.",
      labelNames: ["code"],
      registers,
    }),
  };
}
