import type { TaggedDocument } from './tagged-document.ts';

export interface CaptionedPicture {
  readonly jpeg: Buffer;
  readonly caption: string;
  /** What it shows, for who cannot see it. */
  readonly alt: string;
}

const PER_ROW = 3;
const GAP = 10;
const CAPTION_HEIGHT = 22;
/** An upright picture would otherwise fill a page. */
const HIGHEST = 170;

/** Pictures in rows, each a figure with its caption. */
export function drawPictures(document: TaggedDocument, pictures: readonly CaptionedPicture[]): void {
  const { pdf, root } = document;
  const width = (document.width - GAP * (PER_ROW - 1)) / PER_ROW;
  for (let first = 0; first < pictures.length; first += PER_ROW) {
    const opened = pictures.slice(first, first + PER_ROW).map((picture) => {
      const image = openImage(pdf, picture.jpeg);
      const scale = Math.min(width / image.width, HIGHEST / image.height);
      return { ...picture, image, width: image.width * scale, height: image.height * scale };
    });
    const height = Math.max(...opened.map((picture) => picture.height));
    document.ensure(height + CAPTION_HEIGHT);
    const top = pdf.y;
    for (const [column, picture] of opened.entries()) {
      const x = document.left + column * (width + GAP);
      const bbox = [x, top, x + picture.width, top + picture.height];
      const draw = (): void => {
        pdf.image(picture.image, x, top, { width: picture.width, height: picture.height });
      };
      document.tagged(root, 'Figure', draw, { alt: picture.alt, bbox, placement: 'Block' });
      document.tagged(root, 'P', () =>
        document.text(picture.caption, { size: 8, after: 0 }, x, top + height + 4),
      );
    }
    pdf.x = document.left;
    pdf.y = top + height + CAPTION_HEIGHT;
  }
}

interface OpenedImage {
  readonly width: number;
  readonly height: number;
}

/** The types do not know it; pixels of the image are needed before it is drawn. */
function openImage(pdf: PDFKit.PDFDocument, jpeg: Buffer): OpenedImage & PDFKit.Mixins.ImageSrc {
  const opener = pdf as unknown as { openImage(jpeg: Buffer): OpenedImage & PDFKit.Mixins.ImageSrc };
  return opener.openImage(jpeg);
}
