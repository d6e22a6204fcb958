import { endingAs } from "../saga/saga.ts";
import { cancelSaga } from "./after-sale/cancel.saga.ts";
import { cancelLinesSaga } from "./after-sale/cancel-lines.saga.ts";
import { captureSaga } from "./after-sale/capture.saga.ts";
import { fulfilSaga } from "./after-sale/fulfil.saga.ts";
import { refundSaga } from "./after-sale/refund.saga.ts";
import { closeSaga } from "./ending/close.saga.ts";
import { openSaga } from "./opening/open.saga.ts";
import { requoteSaga } from "./opening/requote.saga.ts";
import { paySaga } from "./paying/pay.saga.ts";
import { placeFreeSaga } from "./paying/place-free.saga.ts";
import { giveBackSaga } from "./provider-news/give-back.saga.ts";

/** Everything that can happen to a sale. */
export const sagas = [
  // Begun before allocate was written ahead (decision 28): none of their acts is foreseen.
  ...[endingAs(paySaga, 2), endingAs(placeFreeSaga, 1)],
  ...[openSaga, requoteSaga, closeSaga, paySaga, placeFreeSaga],
  ...[captureSaga, refundSaga, fulfilSaga, cancelSaga, cancelLinesSaga, giveBackSaga],
];
