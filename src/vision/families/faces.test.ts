import { describe, test } from 'node:test';
import { assertDetections, decodeTrial, filled, fixed, type Expected } from '../../../test/user-model.ts';

const { log } = Math;
const classes = ['face'];
const input = { width: 64, height: 32 };

describe('centerface', () => {
  // 16 x 8 cells of 4 pixels; the face is at row 3, column 5.
  const cells = 16 * 8;
  const at = 3 * 16 + 5;
  const heatmap = { name: 'h', dims: [1, 1, 8, 16], data: filled(cells, 0.1, { [at]: 0.8 }) };
  // 2 cells high, 4 cells wide.
  const scale = {
    name: 's',
    dims: [1, 2, 8, 16],
    data: filled(2 * cells, 0, { [at]: log(2), [cells + at]: log(4) }),
  };
  // Centre y (3 + .5 + .5) / 8 = .5, x (5 + .5 - .5) / 16 = .3125.
  const offset = {
    name: 'o',
    dims: [1, 2, 8, 16],
    data: filled(2 * cells, 0, { [at]: 0.5, [cells + at]: -0.5 }),
  };
  const box = [0, 0.8, 0.1875, 0.375, 0.4375, 0.625] as const;

  test('heatmap, scale and offset', async (t) => {
    const card = {
      family: 'centerface',
      input,
      classes,
      outputs: { heatmap: 'h', scale: 's', offset: 'o' },
    } as const;
    assertDetections(await decodeTrial(t, fixed(card, [heatmap, scale, offset])), [box]);
  });

  test('landmarks', async (t) => {
    const outputs = { heatmap: 'h', scale: 's', offset: 'o', landmarks: 'l' };
    const card = { family: 'centerface', input, classes, outputs } as const;
    // y and x of each point in shares of the box: (.5, .25), then zeros.
    const data = filled(10 * cells, 0, { [at]: 0.5, [cells + at]: 0.25 });
    const landmarks = { name: 'l', dims: [1, 10, 8, 16], data };
    const points = [0.25, 0.5, ...Array.from({ length: 4 }, () => [0.1875, 0.375]).flat()];
    assertDetections(await decodeTrial(t, fixed(card, [heatmap, scale, offset, landmarks])), [
      [...box, points],
    ]);
  });
});

describe('yunet', () => {
  test('cells of three strides', async (t) => {
    const roles = { cls: 1, obj: 1, bbox: 4, kps: 10 };
    const grids = { 8: 32, 16: 8, 32: 2 };
    const outputs: Record<string, string> = {};
    const tensors = Object.entries(grids).flatMap(([stride, cells]) =>
      Object.entries(roles).map(([role, length]) => {
        const name = `${role}_${stride}`;
        outputs[`${role}${stride}`] = name;
        return { name, dims: [1, cells, length], data: new Float32Array(cells * length) };
      }),
    );
    const set = (name: string, position: number, ...values: number[]): void =>
      tensors.find((tensor) => tensor.name === name)!.data.set(values, position);
    // Stride 16, row 1, column 2 of 4: cell 6. Centre x (2 + .5) * 16 = 40, y (1 + .25) * 16 = 20; 32 x 8 pixels.
    set('cls_16', 6, 0.9);
    set('obj_16', 6, 0.4);
    set('bbox_16', 6 * 4, 0.5, 0.25, log(2), log(0.5));
    set('kps_16', 6 * 10, 1, 1, 0, 0.5);
    // Stride 32, column 1 of 2: both probabilities over .5. Centre 32, 0; 32 x 32 pixels.
    set('cls_32', 1, 1);
    set('obj_32', 1, 1);
    // Stride 8: product .2 is below .5 squared.
    set('cls_8', 0, 0.4);
    set('obj_8', 0, 0.5);
    const corner = (x: number, y: number, pairs: number): number[] =>
      Array.from({ length: pairs }, () => [x, y]).flat();
    const card = { family: 'yunet', input, classes, outputs } as const;
    assertDetections(await decodeTrial(t, fixed(card, tensors)), [
      [
        0,
        0.6,
        24 / 64,
        16 / 32,
        56 / 64,
        24 / 32,
        [48 / 64, 1, 32 / 64, 24 / 32, ...corner(32 / 64, 16 / 32, 3)],
      ],
      [0, 1, 16 / 64, -16 / 32, 48 / 64, 16 / 32, corner(32 / 64, 0, 5)],
    ]);
  });
});

