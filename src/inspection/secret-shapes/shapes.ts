// Every token that is known by its own form.
import { CLOUD_SHAPES } from "./clouds.ts";
import { CODE_SHAPES } from "./code.ts";
import { MODEL_SHAPES } from "./models.ts";
import { SERVICE_SHAPES } from "./services.ts";
import type { Shape } from "./shape.ts";

export const SHAPES: readonly Shape[] = [...CODE_SHAPES, ...CLOUD_SHAPES, ...SERVICE_SHAPES, ...MODEL_SHAPES];
