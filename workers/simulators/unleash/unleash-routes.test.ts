import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { unleashSimulator } from "./unleash-routes.ts";

const send = async (path: string, init?: RequestInit): Promise<Response> =>
  unleashSimulator.request(`http://simulator.test${path}`, init, env);

const control = (body: object): Promise<Response> =>
  send("/_simulator/unleash/control", { method: "POST", body: JSON.stringify(body) });

const readFeatures = (): Promise<Response> =>
  send("/unleash/api/client/features", { headers: { Authorization: "any" } });

test("an outage of Unleash leaves its flags as they were", async () => {
  const features = [{ name: "winter", enabled: true, strategies: [] }];
  await control({ features });

  await control({ mode: "down" });
  expect((await readFeatures()).status).toBe(503);

  await control({ mode: "normal" });
  expect(await (await readFeatures()).json()).toMatchObject({ features });
});
