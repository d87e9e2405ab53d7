import { useEffect, useRef, useState, type ReactNode } from 'react';
import { t } from '../../../../../web/text/en.ts';

const words = t.watch.wall;
/** What is behind is forgotten, and who has fallen behind is brought forward: seconds. */
const [KEPT, LATE] = [20, 2];

/** A camera as it sees, for whoever gave a reason: fragments of MP4 over a WebSocket. */
export function LiveView({
  camera,
  name,
  reason,
}: {
  readonly camera: string;
  readonly name: string;
  readonly reason: string;
}): ReactNode {
  const video = useRef<HTMLVideoElement>(null);
  const [trouble, setTrouble] = useState('');
  useEffect(() => {
    const shown = video.current;
    if (shown === null) return;
    const media = new MediaSource();
    const source = URL.createObjectURL(media);
    shown.src = source;
    const address = new URL(`/api/v1/watch/cameras/${camera}/live`, location.href);
    address.protocol = address.protocol.replace('http', 'ws');
    address.searchParams.set('reason', reason);
    let buffer: SourceBuffer | undefined;
    const waiting: ArrayBuffer[] = [];
    const feed = (): void => {
      if (buffer === undefined || buffer.updating) return;
      const end = buffer.buffered.length > 0 ? buffer.buffered.end(buffer.buffered.length - 1) : 0;
      const begin = buffer.buffered.length > 0 ? buffer.buffered.start(0) : 0;
      if (end - shown.currentTime > LATE) shown.currentTime = end - 0.2;
      const next = waiting.shift();
      if (next !== undefined) buffer.appendBuffer(next);
      else if (end - begin > 2 * KEPT) buffer.remove(begin, end - KEPT);
    };
    let socket: WebSocket | undefined;
    media.onsourceopen = () => {
      socket = new WebSocket(address);
      socket.binaryType = 'arraybuffer';
      socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
        if (typeof data !== 'string') {
          waiting.push(data);
          return feed();
        }
        const { codecs } = JSON.parse(data) as { readonly codecs?: string };
        if (codecs === undefined || buffer !== undefined) return;
        const type = `video/mp4; codecs="${codecs}"`;
        if (!MediaSource.isTypeSupported(type)) return setTrouble(words.liveNotPlayed);
        buffer = media.addSourceBuffer(type);
        buffer.onupdateend = feed;
        feed();
      };
      socket.onclose = () => setTrouble((before) => (before === '' ? words.liveLost : before));
    };
    return () => {
      if (socket !== undefined) socket.onclose = null;
      socket?.close();
      URL.revokeObjectURL(source);
    };
  }, [camera, reason]);
  return (
    <>
      <video ref={video} autoPlay muted playsInline aria-label={`${name}: ${words.liveNow}`} />
      <p className="ww-tile__note" role="status">
        {trouble === '' ? words.liveNow : trouble}
      </p>
    </>
  );
}
