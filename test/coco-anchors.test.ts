import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cocoSsdlite } from '../src/models/builtin/coco.ts';
import { readTfjs } from '../src/models/convert/tfjs-file.ts';
import { packageFile } from '../src/models/package-file.ts';
import { gridAnchors, type AnchorGrid } from '../src/vision/families/ssd-grid.ts';

test("the card's anchors are those that the weights were trained with", async () => {
  const path = packageFile(cocoSsdlite.package.name, cocoSsdlite.file) ?? '';
  const stored = (await readTfjs(path)).constants.get('Postprocessor/ExpandDims')?.data ?? [];
  // The card holds plain JSON; this is the shape its family reads.
  const generated = gridAnchors(cocoSsdlite.card.parameters['anchors'] as unknown as AnchorGrid);
  assert.equal(generated.length, stored.length);
  for (let at = 0; at < stored.length; at += 4) {
    const [y = 0, x = 0, height = 0, width = 0] = generated.subarray(at, at + 4);
    const corners = [y - height / 2, x - width / 2, y + height / 2, x + width / 2];
    corners.forEach((value, side) =>
      assert.ok(Math.abs(value - (stored[at + side] ?? NaN)) < 1e-6, `anchor ${at / 4}`),
    );
  }
});
