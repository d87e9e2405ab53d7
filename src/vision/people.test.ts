import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coverage, movedInside, type PixelBox } from '../core/box.ts';
import { Random } from '../core/random.ts';
import { headBox, headCrop, personCrop } from './people.ts';

const random = new Random('people');
const persons = Array.from({ length: 300 }, (): PixelBox => ({
  x: random.between(-50, 1200),
  y: random.between(-50, 600),
  width: random.between(5, 700),
  height: random.between(5, 700),
}));

test('a head is a square at the top of the person, in the middle, and no wider than twice the person', () => {
  for (const person of persons) {
    const head = headBox(person);
    assert.equal(head.width, head.height);
    assert.equal(head.y, person.y);
    assert.ok(Math.abs(head.x + head.width / 2 - person.x - person.width / 2) < 1e-9);
    assert.ok(head.height >= person.height * 0.16 && head.height <= person.height * 0.4 + 1e-9);
  }
});

test('the crop for a face holds the head with room on all sides', () => {
  for (const person of persons) {
    const crop = headCrop(person);
    assert.equal(crop.width, crop.height);
    assert.ok(coverage(headBox(person), crop) > 1 - 1e-9);
  }
});

test('the crop of a person holds the person', () => {
  for (const person of persons) {
    const crop = personCrop(person);
    assert.equal(crop.width, crop.height);
    assert.ok(coverage(person, crop) > 1 - 1e-9);
  }
});

test('moved into the picture, a crop still holds what of the person is in it', () => {
  const size = { width: 1280, height: 720 };
  const whole = { x: 0, y: 0, ...size };
  for (const person of persons.filter((box) => coverage(box, whole) === 1)) {
    const crop = movedInside(personCrop(person), size);
    assert.ok(coverage(crop, whole) > 1 - 1e-9);
    assert.ok(coverage(person, crop) > 1 - 1e-9);
  }
});
