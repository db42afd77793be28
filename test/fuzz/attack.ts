// One attack of attacks.ts, in a process of its own: its name and the port.
import { ATTACKS } from "./attacks.ts";

const [name, port] = process.argv.slice(2);
ATTACKS.find((attack) => attack.name === name)?.run(Number(port));
// Nobody attacks on when whoever measures has gone.
process.once("disconnect", () => process.exit());
