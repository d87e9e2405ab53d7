import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { EVALUATION_STAMP } from '../../src/core/permit.ts';
import { ffmpeg, ffprobe } from '../../test/media-clips.ts';
import { pedestrianClip, projectRoot } from '../../test/needs.ts';

const photograph = join(projectRoot, 'node_modules/@vladmandic/face-api/demo/sample1.jpg');

/** A photograph as a telephone would store it: place, maker, serial number, author, XMP, IPTC and a thumbnail. */
export async function makeTaggedPhotograph(path: string): Promise<void> {
  await sharp(photograph).resize(960, 640, { fit: 'cover' }).jpeg().toFile(path);
  const thumbnail = `${path}.thumbnail.jpg`;
  await sharp(path).resize(160, 107).jpeg().toFile(thumbnail);
  execFileSync('exiftool', [
    ...['-q', '-overwrite_original', '-GPSLatitude=31.7619', '-GPSLatitudeRef=N', '-GPSLongitude=106.485'],
    ...['-GPSLongitudeRef=W', '-Make=Maker', '-Model=Model', '-SerialNumber=SN-1234', '-Artist=A. Officer'],
    ...['-DateTimeOriginal=2024:05:06 07:08:09', '-XMP-dc:Creator=A. Officer', '-IPTC:By-line=A. Officer'],
    ...['-Comment=for the file', `-ThumbnailImage<=${thumbnail}`, path],
  ]);
  rmSync(thumbnail);
}

/** A clip with tags of the container and of its tracks, and with a subtitle track. */
export function makeTaggedClip(path: string): void {
  const subtitles = `${path}.srt`;
  writeFileSync(subtitles, '1\n00:00:00,000 --> 00:00:01,000\n31.7619N 106.4850W\n');
  ffmpeg(
    ...['-r', '25', '-i', pedestrianClip, '-i', subtitles],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000:duration=1'],
    ...['-map', '0:v', '-map', '2:a', '-map', '1:s', '-t', '1', '-vf', 'scale=640:360'],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-c:a', 'aac', '-c:s', 'mov_text'],
    ...['-metadata', 'title=Lane 4', '-metadata', 'artist=A. Officer', '-metadata', 'comment=for the file'],
    ...['-metadata', 'location=+31.7619-106.4850/', '-metadata', 'creation_time=2024-05-06T07:08:09Z'],
    ...['-metadata:s:v', 'handler_name=Camera SN-1234', '-metadata:s:a', 'language=spa', path],
  );
  rmSync(subtitles);
}

/** Groups of exiftool that speak of the file system, of exiftool, or of how the picture is coded. */
const structuralGroups = /^(ExifTool|System|File|JFIF|Composite|Track\d+|QuickTime|ICC.*)$/;
/** What an EXIF block must hold to be one (Exif 2.3, mandatory tags): sharp writes them with the stamp. */
const structuralExif =
  /^(IFD0:(Orientation|[XY]Resolution|ResolutionUnit|YCbCrPositioning)|ExifIFD:(ExifVersion|ComponentsConfiguration|FlashpixVersion|ColorSpace|ExifImage(Width|Height)))$/;
/** Container and track tags that every muxer writes of its own accord. */
const structuralTags = new Set([
  ...['major_brand', 'minor_version', 'compatible_brands', 'encoder', 'vendor_id'],
  ...['language=und', 'handler_name=VideoHandler', 'handler_name=SoundHandler'],
]);

/**
 * Names of the tags and tracks of a file that say more than its pixels and sound need: by exiftool those of EXIF, GPS,
 * XMP, IPTC, maker notes, comments and previews, by ffprobe tags and tracks. The EVALUATION stamp is not counted.
 */
export function privateTags(path: string): string[] {
  return path.endsWith('.jpg') ? pictureTags(path) : videoTags(path);
}

function pictureTags(path: string): string[] {
  const text = execFileSync('exiftool', ['-j', '-G1', '-a', '-u', path], { encoding: 'utf8' });
  const [tags = {}] = JSON.parse(text) as Record<string, unknown>[];
  return Object.entries(tags).flatMap(([name, value]) => {
    const [group = '', tag] = name.split(':');
    if (tag === undefined || value === EVALUATION_STAMP) return [];
    const comment = group === 'File' && tag === 'Comment';
    const structural = structuralGroups.test(group) || structuralExif.test(name);
    return structural && !comment ? [] : [name];
  });
}

function videoTags(path: string): string[] {
  const entries = 'format_tags:stream_tags:stream=codec_type,codec_name';
  const { streams = [], format } = ffprobe(path, '-show_entries', entries) as {
    streams?: { codec_type?: string; codec_name?: string; tags?: Record<string, string> }[];
    format?: { tags?: Record<string, string> };
  };
  const tags = [format?.tags, ...streams.map((stream) => stream.tags)].flatMap((of) =>
    Object.entries(of ?? {}),
  );
  const others = streams.filter(({ codec_type: type }) => type !== 'video' && type !== 'audio');
  return [
    ...tags
      .filter(([, value]) => value !== EVALUATION_STAMP)
      .filter(([name, value]) => !structuralTags.has(name) && !structuralTags.has(`${name}=${value}`))
      .map(([name]) => name),
    ...others.map((stream) => `${stream.codec_type ?? 'unknown'} track`),
  ];
}
