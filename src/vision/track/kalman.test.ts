import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PixelBox } from '../../core/box.ts';
import { Random } from '../../core/random.ts';
import { BoxFilter, defaultBoxFilterNoise as noise } from './kalman.ts';

type Matrix = readonly (readonly number[])[];

const times = (a: Matrix, b: Matrix): number[][] =>
  a.map((row) => b[0]!.map((_, column) => row.reduce((sum, value, at) => sum + value * b[at]![column]!, 0)));
const plus = (a: Matrix, b: Matrix): number[][] =>
  a.map((row, i) => row.map((value, j) => value + b[i]![j]!));
const flip = (a: Matrix): number[][] => a[0]!.map((_, column) => a.map((row) => row[column]!));

/** The textbook filter of one axis, in matrices. */
class Textbook {
  x: Matrix;
  p: Matrix;
  constructor(value: number, variance: number, velocityVariance: number) {
    this.x = [[value], [0]];
    this.p = [
      [variance, 0],
      [0, velocityVariance],
    ];
  }
  predict(step: number, density: number): void {
    const f = [
      [1, step],
      [0, 1],
    ];
    const q = [
      [(density * step ** 3) / 3, (density * step ** 2) / 2],
      [(density * step ** 2) / 2, density * step],
    ];
    this.x = times(f, this.x);
    this.p = plus(times(times(f, this.p), flip(f)), q);
  }
  update(value: number, variance: number): void {
    const s = this.p[0]![0]! + variance;
    const k = [[this.p[0]![0]! / s], [this.p[1]![0]! / s]];
    this.x = plus(
      this.x,
      k.map(([gain]) => [gain! * (value - this.x[0]![0]!)]),
    );
    const rest = [
      [1 - k[0]![0]!, 0],
      [-k[1]![0]!, 1],
    ];
    this.p = times(rest, this.p);
  }
}

const at = (x: number, y = 50): PixelBox => ({ x: x - 20, y: y - 20, width: 40, height: 40 });

describe('box filter', () => {
  test('is the textbook filter on each axis, at irregular steps', () => {
    const random = new Random('kalman');
    const filter = new BoxFilter(at(100));
    const textbook = new Textbook(100, (noise.centre * 40) ** 2, (noise.firstVelocity * 40) ** 2);
    for (let round = 0; round < 50; round++) {
      const step = random.between(0.01, 0.5);
      filter.predict(step);
      textbook.predict(step, (noise.acceleration * 40) ** 2);
      assert.ok(Math.abs(filter.box.x + 20 - textbook.x[0]![0]!) < 1e-9);
      const value = 100 + 30 * round + 5 * random.normal();
      filter.update(at(value));
      textbook.update(value, (noise.centre * 40) ** 2);
      assert.ok(Math.abs(filter.box.x + 20 - textbook.x[0]![0]!) < 1e-9);
      assert.ok(Math.abs(filter.velocity.x - textbook.x[1]![0]!) < 1e-9);
    }
  });

  test('learns a steady motion and carries it on', () => {
    const filter = new BoxFilter(at(0));
    for (let frame = 1; frame <= 50; frame++) {
      filter.predict(0.04);
      filter.update(at(80 * 0.04 * frame));
    }
    assert.ok(Math.abs(filter.velocity.x - 80) < 1);
    filter.predict(1);
    assert.ok(Math.abs(filter.box.x + 20 - 240) < 2);
    assert.ok(Math.abs(filter.box.width - 40) < 1e-6);
  });

  test('follows a change of size and lets it die away', () => {
    const filter = new BoxFilter(at(0));
    for (let frame = 1; frame <= 30; frame++) {
      filter.predict(0.1);
      filter.update({ x: 0, y: 0, width: 40 + frame, height: 40 + frame });
    }
    assert.ok(Math.abs(filter.box.width - 70) < 4, `width ${filter.box.width}`);
    const { width } = filter.box;
    filter.predict(10);
    assert.ok(filter.box.width > width + 2 && filter.box.width < width + 12, `width ${filter.box.width}`);
  });

  test('copies are independent', () => {
    const filter = new BoxFilter(at(0));
    const twin = filter.copy();
    twin.update(at(50));
    assert.equal(filter.box.x, -20);
    assert.notEqual(twin.box.x, -20);
  });
});
