import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { freePort, HOST } from "./platform.ts";

const PORTS_EACH = 40;

/** Another process that takes its ports and lives on. */
async function portsOfAnother(): Promise<number[]> {
  const platform = join(import.meta.dirname, "platform.ts");
  const code = `
    import { freePort } from ${JSON.stringify(platform)};
    const ports = [];
    while (ports.length < ${PORTS_EACH}) ports.push(await freePort());
    console.log(JSON.stringify(ports));
    process.stdin.resume();`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill());
  const [line] = await once(child.stdout.setEncoding("utf8"), "data");
  return JSON.parse(line) as number[];
}

test("a port that somebody listens on is passed over, also as one of two side by side", async () => {
  const first = await freePort(2); // the file's first: those that follow are this process's as well
  const server = createServer().listen(first + 3, HOST);
  await once(server, "listening");
  onTestFinished(() => void server.close());

  const second = await freePort(2);

  expect(second).toBe(first + 4);
});

test("no port is given twice, to this process or another, though nobody listens on it yet", async () => {
  const another = Array.from({ length: 4 }, portsOfAnother);
  const own = Promise.all(Array.from({ length: PORTS_EACH }, () => freePort()));

  const given = (await Promise.all([own, ...another])).flat();

  expect(given).toHaveLength(5 * PORTS_EACH);
  expect(new Set(given).size).toBe(given.length);
});
