/** How much larger everything is than usual: letters and lines drawn on canvases grow with those of the page. */
export function pageScale(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
}
