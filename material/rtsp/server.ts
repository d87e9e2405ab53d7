import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A stream of the stand-in; see server.py. */
export type RtspMount = RecordedMount | MadeMount;

/** An MP4 file with H.264, sent in real time as it is. The stream ends with it. */
export interface RecordedMount {
  readonly file: string;
}

/** Pictures that the server makes or reads, and encodes. */
export interface MadeMount {
  readonly codec?: 'h264' | 'h265' | 'mjpeg';
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Frames from one key frame to the next; 10 by default. */
  readonly keyEvery?: number;
  /** One of `videotestsrc`'s patterns: `ball`, `smpte`, ... */
  readonly pattern?: string;
  /** `/folder/%05d.jpg`, from 00001 on, in a loop. */
  readonly frames?: string;
  /** The wall time as black and white blocks: see `readClock`. */
  readonly clock?: true;
  /** With `clock`: a file of I420 pictures, played in a loop, with the blocks in its first lines: see `readStrip`. */
  readonly raw?: string;
}

export interface RtspSettings {
  readonly mounts: Readonly<Record<string, RtspMount>>;
  /** A port of before, for a server that comes back; any free one by default. */
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
}

/** A camera's stand-in on 127.0.0.1: a real RTSP server in a process of its own. */
export interface RtspServer {
  readonly port: number;
  url(path: string): string;
  /** Changes the size of a pattern while it plays. */
  resize(path: string, width: number, height: number): void;
  /** SIGSTOP and SIGCONT: connections stay open, and nothing comes. */
  freeze(): void;
  thaw(): void;
  /** Ends it, frozen or not; resolves when it has gone. */
  stop(): Promise<void>;
}

/** What brings it, as Debian and Ubuntu name it; the encoders of {@link MadeMount} need more. */
export const serverPackages = ['python3-gi', 'gir1.2-gst-rtsp-server-1.0'] as const;

const libraries = '/usr/lib/x86_64-linux-gnu';

/** Whether its parts are here; tests say so by `needs(t, 'gstreamer')`. */
export const canServe: boolean = [
  '/usr/lib/python3/dist-packages/gi/__init__.py',
  `${libraries}/girepository-1.0/GstRtspServer-1.0.typelib`,
  `${libraries}/gstreamer-1.0/libgstrtp.so`,
  `${libraries}/gstreamer-1.0/libgstvideoparsersbad.so`,
].every((path) => existsSync(path));

const script = fileURLToPath(new URL('./server.py', import.meta.url));

/** Starts the stand-in; needs `/usr/bin/python3` with GStreamer (see `needs`). Stop it. */
export async function startRtspServer(settings: RtspSettings): Promise<RtspServer> {
  const child = spawn('/usr/bin/python3', [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  // Whatever becomes of the test, its server goes with it.
  const last = (): boolean => child.kill('SIGKILL');
  process.on('exit', last);
  child.stdin.on('error', () => undefined);
  child.stdin.write(`${JSON.stringify(settings)}\n`);
  const first = await Promise.race([once(child.stdout, 'data'), ended]);
  const port = Number(String(first[0]));
  if (!(port > 0)) throw new Error('The RTSP server did not start');
  return {
    port,
    url: (path) => `rtsp://127.0.0.1:${port}${path}`,
    resize: (path, width, height) => void child.stdin.write(`size ${path} ${width} ${height}\n`),
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    stop: async () => {
      process.off('exit', last);
      child.kill('SIGKILL');
      await ended;
    },
  };
}
