import { testOutageOf } from "./provider-outage.ts";

await testOutageOf("stripe");
