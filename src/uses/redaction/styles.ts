import { reversibleStyles, type Style } from '../../media/draw/index.ts';

/** How a region can look; see the drawing room for what each one does. */
export const styles = [
  'solid',
  'pixelate',
  'blur',
  'outline',
  'mosaic-inside',
  'blur-inside',
] as const satisfies readonly Style[];
export type RedactionStyle = Style;

/** Styles that a release refuses: those that can be undone, and the outline, which hides nothing. */
export const exposingStyles: ReadonlySet<RedactionStyle> = new Set([...reversibleStyles, 'outline']);
