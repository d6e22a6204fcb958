import { once } from "node:events";
import { HOST } from "../../scripts/machine/platform.ts";

/** What V8 tells of one isolate of a workerd. */
export type Inspector = {
  call<T>(method: string, params?: object): Promise<T>;
  close(): void;
};

type Target = { readonly id: string; readonly webSocketDebuggerUrl: string };
type Reply = {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { message: string };
};

/** Attaches to the isolate of a Worker. miniflare calls it `core:user:<name>`. */
export async function inspect(port: number, worker: string): Promise<Inspector> {
  const targets = (await (await fetch(`http://${HOST}:${port}/json`)).json()) as Target[];
  const target = targets.find(({ id }) => id.endsWith(`:${worker}`) || id === worker);
  if (!target) throw new Error(`No isolate of ${worker}: ${JSON.stringify(targets)}`);
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await once(socket, "open");
  return over(socket);
}

function over(socket: WebSocket): Inspector {
  let calls = 0;
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  socket.addEventListener("message", ({ data }) => {
    const { id, result, error } = JSON.parse(String(data)) as Reply;
    const call = waiting.get(id ?? -1);
    waiting.delete(id ?? -1);
    if (error) call?.reject(new Error(error.message));
    else call?.resolve(result);
  });
  return {
    call: async <T>(method: string, params: object = {}) => {
      const reply = Promise.withResolvers<unknown>();
      const id = ++calls;
      waiting.set(id, reply);
      socket.send(JSON.stringify({ id, method, params }));
      return (await reply.promise) as T;
    },
    close: () => socket.close(),
  };
}

const MEBIBYTE = 1024 ** 2;

/** The isolate's heap in use, after two collections. */
export async function heapMib(inspector: Inspector): Promise<number> {
  for (let turn = 0; turn < 2; turn += 1) await inspector.call("HeapProfiler.collectGarbage");
  const { usedSize } = await inspector.call<{ usedSize: number }>("Runtime.getHeapUsage");
  return usedSize / MEBIBYTE;
}
