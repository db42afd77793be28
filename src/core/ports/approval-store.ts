// The whole database, as the server opens and closes it. Every part takes only the port that it needs.
import type { BindingStore } from "./binding-store.ts";
import type { ChannelStore } from "./channel-store.ts";
import type { ContactStore } from "./contact-store.ts";
import type { CorrespondenceStore } from "./correspondence-store.ts";
import type { EventLog } from "./event-log.ts";
import type { GatewayToolStore } from "./gateway-tool-store.ts";
import type { GrantStore } from "./grant-store.ts";
import type { HistoryStore } from "./history-store.ts";
import type { KeyStore } from "./key-store.ts";
import type { MessageStore } from "./message-store.ts";
import type { ModeStore } from "./mode-store.ts";
import type { ParkedStore } from "./parked-store.ts";
import type { ReminderStore } from "./reminder-store.ts";
import type { RequestStore } from "./request-store.ts";
import type { ScriptStore } from "./script-store.ts";
import type { TaskStore } from "./task-store.ts";
import type { TemplateStore } from "./template-store.ts";
import type { UserIdStore } from "./user-id-store.ts";

export interface ApprovalStore
  extends RequestStore,
    KeyStore,
    MessageStore,
    ContactStore,
    ModeStore,
    GrantStore,
    GatewayToolStore,
    UserIdStore,
    BindingStore,
    ChannelStore,
    TemplateStore,
    ReminderStore,
    TaskStore,
    CorrespondenceStore,
    HistoryStore,
    ScriptStore,
    ParkedStore,
    EventLog {
  /** Writes something that means nothing. Rejects when requests could not be recorded either. */
  probe(): Promise<void>;
  close(): Promise<void>;
}
