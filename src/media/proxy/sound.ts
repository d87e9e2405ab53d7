import { setImmediate } from 'node:timers/promises';
import { FormatContext, Packet } from 'node-av/lib';
import { TidewaiterError } from '../../core/errors.ts';
import type { ReportProgress } from '../../core/progress.ts';
import { describeCode, endOfFile, throwIfCancelled, withOptions } from '../video/ffmpeg.ts';
import { isAudio } from '../video/info.ts';
import { codecName } from '../video/input.ts';
import { VideoOutput } from '../video/output.ts';
import { AacTracks } from './aac-tracks.ts';
import { Waveform, type SoundIndex } from './waveform.ts';

export interface SoundProxyJob {
  readonly input: string;
  /** `.mp4`; must not exist yet. It is removed again when anything fails. */
  readonly output: string;
  readonly bytes: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ReportProgress | undefined;
}

export interface SoundProxy {
  readonly sound: { readonly index: readonly SoundIndex[]; readonly bytes: Buffer };
  readonly notes: readonly string[];
}

/** Some tens of milliseconds of work. */
const PACKETS_BETWEEN = 500;

/** Containers of sound that are read, by FFmpeg's demuxer names; everything else is refused before it is parsed. */
const demuxers =
  'wav,mp3,flac,ogg,aac,ac3,eac3,amr,aiff,caf,au,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,avi';

/**
 * Makes of a recording of sound alone one that a browser plays: every track as AAC in MP4, each sample at its time.
 * @throws TidewaiterError `E_FORMAT`, `E_CODEC`, `E_ENCODE`, `E_NO_SPACE`, `E_CANCELLED`. Nothing is left at `output` then.
 */
export async function makeSoundProxy(job: SoundProxyJob): Promise<SoundProxy> {
  const format = new FormatContext();
  try {
    const options = { format_whitelist: demuxers, protocol_whitelist: 'file' };
    const opened = await withOptions(options, (dictionary) =>
      format.openInput(`file:${job.input}`, null, dictionary),
    );
    const code = opened < 0 ? opened : await format.findStreamInfo();
    if (code < 0) throw unreadable(job.input, describeCode(code));
    const output = VideoOutput.create(job.output);
    try {
      return await convert(job, format, output);
    } catch (error) {
      output.abandon();
      throw error;
    }
  } finally {
    format.closeInputSync();
  }
}

async function convert(job: SoundProxyJob, format: FormatContext, output: VideoOutput): Promise<SoundProxy> {
  const { input, bytes, signal, onProgress } = job;
  const waveform = new Waveform(format);
  const tracks = new AacTracks(format, output);
  const packet = new Packet();
  packet.alloc();
  try {
    if (tracks.count === 0) throw noSound(input, format);
    await output.start(tracks.addStreams(), {}, 'index-first');
    tracks.start();
    let code = format.readFrameSync(packet);
    for (let count = 1; code >= 0; code = format.readFrameSync(packet), count++) {
      waveform.accept(packet);
      tracks.accept(packet);
      const done = Math.max(0, Number(packet.pos));
      packet.unref();
      if (count % PACKETS_BETWEEN !== 0) continue;
      onProgress?.({ stage: 'proxy', done, total: bytes, unit: 'bytes' });
      // Nothing above waits for anything: whoever cancels must be heard.
      await setImmediate();
      throwIfCancelled(signal);
    }
    tracks.finish();
    const sound = waveform.finish();
    if (sound === undefined || sound.index.every(({ count }) => count === 0)) throw noSound(input, format);
    await output.finish();
    const lost = sound.index.reduce((sum, track) => sum + track.lost, 0);
    const notes = lost === 0 ? [] : [`${lost} packet(s) could not be decoded and are silent.`];
    if (code !== endOfFile) notes.push('The file breaks off.');
    return { sound, notes: [...notes, ...tracks.notes()] };
  } finally {
    packet.free();
    waveform.dispose();
    tracks.dispose();
  }
}

function noSound(path: string, format: FormatContext): TidewaiterError {
  const codecs = format.streams.filter(isAudio).map(codecName).join(', ');
  return codecs === ''
    ? unreadable(path, 'there is no sound in it')
    : new TidewaiterError(
        'E_CODEC',
        `No sound in ${path} can be decoded (${codecs})`,
        'Convert it to WAV with the software that came with the recorder.',
      );
}

function unreadable(path: string, why: string): TidewaiterError {
  return new TidewaiterError(
    'E_FORMAT',
    `${path} is not a recording that can be read (${why})`,
    'Give a WAV, MP3, FLAC, Ogg, AAC or M4A file.',
  );
}
