import { useEffect, useRef, useState } from 'react';
import { t } from '../../../../../web/text/en.ts';
import type { Incident, Severity } from '../site.ts';
import { Tones } from './tones.ts';

const words = t.watch.alerts;
/** Alerts within this time are said in one sentence: forty in a minute must not talk for ten. */
const GATHER_MS = 4000;
const order: readonly Severity[] = ['low', 'medium', 'high'];

/** Tells of new incidents: by words for assistive software, by sound, by notices of the desktop; the last two when turned on. */
export function useHerald(): {
  /** For a polite live region. */
  readonly said: string;
  readonly announce: (incident: Incident, camera: string) => void;
  readonly sound: boolean;
  readonly toggleSound: () => void;
  readonly notices: 'off' | 'on' | 'denied';
  readonly toggleNotices: () => void;
} {
  const [said, setSaid] = useState('');
  const [sound, setSound] = useState(false);
  const [notices, setNotices] = useState<'off' | 'on' | 'denied'>('off');
  const tones = useRef(new Tones());
  const told = useRef(new Set<string>());
  const gathered = useRef<{ readonly incident: Incident; readonly camera: string }[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    const player = tones.current;
    return () => {
      clearTimeout(timer.current);
      player.turnOff();
    };
  }, []);
  const say = (): void => {
    timer.current = undefined;
    const all = gathered.current.sort(
      (a, b) => order.indexOf(b.incident.severity) - order.indexOf(a.incident.severity),
    );
    gathered.current = [];
    const first = all[0];
    if (first !== undefined)
      setSaid(words.arrived(all.length, t.watch.severity[first.incident.severity], first.camera));
  };
  return {
    said,
    sound,
    notices,
    announce: (incident, camera) => {
      // An incident speaks once when it is new, and once more when it was escalated.
      const key = `${incident.id} ${incident.state}`;
      if (!['new', 'escalated'].includes(incident.state) || told.current.has(key)) return;
      told.current.add(key);
      tones.current.play(incident.severity);
      if (notices === 'on' && document.hidden)
        new Notification(words.noticeTitle(t.watch.severity[incident.severity]), {
          body: camera,
          tag: incident.id,
        });
      gathered.current.push({ incident, camera });
      timer.current ??= setTimeout(say, GATHER_MS);
    },
    toggleSound: () => {
      if (sound) tones.current.turnOff();
      else tones.current.turnOn();
      setSound(!sound);
    },
    toggleNotices: () => {
      if (notices === 'on') return setNotices('off');
      if (!('Notification' in globalThis)) return setNotices('denied');
      void Notification.requestPermission().then((answer) =>
        setNotices(answer === 'granted' ? 'on' : 'denied'),
      );
    },
  };
}
