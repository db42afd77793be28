// What a server loads when it is first used, loaded at once: from sources this takes seconds, which would be those of whichever test
// comes first.
import "../../src/channels/twilio/twilio-client.ts";
import "../../src/channels/whatsapp-format/request-prompt.ts";
import "../../src/inspection/inspector.ts";
import "../../src/policy/decide.ts";
import "../../src/policy/read-policy-file.ts";
import "../../src/server/mcp-doors.ts";
import "../../src/server/simulated-link.ts";
import "../../src/server/simulation.ts";
