import { defaultAssociation } from '../../vision/track/options.ts';
import type { AssociationOptions } from '../../vision/track/association.ts';

/** Lowest score of the detector that is used, 0..1: weak observations only go on with tracks. */
export const lowestScore = 0.3;

/** Height below which the detector guesses, as a share of the picture's. */
export const lowestThing = 0.07;

/**
 * Settings that were best of 120 random draws on the two TUD sequences with their public detections (sum of HOTA, MOTA
 * and IDF1); the other sequences had no part in it.
 */
export const trackingFromTud: AssociationOptions = {
  ...defaultAssociation,
  birthScore: 0.8,
  minHits: 2,
  lostAfter: 2,
  unconfirmedLostAfter: 0.1,
  buffer: 0.2,
  noise: { ...defaultAssociation.noise, centre: 0.03 },
};

/**
 * The same for the detector used here, whose scores run lower, and for cameras of a few frames a second, whose boxes
 * need more room to meet; with the colours of things, for which the public sequences have no pixels.
 */
export const watchTracking: AssociationOptions = {
  ...trackingFromTud,
  lowScore: lowestScore,
  highScore: 0.5,
  birthScore: 0.6,
  buffer: defaultAssociation.buffer,
  appearance: 1,
};

/** Names of the model's classes, brought to those that rules speak of. */
export const watchedClasses: Readonly<Record<string, string>> = {
  person: 'person',
  bicycle: 'vehicle',
  car: 'vehicle',
  motorcycle: 'vehicle',
  bus: 'vehicle',
  truck: 'vehicle',
  train: 'vehicle',
  boat: 'vehicle',
  backpack: 'bag',
  handbag: 'bag',
  suitcase: 'bag',
};
