import { lawTurnsOn, type ProtectedAttribute } from './attributes.ts';
import type { Charter, CharterInput } from './charter.ts';
import { addMonths, type Day } from './days.ts';
import { readFieldName } from './field-names.ts';
import type { Finding } from './finding.ts';
import { policiesOn, type Policy } from './policy.ts';
import { isWhole, isWithin, testerOf } from './proxy/verdict.ts';
import { checkRedLines } from './red-lines.ts';
import { checkWaiver } from './waivers.ts';

/** A test of a proxy holds for a year: what a field stands for drifts with the people who pass. */
const PROXY_TEST_MONTHS = 12;
/** A legal basis for a protected attribute is reviewed as often as a waiver: laws and what is made of them change. */
const BASIS_MONTHS = 12;

/**
 * Everything that a charter alone can show to be wrong on a day: red lines, protected attributes and their proxies among
 * inputs and outputs, clocks of waivers, and what its stage asks for. An error means that no permit may rest on it.
 */
export function checkCharter(charter: Charter, on: Day): Finding[] {
  return [
    ...checkRedLines(charter),
    ...charter.inputs.flatMap((input) => checkInput(input, on)),
    ...charter.outputs.flatMap(({ name }) => checkOutput(name)),
    ...repeated(charter),
    ...charter.waivers.flatMap((waiver) => checkWaiver(waiver, on)),
    ...checkStage(charter, on),
  ];
}

function checkInput(input: CharterInput, on: Day): Finding[] {
  const { attributes, proxyFor } = readFieldName(input.name);
  const field = `inputs.${input.name}`;
  if (attributes.length > 0) return attributes.flatMap((attribute) => checkAttribute(input, attribute, on));
  const declared = input.proxyFor ?? [];
  const undeclared = proxyFor.filter((attribute) => !declared.includes(attribute));
  if (undeclared.length > 0)
    return [
      {
        level: 'error',
        rule: 'proxy/undeclared',
        field,
        message: `${input.name} often stands for ${undeclared.join(', ')}, and the charter does not say so`,
        remedy: `Leave the field out, or add it to proxyFor and test it: see docs/charters.md.`,
      },
    ];
  return declared.length === 0 ? [] : checkProxy(input, declared, on);
}

function checkAttribute(input: CharterInput, attribute: ProtectedAttribute, on: Day): Finding[] {
  const field = `inputs.${input.name}`;
  if (!lawTurnsOn.includes(attribute))
    return [
      {
        level: 'error',
        rule: `protected/${attribute}`,
        field,
        message: `${input.name} is ${attribute}, which must not be ${input.flows.join(', ')}`,
        remedy:
          'Take the field out; no exception exists. If it means something else, give it a name that says so.',
      },
    ];
  const basis = input.legalBasis;
  const rule = `protected/${attribute}`;
  if (basis === undefined)
    return [
      {
        level: 'error',
        rule,
        field,
        message: `${input.name} is ${attribute}, and no legal basis is named`,
        remedy: 'Take the field out, or name the law that turns on it with its end and the sign-off of CRCL.',
      },
    ];
  if (basis.expires < on)
    return [
      {
        level: 'error',
        rule,
        field,
        message: `The legal basis of ${input.name} (${basis.citation}) ended on ${basis.expires}`,
        remedy: 'Take the field out, or have CRCL review the basis and sign again.',
      },
    ];
  if (basis.expires > addMonths(basis.civilRightsSignOff.on, BASIS_MONTHS))
    return [
      {
        level: 'error',
        rule,
        field,
        message: `The legal basis of ${input.name} (${basis.citation}) ends on ${basis.expires}, more than a year after the sign-off of CRCL of ${basis.civilRightsSignOff.on}`,
        remedy: 'Let it end within a year of the sign-off; CRCL may sign again before that.',
      },
    ];
  if (basis.civilRightsSignOff.on > on)
    return [
      {
        level: 'error',
        rule,
        field,
        message: `The sign-off of CRCL for ${input.name} is dated ${basis.civilRightsSignOff.on}, after ${on}`,
        remedy: 'Wait for the sign-off, or correct its day.',
      },
    ];
  return [
    {
      level: 'notice',
      rule,
      field,
      message: `${input.name} is ${attribute}, allowed by ${basis.citation} until ${basis.expires}`,
      remedy: 'Have the basis reviewed before it ends.',
    },
  ];
}

