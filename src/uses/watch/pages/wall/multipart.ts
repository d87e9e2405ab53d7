export interface StreamedPicture {
  readonly jpeg: Blob;
  /** When the camera saw it, milliseconds since 1970, where the stream says it. */
  readonly at: number | undefined;
}

/** Beyond this without a whole picture it is no stream of pictures. */
const MOST_BYTES = 8_000_000;

/**
 * The pictures of a stream of `multipart/x-mixed-replace`, as they come.
 * @throws TypeError for an answer that is none.
 */
export async function* pictures(address: string, signal: AbortSignal): AsyncGenerator<StreamedPicture> {
  const response = await fetch(address, { signal, headers: { 'x-tidewaiter-background': '1' } });
  if (!response.ok || response.body === null) throw new TypeError(`no pictures: ${response.status}`);
  const reader = response.body.getReader();
  let held = new Uint8Array(0);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const joined = new Uint8Array(held.length + value.length);
    joined.set(held);
    joined.set(value, held.length);
    held = joined;
    for (let part = firstPart(held); part !== undefined; part = firstPart(held)) {
      yield { jpeg: new Blob([held.slice(part.start, part.end)], { type: 'image/jpeg' }), at: part.at };
      held = held.slice(part.end);
    }
    if (held.length > MOST_BYTES) throw new TypeError('no end of a picture');
  }
}

/** Where the first whole picture lies: after the headers of its part, as long as they say. */
function firstPart(
  bytes: Uint8Array,
): { readonly start: number; readonly end: number; readonly at: number | undefined } | undefined {
  // Headers are short; the picture behind them need not be read as text.
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 1024));
  const found = /content-length: *(\d+)[^]*?\r\n\r\n/i.exec(head);
  if (found === null) return undefined;
  const start = found.index + found[0].length;
  const end = start + Number(found[1]);
  if (end > bytes.length) return undefined;
  const captured = /x-captured-at: *(\S+)/i.exec(head.slice(0, start))?.[1];
  return { start, end, at: captured === undefined ? undefined : Date.parse(captured) };
}
