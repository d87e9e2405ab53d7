/** How one PCM codec lays a sample down in bytes. */
interface PcmLayout {
  readonly bytes: number;
  /** `value` is -1..1. */
  readonly write: (data: Buffer, offset: number, value: number) => void;
}

const layouts: Record<string, PcmLayout> = {
  pcm_u8: { bytes: 1, write: (data, offset, value) => data.writeUInt8(128 + whole(value, 8), offset) },
  pcm_s8: { bytes: 1, write: (data, offset, value) => data.writeInt8(whole(value, 8), offset) },
  pcm_s16le: { bytes: 2, write: (data, offset, value) => data.writeInt16LE(whole(value, 16), offset) },
  pcm_s16be: { bytes: 2, write: (data, offset, value) => data.writeInt16BE(whole(value, 16), offset) },
  pcm_s24le: { bytes: 3, write: (data, offset, value) => data.writeIntLE(whole(value, 24), offset, 3) },
  pcm_s24be: { bytes: 3, write: (data, offset, value) => data.writeIntBE(whole(value, 24), offset, 3) },
  pcm_s32le: { bytes: 4, write: (data, offset, value) => data.writeInt32LE(whole(value, 32), offset) },
  pcm_s32be: { bytes: 4, write: (data, offset, value) => data.writeInt32BE(whole(value, 32), offset) },
  pcm_f32le: { bytes: 4, write: (data, offset, value) => data.writeFloatLE(value, offset) },
  pcm_f32be: { bytes: 4, write: (data, offset, value) => data.writeFloatBE(value, offset) },
};

/** The layout of an interleaved PCM codec by FFmpeg's name; undefined for everything else. */
export function pcmLayout(codec: string): PcmLayout | undefined {
  return layouts[codec];
}

function whole(value: number, bits: number): number {
  return Math.round(value * (2 ** (bits - 1) - 1));
}
