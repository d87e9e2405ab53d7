import type { ProtectedAttribute } from './attributes.ts';

const listed = (names: string): readonly string[] => names.split(', ');

/** Names under which a protected attribute itself travels. Words are compared whole, in any spelling of the name. */
export const attributeNames: Readonly<Record<ProtectedAttribute, readonly string[]>> = {
  race: listed(
    'race, races, racial, raza, skin color, skin colour, skin tone, skin type, fitzpatrick, complexion, african american, caucasian',
  ),
  ethnicity: listed(
    'ethnicity, ethnicities, ethnic, ethnic group, etnia, hispanic, latino, latina, latinx, ancestry, tribe, tribal, caste, indigenous',
  ),
  'national-origin': listed(
    'national origin, place of birth, birth place, country of birth, birth country, city of birth, born in, native country, pob',
  ),
  religion: listed(
    'religion, religions, religious, religious affiliation, faith, creed, denomination, church, mosque, synagogue, muslim, christian, jewish, hindu, sikh, buddhist, hijab, turban',
  ),
  sex: listed('sex, sexo, gender, genders, genero, male, female, is woman, is man, pregnant, pregnancy'),
  'gender-identity': listed(
    'gender identity, transgender, trans status, nonbinary, non binary, pronoun, pronouns',
  ),
  'sexual-orientation': listed('sexual orientation, sexuality, sexual preference, lgbt, lgbtq, lgbtqi'),
  'medical-condition': listed(
    'medical, medical condition, diagnosis, diagnoses, disease, illness, medication, medications, prescription, hiv, hiv status, mental health, health condition, health status, patient, blood type, genetic, dna, vaccination',
  ),
  disability: listed(
    'disability, disabilities, disabled, handicap, handicapped, impairment, wheelchair, ability status, blind, deaf, autism',
  ),
  nationality: listed(
    'nationality, nationalities, nacionalidad, citizenship, citizen, citizen of, country of citizenship, passport country, passport issuing country, passport nationality, immigration status, alien status',
  ),
  age: listed(
    'age, ages, edad, age group, age band, date of birth, birth date, dob, birthday, year of birth, birth year, is minor, is adult, elderly, juvenile',
  ),
};

/** Words before `age` that make it the age of a thing. */
const ages = [
  'account',
  'cache',
  'container',
  'data',
  'document',
  'file',
  'frame',
  'image',
  'model',
  'permit',
  'record',
  'track',
  'vehicle',
];

/** Names that stand for a protected attribute often enough that a charter must say so and show a test. */
export const proxyNames: readonly {
  readonly names: readonly string[];
  readonly attributes: readonly ProtectedAttribute[];
}[] = [
  {
    names: listed('surname, last name, family name, full name, maiden name, mothers name, fathers name'),
    attributes: ['ethnicity', 'national-origin', 'religion'],
  },
  {
    names: listed('first name, given name, forename, middle name'),
    attributes: ['sex', 'ethnicity', 'national-origin'],
  },
  { names: listed('honorific, salutation, marital status'), attributes: ['sex'] },
  {
    names: listed('mother tongue, native language, preferred language, spoken language, accent, dialect'),
    attributes: ['national-origin', 'ethnicity'],
  },
  {
    names: listed(
      'zip, zip code, zip 4, postcode, postal code, census tract, neighborhood, neighbourhood, home address, residence',
    ),
    attributes: ['race', 'ethnicity', 'national-origin'],
  },
  {
    names: listed('meal, meal code, meal preference, diet, dietary'),
    attributes: ['religion', 'medical-condition'],
  },
  {
    names: listed('head covering, headscarf, headwear, beard, religious holiday, prayer'),
    attributes: ['religion'],
  },
  {
    names: listed('ssr, ssr code, special service request, special assistance, mobility aid'),
    attributes: ['disability', 'medical-condition', 'religion'],
  },
  {
    names: listed('body height, body weight, stature, gait, voice pitch'),
    attributes: ['sex', 'disability', 'age'],
  },
  {
    names: listed('hair, hair color, hair style, hair length, eye color, eye colour'),
    attributes: ['race', 'sex', 'age'],
  },
  {
    names: listed(
      'visa, visa class, visa type, passport number, issuing country, issuing state, travel history, country of residence, embarkation country',
    ),
    attributes: ['nationality', 'national-origin'],
  },
  { names: listed('graduation year, school year, retirement, retired'), attributes: ['age'] },
  {
    names: listed('health insurance, medicaid, medicare'),
    attributes: ['medical-condition', 'age', 'disability'],
  },
];

/** What a field's name tells of it. */
export interface NameReading {
  readonly attributes: readonly ProtectedAttribute[];
  readonly proxyFor: readonly ProtectedAttribute[];
}

/** Reads `dateOfBirth`, `DATE_OF_BIRTH`, `date-of-birth` and `dateofbirth` alike. */
export function readFieldName(name: string): NameReading {
  const words = wordsOf(name);
  const attributes = Object.entries(attributeNames)
    .filter(([, names]) => names.some((term) => holds(words, term)))
    .map(([attribute]) => attribute as ProtectedAttribute);
  const proxies = proxyNames.filter(({ names }) => names.some((term) => holds(words, term)));
  return { attributes, proxyFor: [...new Set(proxies.flatMap((proxy) => proxy.attributes))] };
}

function wordsOf(name: string): string[] {
  return name
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f']/g, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/([a-zA-Z])(\d)|(\d)([a-zA-Z])/g, '$1$3 $2$4')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

function holds(words: readonly string[], term: string): boolean {
  const wanted = term.split(' ');
  const joined = wanted.join('');
  // Short terms hide in other words: `age` in `image`, `sex` in `sussex`.
  if (wanted.length > 1 && words.some((word) => word === joined)) return true;
  return words.some(
    (_, at) =>
      wanted.every((word, offset) => words[at + offset] === word) &&
      !(term === 'age' && ages.includes(words[at - 1] ?? '')),
  );
}