describe('blazeface', () => {
  const outputs = { regressors: 'r', logits: 'l' };

  test('full range: one anchor in each of 48 x 48 cells', async (t) => {
    const card = { family: 'blazeface', input: { width: 192, height: 192 }, classes, outputs } as const;
    // Row 24, column 12: centre x 12.5 / 48 = 50 / 192, y 24.5 / 48 = 98 / 192.
    const anchor = 24 * 48 + 12;
    const regressors = new Float32Array(2304 * 16);
    regressors.set([2, -4, 40, 60, -8, -6, 8, -6], anchor * 16);
    const model = fixed(card, [
      { name: 'r', dims: [1, 2304, 16], data: regressors },
      { name: 'l', dims: [1, 2304, 1], data: filled(2304, -20, { [anchor]: log(3) }) },
    ]);
    const points = [42, 92, 58, 92, 50, 98, 50, 98, 50, 98, 50, 98].map((value) => value / 192);
    const expected: Expected = [0, 0.75, 32 / 192, 64 / 192, 72 / 192, 124 / 192, points];
    assertDetections(await decodeTrial(t, model), [expected]);
    assertDetections(await decodeTrial(t, model, { threshold: 0.76 }), []);
  });

  test('short range: two grids', async (t) => {
    const parameters = {
      grids: [
        [16, 2],
        [8, 6],
      ],
    };
    const card = {
      family: 'blazeface',
      input: { width: 128, height: 128 },
      classes,
      outputs,
      parameters,
    } as const;
    // Anchor 512 is the first of the second grid: centre 8, 8. Anchor 33 is of row 1, column 0: centre 4, 12.
    const regressors = new Float32Array(896 * 16);
    regressors.set([0, 0, 16, 16], 512 * 16);
    regressors.set([0, 0, 8, 8], 33 * 16);
    const model = fixed(card, [
      { name: 'r', dims: [1, 896, 16], data: regressors },
      { name: 'l', dims: [1, 896, 1], data: filled(896, -20, { 33: 0, 512: log(4) }) },
    ]);
    const six = (x: number, y: number): number[] => Array.from({ length: 6 }, () => [x, y]).flat();
    assertDetections(await decodeTrial(t, model), [
      [0, 0.5, 0, 8 / 128, 8 / 128, 16 / 128, six(4 / 128, 12 / 128)],
      [0, 0.8, 0, 0, 16 / 128, 16 / 128, six(8 / 128, 8 / 128)],
    ]);
  });
});

describe('retinaface', () => {
  test('two anchors in each cell of three strides', async (t) => {
    const outputs: Record<string, string> = {};
    const tensors = [32, 16, 8].flatMap((stride) => {
      const [rows, columns] = [input.height / stride, input.width / stride];
      return Object.entries({ prob: 4, bbox: 8, landmarks: 20 }).map(([role, channels]) => {
        outputs[`${role}${stride}`] = `${role}_${stride}`;
        const dims = [1, channels, rows, columns];
        return { name: `${role}_${stride}`, dims, data: new Float32Array(channels * rows * columns) };
      });
    });
    const set = (name: string, channel: number, cell: number, value: number): void => {
      const tensor = tensors.find((other) => other.name === name)!;
      tensor.data[channel * tensor.dims[2]! * tensor.dims[3]! + cell] = value;
    };
    // Stride 8, row 2, column 3 of 8: cell 19, centre x 31.5, y 23.5. Anchor 1 is 16 pixels: moved by 8, -4;
    // 32 pixels wide (spans 31), 16 high (spans 15).
    set('prob_8', 3, 19, 0.9);
    set('prob_8', 0, 19, 1); // background probabilities say nothing
    set('bbox_8', 4, 19, 0.5);
    set('bbox_8', 5, 19, -0.25);
    set('bbox_8', 6, 19, log(2));
    set('landmarks_8', 10, 19, 0.25);
    set('landmarks_8', 11, 19, -0.5);
    // Stride 32, column 1, anchor 0 of 512 pixels: centre 39.5, 7.5.
    set('prob_32', 2, 1, 0.7);
    const five = (x: number, y: number): number[] => Array.from({ length: 5 }, () => [x / 64, y / 32]).flat();
    const card = { family: 'retinaface', input, classes, outputs } as const;
    const large: Expected = [
      0,
      0.7,
      (39.5 - 255.5) / 64,
      (7.5 - 255.5) / 32,
      295 / 64,
      263 / 32,
      five(39.5, 7.5),
    ];
    const points = [35.5 / 64, 15.5 / 32, ...five(31.5, 23.5).slice(2)];
    const small: Expected = [0, 0.9, 24 / 64, 12 / 32, 55 / 64, 27 / 32, points];
    assertDetections(await decodeTrial(t, fixed(card, tensors)), [large, small]);
  });
});
