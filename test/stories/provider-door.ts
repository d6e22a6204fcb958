import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterAll } from "vitest";

/**
 * An address of a provider that can be shut: then nobody can connect to it at all, as when the
 * provider's front is gone. Nothing that passes through it is read.
 */
export async function openDoor() {
  const sockets = new Set<Socket>();
  let leadsTo = 0;
  const server = createServer((near) => {
    const far = connect(leadsTo, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy()); // the other side hung up, or the door is shut
      socket.on("close", () => sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
  });
  const port = await listening(server, 0);
  const shut = async () => {
    if (!server.listening) return;
    server.close();
    for (const socket of sockets) socket.destroy();
    await once(server, "close");
  };
  afterAll(shut);
  return {
    url: `http://127.0.0.1:${port}`,
    leadTo: (url: string) => {
      leadsTo = Number(new URL(url).port);
    },
    shut,
    open: () => listening(server, port),
  };
}

async function listening(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
