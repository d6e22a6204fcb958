import type { Unstable_Config } from "wrangler";
import { regionCodes, regions } from "../../schema/regions.ts";

/** What of the product's wrangler file these rules read. */
export type Bindings = Pick<
  Unstable_Config,
  "vars" | "d1_databases" | "queues" | "durable_objects" | "migrations" | "services"
>;

export type BindingRule = {
  readonly name: string;
  /** Answers a sentence per violation. */
  readonly check: (config: Bindings) => string[];
  /** Breaks a good configuration in the way that the rule must notice. */
  readonly break: (config: Bindings) => void;
};

const SECRET_NAME = /KEY|SECRET|TOKEN|PASSWORD/;
const SECRET_VALUE = /^(sk|pk|rk|op|whsec)_/;

export const bindingRules: readonly BindingRule[] = [
  {
    name: "wrangler.toml holds no secret",
    check: ({ vars }) =>
      Object.entries(vars)
        .filter(([name, value]) => SECRET_NAME.test(name) || SECRET_VALUE.test(String(value)))
        .map(([name]) => `${name} is a secret: it comes by wrangler secret put`),
    break: (config) => {
      config.vars.STRIPE_SECRET_KEY = "sk_test_local";
    },
  },
  {
    name: "what is deployed enforces residency and keeps the real time",
    check: ({ vars }) => [
      ...(vars.RESIDENCY === "enforced" ? [] : ["RESIDENCY is not enforced"]),
      ...(vars.CLOCK_OFFSET_MS === "0" ? [] : ["CLOCK_OFFSET_MS is not 0"]),
    ],
    break: (config) => {
      config.vars.RESIDENCY = "simulated";
    },
  },
  {
    name: "each region has its order store, no other has one",
    check: ({ d1_databases }) =>
      unlike(
        d1_databases
          .filter(({ migrations_dir }) => migrations_dir === "migrations/orders")
          .map(({ binding }) => binding),
        regionCodes.map((code) => regions[code].bindings.orders),
      ),
    break: (config) => {
      config.d1_databases.pop();
    },
  },
  {
    name: "each region says where its orders stand; what is checked in needs no Postgres",
    check: ({ vars }) =>
      regionCodes
        .map((code) => regions[code].bindings.orderStore)
        .filter((name) => vars[name] !== "d1")
        .map((name) => `${name} is not "d1"`),
    break: ({ vars }) => {
      delete vars.ORDER_STORE_SAM;
    },
  },
  {
    name: "no two stores are one database",
    check: ({ d1_databases }) => repeated(d1_databases.map((store) => String(store.database_id))),
    break: ({ d1_databases: [first, second] }) => {
      if (first?.database_id && second) second.database_id = first.database_id;
    },
  },
  {
    name: "each region has its queue, no other has one",
    check: ({ queues }) =>
      unlike(
        (queues.producers ?? []).map(({ binding, queue }) => `${binding} to ${queue}`),
        regionCodes.map((code) => `${regions[code].bindings.events} to events-${code}`),
      ),
    break: ({ queues }) => {
      queues.producers?.pop();
    },
  },
  {
    name: "each queue has a consumer and a dead-letter queue",
    check: ({ queues }) =>
      (queues.producers ?? [])
        .filter(
          ({ queue }) => !queues.consumers?.find((one) => one.queue === queue)?.dead_letter_queue,
        )
        .map(({ queue }) => `${queue} drops what cannot be handled`),
    break: ({ queues }) => {
      delete queues.consumers?.[0]?.dead_letter_queue;
    },
  },
  {
    name: "each dead-letter queue has a consumer: without one it drops silently",
    check: ({ queues }) =>
      (queues.consumers ?? [])
        .map(({ dead_letter_queue }) => dead_letter_queue)
        .filter((name) => name !== undefined)
        .filter((name) => !queues.consumers?.some(({ queue }) => queue === name)),
    break: ({ queues }) => {
      queues.consumers?.pop();
    },
  },
  {
    name: "each object's class has a class migration, with SQLite",
    check: ({ durable_objects, migrations }) =>
      unlike(
        migrations.flatMap(({ new_sqlite_classes }) => new_sqlite_classes ?? []),
        durable_objects.bindings.map(({ class_name }) => class_name),
      ),
    break: (config) => {
      config.durable_objects.bindings.pop();
    },
  },
  {
    name: "no other Worker is bound: providers are reached by base URL",
    check: ({ services }) => (services ?? []).map(({ service }) => `${service} is bound`),
    break: (config) => {
      config.services = [{ binding: "STRIPE", service: "tender-simulators" }];
    },
  },
];

/** What only one of the two lists has. */
function unlike(found: readonly string[], wanted: readonly string[]): string[] {
  return [
    ...found.filter((name) => !wanted.includes(name)).map((name) => `${name} is one too many`),
    ...wanted.filter((name) => !found.includes(name)).map((name) => `${name} is missing`),
  ];
}

function repeated(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}
