/** Written by scripts/prose_fields.py: words that begin a part of a phrase. */
export const PHRASE_OPENINGS: ReadonlySet<string> = new Set(
  "a above across after against along although amid among an and any are around as at be because been before behind below beneath beside between beyond but by can cannot down each every for from has have he her his how i if in inside into is it its must my near nor of off on one onto or our out outside over past she since so some than that the their then these they this those though through to toward towards under unless until up upon very was we were what when where whether which while who whose why will with within without you your".split(
    " ",
  ),
);
