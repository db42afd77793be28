// Tokens of services that run models.
import { prefixed, type Shape, UUID } from "./shape.ts";

export const MODEL_SHAPES: readonly Shape[] = [
  {
    kind: "OpenAI",
    marks: ["sk-"],
    pattern:
      /sk-(?:(?:proj|svcacct|admin|None)-[\w-]{40,200}|(?=[\w-]{0,60}T3BlbkFJ)[\w-]{40,80}|[A-Za-z0-9]{32,64})/dg,
  },
  prefixed("Anthropic", "sk-ant-", "(?:[a-z]{2,6}\\d{2}-)?[\\w-]{40,200}"),
  prefixed("OpenRouter", "sk-or-v1-", "[0-9a-f]{64}"),
  { kind: "Langfuse", marks: ["sk-lf-"], pattern: new RegExp(`sk-lf-${UUID}`, "dg") },
  prefixed("ElevenLabs", "sk_", "[0-9a-f]{48}"),
  prefixed("Hugging Face", "hf_ api_org_", "[A-Za-z0-9]{30,60}"),
  prefixed("Replicate", "r8_", "[A-Za-z0-9]{37}"),
  prefixed("Perplexity", "pplx-", "[A-Za-z0-9]{40,64}"),
  prefixed("Groq", "gsk_", "[A-Za-z0-9]{40,64}"),
  prefixed("xAI", "xai-", "[A-Za-z0-9]{60,100}"),
  prefixed("LangSmith", "lsv2_pt_ lsv2_sk_", "[0-9a-f]{32}_[0-9a-f]{10}"),
  prefixed("Pinecone", "pcsk_", "\\w{40,100}"),
  prefixed("Together", "tgp_v1_", "[\\w-]{40,60}"),
  prefixed("Fireworks", "fw_", "[A-Za-z0-9]{22,30}"),
  prefixed("Tavily", "tvly-", "(?:dev-|prod-)?[A-Za-z0-9]{30,50}"),
  prefixed("Firecrawl", "fc-", "[0-9a-f]{32}"),
  prefixed("Apify", "apify_api_", "[A-Za-z0-9]{30,50}"),
  prefixed("Weights & Biases", "wandb_v1_", "\\w{40,100}"),
];
