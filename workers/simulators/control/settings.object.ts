/** What a small simulator is told to do, and how often it was asked. One object per simulator. */

import { DurableObject } from "cloudflare:workers";

export class SettingsObject extends DurableObject {
  /** What was put last, or nothing yet. */
  read(): unknown {
    return this.ctx.storage.kv.get("settings") ?? null;
  }

  put(settings: unknown): void {
    this.ctx.storage.kv.put("settings", settings);
  }
}
