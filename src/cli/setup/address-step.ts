// Step 4: how answers come back. Without a public address they are fetched from Twilio, which needs nothing; with one they come
// by webhook. Nothing is started here that makes this machine reachable.

import { parseConfig } from "../../config/config.ts";
import { publicUrlProblem } from "../../config/public-url.ts";
import { parsedUrl } from "../../domain/parsed-url.ts";
import { type AnswerChoice, SetupProblem } from "./asker.ts";
import { type Draft, settingOf, settingsOf, withAnswers } from "./draft.ts";
import { type FoundFunnel, findFunnel, funnelCommand } from "./tailscale.ts";
import type { SetupStep, Workshop } from "./workshop.ts";

type Way = "none" | "tailscale" | "ngrok" | "url";

const FETCHED =
  "Answers are fetched from Twilio every 2 s while a request waits: no public address is needed.";

export const addressStep: SetupStep = {
  name: "public address",
  async run(workshop, progress) {
    const { tell, flags } = workshop;
    const { draft } = progress;
    tell.step("How answers come back");
    const given = flags.publicUrl ?? settingOf(draft, "PUBLIC_URL");
    const ngrokToken = settingOf(draft, "NGROK_AUTHTOKEN");
    tell.hide(ngrokToken);
    if (flags.publicUrl !== undefined || (given !== undefined && ngrokToken === undefined)) {
      const problem = urlProblem(given ?? "", draft);
      if (problem === undefined) return { ...progress, draft: withUrl(workshop, draft, given ?? "") };
      if (!workshop.asker.isPerson) {
        throw new SetupProblem(
          `The public address ${problem}`,
          "Correct --public-url or PUBLIC_URL, or leave it out: it is not needed.",
        );
      }
      tell.bad(`The public address ${problem}.`);
    } else if (ngrokToken !== undefined) {
      return { ...progress, draft: withNgrok(workshop, draft, ngrokToken, flags.ngrokDomain) };
    }
    if (wasAnswered(draft)) {
      tell.good(`${FETCHED} With an address: --public-url.`);
      return progress;
    }
    return { ...progress, draft: await asked(workshop, draft) };
  },
};

/** An earlier run has been through this question: none was the answer. */
function wasAnswered({ file }: Draft): boolean {
  const names = ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "APPROVAL_PHONE"];
  return names.every((name) => file[name]) && !file["PUBLIC_URL"];
}

async function asked(workshop: Workshop, draft: Draft): Promise<Draft> {
  const { asker, tell, run } = workshop;
  const port = parsePort(draft);
  // Nobody is asked in a script, so there is nothing to look for either.
  const funnel = asker.isPerson ? await findFunnel(run, port) : undefined;
  const way = await asker.choose<Way>({
    message: "How do your answers come back to this computer?",
    initial: "none",
    choices: ways(funnel, port),
  });
  const none = withAnswers(draft, { PUBLIC_URL: "", NGROK_AUTHTOKEN: "", NGROK_DOMAIN: "" });
  switch (way) {
    case "none":
      tell.good(FETCHED);
      return none;
    case "tailscale":
      return withFunnel(workshop, none, funnel, port);
    case "ngrok":
      return askedNgrok(workshop, none);
    case "url":
      return askedUrl(workshop, none, port);
  }
}

function ways(funnel: FoundFunnel | undefined, port: number): AnswerChoice<Way>[] {
  return [
    { value: "none", label: "They are fetched from Twilio", hint: "nothing to set up; takes up to 2 s" },
    ...(funnel === undefined
      ? []
      : [
          {
            value: "tailscale" as const,
            label: `Tailscale Funnel, ${funnel.url}`,
            hint: funnel.kind === "on" ? `is on for port ${port}` : "found on this computer, not on yet",
          },
        ]),
    { value: "ngrok", label: "A tunnel of ngrok", hint: "needs an ngrok account" },
    { value: "url", label: "An https address of my own", hint: "a proxy or tunnel that leads here" },
  ];
}

async function withFunnel(
  workshop: Workshop,
  draft: Draft,
  funnel: FoundFunnel | undefined,
  port: number,
): Promise<Draft> {
  let found = funnel;
  while (found?.kind !== "on") {
    workshop.tell.say(
      `Type this in another terminal; it makes port ${port} of this computer, and nothing else, public:`,
    );
    workshop.tell.asItIs(`   ${funnelCommand(port)}`);
    const isDone = await workshop.asker.confirm({ message: "Done?", initial: true });
    if (!isDone) return asked(workshop, draft);
    found = await findFunnel(workshop.run, port);
    if (found?.kind !== "on") workshop.tell.bad(`Tailscale does not say yet that port ${port} is public.`);
  }
  return withUrl(workshop, draft, found.url);
}

async function askedNgrok(workshop: Workshop, draft: Draft): Promise<Draft> {
  workshop.tell.say(
    "Your authtoken is at https://dashboard.ngrok.com, under Your Authtoken; your domain under Domains.",
  );
  const token = await workshop.asker.secret({
    key: "ngrok-token",
    message: "ngrok authtoken (it is not shown)",
  });
  workshop.tell.hide(token);
  const domain = await workshop.asker.text({
    key: "ngrok-domain",
    message: "Your ngrok domain (Enter: none, then the address changes at every start)",
    mayBeEmpty: true,
  });
  return withNgrok(workshop, draft, token, domain);
}

async function askedUrl(workshop: Workshop, draft: Draft, port: number): Promise<Draft> {
  for (;;) {
    const url = await workshop.asker.text({
      key: "public-url",
      message: `The https address that leads to port ${port} of this computer`,
      example: "https://example.ngrok.app",
    });
    const problem = urlProblem(url, draft);
    if (problem === undefined) return withUrl(workshop, draft, url);
    workshop.tell.bad(`The address ${problem}.`);
  }
}

function withUrl({ tell }: Workshop, draft: Draft, url: string): Draft {
  tell.good(`Twilio posts answers to ${url}.`);
  return withAnswers(draft, { PUBLIC_URL: url, NGROK_AUTHTOKEN: "", NGROK_DOMAIN: "" });
}

function withNgrok({ tell }: Workshop, draft: Draft, token: string, domain: string | undefined): Draft {
  const name = domain || settingOf(draft, "NGROK_DOMAIN");
  tell.good(
    name === undefined
      ? "The server opens a tunnel of ngrok at each start; its address changes every time."
      : `The server opens a tunnel of ngrok at each start, at ${name}.`,
  );
  return withAnswers(draft, { NGROK_AUTHTOKEN: token, NGROK_DOMAIN: name ?? "", PUBLIC_URL: "" });
}

function urlProblem(url: string, draft: Draft): string | undefined {
  if (!/^https?:\/\//i.test(url) || parsedUrl(url) === undefined) return "must begin with https://";
  return publicUrlProblem(url, settingOf(draft, "TWILIO_BASE_URL"));
}

/** Where the webhook listens. */
function parsePort(draft: Draft): number {
  return parseConfig({ WEBHOOK_PORT: settingsOf(draft)["WEBHOOK_PORT"] }).webhookPort;
}
