/** What a simulator without an account of its own (Unleash, the carriers) is told to do. One object for each. */

import { DurableObject } from "cloudflare:workers";

export interface SettingsEnv {
  SETTINGS: DurableObjectNamespace<SettingsObject>;
}

export class SettingsObject extends DurableObject {
  /** What was put last, or nothing yet. */
  read(): unknown {
    return this.ctx.storage.kv.get("settings") ?? null;
  }

  put(settings: unknown): void {
    this.ctx.storage.kv.put("settings", settings);
  }
}
