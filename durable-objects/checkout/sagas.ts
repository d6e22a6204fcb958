import { cancelSaga } from "./cancel.saga.ts";
import { captureSaga } from "./capture.saga.ts";
import { closeSaga } from "./close.saga.ts";
import { fulfilSaga } from "./fulfil.saga.ts";
import { giveBackSaga } from "./give-back.saga.ts";
import { openSaga } from "./open.saga.ts";
import { paySaga } from "./pay.saga.ts";
import { refundSaga } from "./refund.saga.ts";
import { requoteSaga } from "./requote.saga.ts";

/** Everything that can happen to a sale. */
export const sagas = [
  ...[openSaga, requoteSaga, closeSaga, paySaga],
  ...[captureSaga, refundSaga, fulfilSaga, cancelSaga, giveBackSaga],
];