/** Of each attribute that a field may stand for, the newest test must be whole, of this field, of this year, and say that it does not. */
function checkProxy(
  { name, proxyTests = [] }: CharterInput,
  attributes: readonly ProtectedAttribute[],
  on: Day,
): Finding[] {
  const broken = (rule: string, message: string): Finding => ({
    ...{ level: 'error', rule: `proxy/${rule}`, field: `inputs.${name}`, message },
    remedy: `Leave the field out, or test it and put in what was signed: tidewaiter governance check --data TABLE.csv --attribute COLUMN --stands-for ATTRIBUTE --key KEY.pem -o TESTS.json.`,
  });
  return attributes.flatMap((attribute) => {
    const test = proxyTests
      .filter(({ claims }) => claims.field === name && claims.attribute === attribute)
      .toSorted((a, b) => (a.claims.on < b.claims.on ? 1 : -1))[0];
    const stands = `${name} may stand for ${attribute}`;
    if (test === undefined) return [broken('untested', `${stands}, and no test of it shows otherwise`)];
    const { claims } = test;
    if (!isWhole(test))
      return [broken('forged', `${stands}, and its test of ${claims.on} is not what was signed`)];
    if (!isWithin(test))
      return [broken('beyond', `${stands}: the test of ${claims.on} says ${claims.verdict}`)];
    if (claims.on > on || addMonths(claims.on, PROXY_TEST_MONTHS) <= on)
      return [
        broken(
          'untested',
          `${stands}, and its test of ${claims.on} is not of the ${PROXY_TEST_MONTHS} months before ${on}`,
        ),
      ];
    return [];
  });
}

/**
 * Tests of proxies that were signed by nobody whom a policy in force names: anybody can make a key. {@link checkCharter} cannot
 * tell, as it is asked where there are no policies.
 */
export function checkTesters({ inputs }: Charter, policies: readonly Policy[], on: Day): Finding[] {
  const known = policiesOn(policies, on).flatMap(({ proxyTesters = [] }) => proxyTesters);
  return inputs.flatMap(({ name, proxyTests = [] }) =>
    proxyTests
      .filter((test) => !known.includes(testerOf(test) ?? ''))
      .map(({ claims }): Finding => ({
        ...{ level: 'error', rule: 'proxy/tester', field: `inputs.${name}` },
        message: `The test of ${name} against ${claims.attribute} is signed by a key that no policy in force names`,
        remedy:
          'Have it tested by whom the agency trusts with it, or name the key under proxyTesters of its policy.',
      })),
  );
}

function checkOutput(name: string): Finding[] {
  return readFieldName(name).attributes.map((attribute) => ({
    level: 'error',
    rule: `protected/${attribute}`,
    field: `outputs.${name}`,
    message: `${name} gives out ${attribute}`,
    remedy: 'Take the field out; no exception exists for what an AI finds out about a person.',
  }));
}

function repeated({ inputs, outputs }: Charter): Finding[] {
  const findings: Finding[] = [];
  for (const [list, fields] of Object.entries({ inputs, outputs })) {
    const names = fields.map(({ name }) => name);
    for (const name of new Set(names.filter((name, at) => names.indexOf(name) !== at)))
      findings.push({
        level: 'error',
        rule: 'field/repeated',
        field: `${list}.${name}`,
        message: `${name} is declared twice`,
        remedy: 'Declare it once, with all that happens to it.',
      });
  }
  return findings;
}

function checkStage({ stage, operational, inventory }: Charter, on: Day): Finding[] {
  const running = stage === 'pilot' || stage === 'deployed';
  if (running && operational === undefined)
    return [
      {
        level: 'error',
        rule: 'stage/operational',
        field: 'operational',
        message: `A ${stage} use has a first day`,
        remedy: 'Write the day on which it became operational, or the pilot began.',
      },
    ];
  if (running && operational !== undefined && operational > on)
    return [
      {
        level: 'error',
        rule: 'stage/operational',
        field: 'operational',
        message: `The use is said to be ${stage}, and begins on ${operational}`,
        remedy: 'Correct the stage or the day.',
      },
    ];
  if (inventory.development !== 'In-house Development' && running && inventory.vendor === undefined)
    return [
      {
        level: 'error',
        rule: 'inventory/vendor',
        field: 'inventory.vendor',
        message: `A ${stage} use that was bought or made with contractors names them`,
        remedy: 'Name the vendor.',
      },
    ];
  return [];
}
