import { useState, type ReactNode } from 'react';
import { Choice } from '../../../../../../web/kit/form.tsx';
import { showPercent } from '../../../../../../web/kit/format.ts';
import type { ClassRule } from '../../../review/state.ts';
import { words } from '../../words.ts';
import type { Studio } from '../use-studio.ts';

/** What becomes of whole classes, with immediate effect. */
export function ClassesPanel({ studio }: { readonly studio: Studio }): ReactNode {
  const { plan } = studio;
  const names = [...new Set(plan.regions.map((region) => region.class))].sort();
  return (
    <>
      <p className="st-quiet">{words.classes.lead}</p>
      {names.map((name) => (
        <ClassRules key={name} studio={studio} name={name} />
      ))}
    </>
  );
}

function ClassRules({ studio, name }: { readonly studio: Studio; readonly name: string }): ReactNode {
  const { plan, editable } = studio;
  const rule = ruleOf(studio, name);
  const [dragged, setDragged] = useState<number>();
  const own = plan.regions.filter((region) => region.class === name);
  const covered = own.filter(({ redact }) => redact).length;
  const threshold = dragged ?? rule.threshold ?? 0.5;
  const says =
    rule.threshold !== undefined ? 'score' : rule.redact === undefined ? '' : rule.redact ? 'cover' : 'keep';
  const set = (value: number): void => {
    setDragged(undefined);
    studio.choose(`${name}: ${showPercent(value)}`, { op: 'class', class: name, threshold: value });
  };
  return (
    <div className="st-class">
      <Choice
        label={words.classes.rule(name)}
        hint={words.classes.count(covered, own.length)}
        disabled={!editable}
        value={says}
        options={[
          ['', words.classes.proposed],
          ['cover', words.classes.cover],
          ['keep', words.classes.keep],
          ['score', words.classes.byScore],
        ]}
        onChange={({ currentTarget: { value } }) => {
          if (value === 'score') return set(threshold);
          const redact = value === '' ? null : value === 'cover';
          const taken = value === '' ? { threshold: null } : {};
          studio.choose(name, { op: 'class', class: name, redact, ...taken });
        }}
      />
      <label className="st-range">
        <span className="usa-sr-only">{words.classes.threshold(name)}</span>
        <input
          type="range"
          data-key="threshold"
          min={0}
          max={1}
          step={0.01}
          disabled={!editable}
          value={threshold}
          aria-valuetext={showPercent(threshold)}
          onChange={({ currentTarget }) => setDragged(Number(currentTarget.value))}
          onPointerUp={({ currentTarget }) => set(Number(currentTarget.value))}
          onKeyUp={({ currentTarget, key }) => key.startsWith('Arrow') && set(Number(currentTarget.value))}
        />
        <output>{showPercent(threshold)}</output>
      </label>
    </div>
  );
}

/** What was said of a class, for the release that is being edited or for the review. */
function ruleOf({ now, scope }: Studio, name: string): ClassRule {
  if (scope === undefined) return now.state.classes.get(name) ?? {};
  const rule: { redact?: boolean; threshold?: number } = {};
  for (const choice of now.state.releases.get(scope)?.choices ?? []) {
    if (choice.op !== 'class' || choice.class !== name) continue;
    if (typeof choice.threshold === 'number') {
      rule.threshold = choice.threshold;
      delete rule.redact;
    } else if (typeof choice.redact === 'boolean') {
      rule.redact = choice.redact;
      delete rule.threshold;
    } else if (choice.redact === null) {
      delete rule.redact;
      delete rule.threshold;
    }
  }
  return rule;
}
