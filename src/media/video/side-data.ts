import {
  AV_FRAME_DATA_A53_CC,
  AV_FRAME_DATA_AMBIENT_VIEWING_ENVIRONMENT,
  AV_FRAME_DATA_CONTENT_LIGHT_LEVEL,
  AV_FRAME_DATA_DOVI_METADATA,
  AV_FRAME_DATA_DOVI_RPU_BUFFER,
  AV_FRAME_DATA_DYNAMIC_HDR_PLUS,
  AV_FRAME_DATA_DYNAMIC_HDR_SMPTE_2094_APP5,
  AV_FRAME_DATA_DYNAMIC_HDR_VIVID,
  AV_FRAME_DATA_EXIF,
  AV_FRAME_DATA_GOP_TIMECODE,
  AV_FRAME_DATA_LCEVC,
  AV_FRAME_DATA_MASTERING_DISPLAY_METADATA,
  AV_FRAME_DATA_S12M_TIMECODE,
  AV_FRAME_DATA_SEI_UNREGISTERED,
  AV_PKT_DATA_3D_REFERENCE_DISPLAYS,
  AV_PKT_DATA_AMBIENT_VIEWING_ENVIRONMENT,
  AV_PKT_DATA_CONTENT_LIGHT_LEVEL,
  AV_PKT_DATA_DISPLAYMATRIX,
  AV_PKT_DATA_DOVI_CONF,
  AV_PKT_DATA_DYNAMIC_HDR10_PLUS,
  AV_PKT_DATA_FRAME_CROPPING,
  AV_PKT_DATA_HEVC_CONF,
  AV_PKT_DATA_ICC_PROFILE,
  AV_PKT_DATA_LCEVC,
  AV_PKT_DATA_MASTERING_DISPLAY_METADATA,
  AV_PKT_DATA_SPHERICAL,
  AV_PKT_DATA_STEREO3D,
  type AVFrameSideDataType,
  type AVPacketSideDataType,
} from 'node-av/constants';
import type { CodecParameters, Frame, Stream } from 'node-av/lib';

/** What the video's track may say of its pictures that is not carried over, in words. */
const trackData: readonly (readonly [AVPacketSideDataType, string])[] = [
  [AV_PKT_DATA_DOVI_CONF, 'Dolby Vision'],
  [AV_PKT_DATA_DYNAMIC_HDR10_PLUS, 'HDR10+'],
  [AV_PKT_DATA_AMBIENT_VIEWING_ENVIRONMENT, 'light of the room it was made in'],
  [AV_PKT_DATA_SPHERICAL, '360-degree projection'],
  [AV_PKT_DATA_STEREO3D, 'stereoscopic layout'],
  [AV_PKT_DATA_3D_REFERENCE_DISPLAYS, 'stereoscopic layout'],
  [AV_PKT_DATA_HEVC_CONF, 'further views (MV-HEVC)'],
  [AV_PKT_DATA_LCEVC, 'enhancement layer (LCEVC)'],
  [AV_PKT_DATA_ICC_PROFILE, 'colour profile'],
  [AV_PKT_DATA_FRAME_CROPPING, 'cropping by the player'],
];

/** The same of frames. Encoders might carry some of it over, so it is taken off them. */
const frameData: readonly (readonly [AVFrameSideDataType, string])[] = [
  [AV_FRAME_DATA_A53_CC, 'closed captions in the video stream'],
  [AV_FRAME_DATA_SEI_UNREGISTERED, 'user data in the video stream'],
  [AV_FRAME_DATA_S12M_TIMECODE, 'time codes in the video stream'],
  [AV_FRAME_DATA_GOP_TIMECODE, 'time codes in the video stream'],
  [AV_FRAME_DATA_EXIF, 'EXIF in the video stream'],
  [AV_FRAME_DATA_DOVI_METADATA, 'Dolby Vision'],
  [AV_FRAME_DATA_DOVI_RPU_BUFFER, 'Dolby Vision'],
  [AV_FRAME_DATA_DYNAMIC_HDR_PLUS, 'HDR10+'],
  [AV_FRAME_DATA_DYNAMIC_HDR_VIVID, 'HDR Vivid'],
  [AV_FRAME_DATA_DYNAMIC_HDR_SMPTE_2094_APP5, 'SMPTE ST 2094-50'],
  [AV_FRAME_DATA_AMBIENT_VIEWING_ENVIRONMENT, 'light of the room it was made in'],
  [AV_FRAME_DATA_LCEVC, 'enhancement layer (LCEVC)'],
];

/** How a picture is to be lit: the same bytes in a frame as in a track. */
const light: readonly (readonly [AVPacketSideDataType, AVFrameSideDataType])[] = [
  [AV_PKT_DATA_MASTERING_DISPLAY_METADATA, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA],
  [AV_PKT_DATA_CONTENT_LIGHT_LEVEL, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL],
];

/** Names of what a video's track holds beside its pictures, and the output will not. */
export function droppedTrackData(parameters: CodecParameters): string[] {
  const found = trackData.filter(([type]) => parameters.getCodedSideData(type) !== null);
  return [...new Set(found.map(([, what]) => what))];
}

/** Takes data off decoded frames, and remembers what there was. */
export class SideDataRemover {
  readonly #found = new Set<string>();

  clean(frame: Frame): void {
    for (const [type, what] of frameData) {
      if (frame.getSideData(type) === null) continue;
      frame.removeSideData(type);
      this.#found.add(what);
    }
  }

  /** Names, each once. */
  get found(): readonly string[] {
    return [...this.#found];
  }
}

/**
 * Takes over how a video is to be turned and lit, and nothing else a source may carry. Light may be stated by the track
 * or, as in HEVC, by its frames only.
 */
export function copyPictureSideData(from: Stream, first: Frame, to: Stream): void {
  const matrix = from.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX);
  if (matrix !== null) to.codecpar.addCodedSideData(AV_PKT_DATA_DISPLAYMATRIX, matrix);
  for (const [ofTrack, ofFrame] of light) {
    const data = from.codecpar.getCodedSideData(ofTrack) ?? first.getSideData(ofFrame);
    if (data !== null) to.codecpar.addCodedSideData(ofTrack, data);
  }
}
