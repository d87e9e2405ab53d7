import type { TrainingModule } from '../module.ts';
import { sharedLessons } from './shared-lessons.ts';

export const watchAlerts: TrainingModule = {
  id: 'watch-alerts',
  version: 1,
  use: 'watch',
  title: 'Deciding about alerts of cameras',
  roles: ['operator', 'officer', 'analyst', 'supervisor', 'admin'],
  draws: 8,
  passShare: 0.75,
  validMonths: 12,
  lessons: [
    {
      title: 'What the tool does, and what it does not',
      text: [
        'While a site should be quiet, it tells you that a person or a vehicle is in a zone, crossed a line, or stayed too long. It does not know who that is, what they want, or whether they may be there.',
        'It knows the opening hours and holidays that somebody wrote into the site file. When those are wrong, its alerts are wrong.',
        'It misses people who are far away, half hidden, lying down, or in rain, fog and glare. Quiet screens are no proof that nothing happens.',
      ],
    },
    {
      title: 'Looking at an alert',
      text: [
        'Play the clip before you read the reason. Then ask whether the rule fits what you saw: the right zone, the right hour, a real person or vehicle.',
        'Dismiss what is nothing: an animal, a shadow, a bag in the wind, a guard on the rounds that the site file lacks. Say which it was: that is how rules become better.',
        'An alert is a lead. Sending somebody to look is your decision. Stopping or searching a person needs grounds that you saw yourself, not an alert.',
        'Suppressed alerts stay where they can be found. Look at them when something seems to be missing.',
      ],
    },
    ...sharedLessons,
  ],
  choices: [
    { id: 'confirm', label: 'Real: send somebody to look' },
    { id: 'dismiss', label: 'Dismiss it, and say what it was' },
    { id: 'escalate', label: 'Call the supervisor: something is wrong with the tool or the order' },
  ],
  cases: [
    {
      id: 'fence-night',
      finding: 'Zone entry, person, score 0.62, 02:14, site closed.',
      evidence: [
        'The clip shows somebody climb over the north fence.',
        'The person stays low between containers.',
      ],
      answer: 'confirm',
      why: 'What you see is a person who came over the fence at night. The score is middling since they are half hidden.',
    },
    {
      id: 'fox',
      finding: 'Zone entry, person, score 0.91, 03:40.',
      evidence: [
        'A fox trots along the wall and stands up against it for a moment.',
        'Nobody else is in the picture.',
      ],
      answer: 'dismiss',
      why: 'It is an animal. A score of 0.91 does not change what the clip shows.',
    },
    {
      id: 'holiday',
      finding: 'Eleven zone entries between 08:00 and 08:20 on the day after a holiday.',
      evidence: [
        'All are staff who come to work through the main door.',
        'The site file still says closed today.',
      ],
      answer: 'escalate',
      why: 'The calendar is wrong. Dismissing each hides the fault; the site file must be mended, or real alerts drown.',
    },
    {
      id: 'bag-wind',
      finding: 'Object left behind, score 0.7, for 12 minutes.',
      evidence: [
        'A plastic bag hangs in a bush and moves with the wind.',
        'No person was near it in the clip before.',
      ],
      answer: 'dismiss',
      why: 'Nobody left it, and it is a bag in a bush.',
    },
    {
      id: 'fall',
      finding: 'No alert. The screen of the yard is quiet.',
      evidence: [
        'You see a shape on the ground beside a forklift.',
        'It was not there two minutes ago and moved once.',
      ],
      answer: 'confirm',
      why: 'The tool misses people who lie down. Send somebody: your own eyes need no alert.',
    },
    {
      id: 'stop-on-alert',
      finding: 'Loitering, person, score 0.89, outside the fence on the public pavement.',
      evidence: [
        'A person waits, looks at a phone, and is fetched by a car.',
        'A colleague wants to have the car stopped and searched because of the alert.',
      ],
      answer: 'escalate',
      why: 'An alert is never the sole ground of a stop. Nothing that a person saw gives one here.',
    },
    {
      id: 'guard-rounds',
      finding: 'Line crossed, person, score 0.97, 23:05.',
      evidence: [
        'It is the guard on the usual round, in uniform, with a lamp.',
        'The guard calls in at that moment.',
      ],
      answer: 'dismiss',
      why: 'A known round, confirmed by the call. Say so, that the rule can learn the round.',
    },
    {
      id: 'covered-camera',
      finding: 'Camera health: covered. Before that, 14 alerts of this camera in an hour were dismissed.',
      evidence: ['The last frames show a hand in a glove.', 'The camera looks at the gate of the store.'],
      answer: 'confirm',
      why: 'Somebody covered the camera of a gate. Many false alerts before say nothing about this one.',
    },
    {
      id: 'follow-on',
      finding: 'A supervisor of another site asks where "the man in the red jacket" went over the last week.',
      evidence: ['There is no case.', 'The charter of watch says: do not follow anybody from site to site.'],
      answer: 'escalate',
      why: 'It is search across sites without a case and authority: a red line. Report that it was asked.',
    },
    {
      id: 'truck-shadow',
      finding: 'Zone entry, vehicle, score 0.55, 05:50.',
      evidence: [
        'The shadow of a truck on the public road passes through the zone.',
        'The truck stays on the road.',
      ],
      answer: 'dismiss',
      why: 'A shadow entered, not a vehicle.',
    },
  ],
};
