/** The field that zones are drawn on: 1600 wide, as high as the picture's shape asks for, 16 to 9 without one. */
export const FIELD_WIDTH = 1600;

export function fieldHeight(picture: ImageBitmap | undefined): number {
  return picture === undefined ? 900 : Math.round((FIELD_WIDTH * picture.height) / picture.width);
}
