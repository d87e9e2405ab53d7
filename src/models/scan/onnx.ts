import { shown, type ScanFindings } from './finding.ts';
import { scanPort, scanTensor } from './onnx-tensor.ts';
import { WireError, type WireField, type WireFile } from './wire.ts';

/** What an ONNX file says of itself. */
export interface OnnxFacts {
  readonly irVersion: number;
  readonly producer: string;
  /** Version of each operator set by domain; `ai.onnx` is the standard one. */
  readonly operatorSets: Readonly<Record<string, number>>;
  readonly nodes: number;
  /** Graphs inside graphs, at most so deep. */
  readonly depth: number;
  readonly tensors: number;
  /** Numbers in the weights. */
  readonly parameters: number;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** Operators of these domains are ONNX's own, and the runtime's; any other needs code that somebody brings. */
export const standardDomains: readonly string[] = ['ai.onnx', 'ai.onnx.ml', 'com.microsoft'];

const MOST_NODES = 1_000_000;
const MOST_TENSORS = 1_000_000;
const DEEPEST = 16;
const NAME_BYTES = 4096;
const MOST_PORTS = 1000;
/** Of all descriptions and notes together. */
const TEXT_BYTES = 1 << 20;
/** Text is never run; somebody who hides code in it expects that something else does. */
const code =
  /__import__\s*\(|\b(?:import\s+(?:os|sys|subprocess|ctypes)|eval|exec|os\.system)\b\s*[\n(;]|<script\b/i;
/** Operators that run Python, wherever they come from. */
const python = /^(?:py|python)(?:op|func)/i;

/** Walks the whole of an ONNX file. @throws WireError when it is none. */
export function scanOnnx(
  file: WireFile,
  findings: ScanFindings,
  allowedDomains: readonly string[],
): OnnxFacts {
  return new OnnxScan(file, findings, new Set([...standardDomains, ...allowedDomains])).run();
}

class OnnxScan {
  readonly #file: WireFile;
  readonly #findings: ScanFindings;
  readonly #allowed: Set<string>;
  readonly #sets = new Map<string, number>();
  /** Domains of operators, with one operator of each. */
  readonly #used = new Map<string, string>();
  readonly #inputs: string[] = [];
  readonly #outputs: string[] = [];
  #text = 0;
  #nodes = 0;
  #depth = 0;
  #tensors = 0;
  #parameters = 0n;

  constructor(file: WireFile, findings: ScanFindings, allowed: Set<string>) {
    this.#file = file;
    this.#findings = findings;
    this.#allowed = allowed;
  }

  run(): OnnxFacts {
    let [irVersion, producer, graphs] = [0, '', 0];
    const functionDomains = new Set<string>();
    for (const field of this.#file.fields(0, this.#file.size)) {
      if (field.number === 1) irVersion = Number(field.value ?? 0n);
      else if (field.number === 2) producer = this.#name(field);
      else if (field.number === 6) this.#note(field);
      else if (field.number === 7) {
        graphs++;
        this.#graph(this.#message(field), 1);
      } else if (field.number === 8) this.#operatorSet(this.#message(field));
      else if (field.number === 14) this.#property(this.#message(field));
      else if (field.number === 20)
        this.#findings.add('error', 'training', 'it brings instructions for training');
      else if (field.number === 25) functionDomains.add(this.#function(this.#message(field)));
    }
    if (graphs !== 1) throw new WireError(`it has ${graphs} graphs in place of one`);
    if (irVersion < 1) throw new WireError('it does not say of which version of ONNX it is');
    // Functions that the file itself defines are made of operators that were looked at like all others.
    for (const [domain, operator] of this.#used)
      if (!this.#allowed.has(domain) && !functionDomains.has(domain))
        this.#findings.add(
          'error',
          'operator-domain',
          `operator ${operator} is of ${domain}, and needs code that does not come with the runtime`,
        );
    if (this.#text > TEXT_BYTES)
      this.#findings.add('error', 'text', `its notes and properties are ${this.#text} bytes long`);
    return {
      ...{ irVersion, producer, nodes: this.#nodes, depth: this.#depth, tensors: this.#tensors },
      operatorSets: Object.fromEntries(this.#sets),
      parameters: Number(this.#parameters),
      ...{ inputs: this.#inputs, outputs: this.#outputs },
    };
  }

  #graph({ from, to }: WireField, depth: number): void {
    if (depth > DEEPEST) throw new WireError(`graphs lie in each other more than ${DEEPEST} deep`);
    this.#depth = Math.max(this.#depth, depth);
    for (const field of this.#file.fields(from, to)) {
      if (field.number === 1) this.#node(this.#message(field), depth);
      else if (field.number === 2) this.#name(field);
      else if (field.number === 5) this.#tensor(field);
      else if (field.number === 15) this.#sparse(this.#message(field));
      else if (field.number === 10) this.#note(field);
      else if (field.number === 16) this.#property(this.#message(field));
      else if (field.number === 11 || field.number === 12) {
        const port = scanPort(this.#file, this.#message(field), this.#findings);
        const ports = field.number === 11 ? this.#inputs : this.#outputs;
        if (depth === 1 && ports.length < MOST_PORTS) ports.push(port);
      }
    }
  }

  #node({ from, to }: WireField, depth: number): void {
    if (++this.#nodes > MOST_NODES) throw new WireError(`it has more than ${MOST_NODES} nodes`);
    let [operator, domain] = ['', 'ai.onnx'];
    for (const field of this.#file.fields(from, to)) {
      if (field.number === 4) operator = this.#name(field);
      else if (field.number === 7) domain = domainOf(this.#name(field));
      else if (field.number === 3 || field.number === 1 || field.number === 2) this.#name(field);
      else if (field.number === 5) this.#attribute(this.#message(field), depth);
      else if (field.number === 6) this.#note(field);
      else if (field.number === 9) this.#property(this.#message(field));
    }
    if (python.test(operator)) this.#findings.add('error', 'code', `operator ${operator} runs Python`);
    if (this.#used.size < MOST_PORTS && !this.#used.has(domain)) this.#used.set(domain, operator);
  }

  #attribute({ from, to }: WireField, depth: number): void {
    for (const field of this.#file.fields(from, to)) {
      if (field.number === 5 || field.number === 10) this.#tensor(field);
      else if (field.number === 6 || field.number === 11) this.#graph(this.#message(field), depth + 1);
      else if (field.number === 22 || field.number === 23) this.#sparse(this.#message(field));
      else if (field.number === 4 || field.number === 9 || field.number === 13) this.#note(field);
    }
  }

  #function({ from, to }: WireField): string {
    let domain = 'ai.onnx';
    for (const field of this.#file.fields(from, to)) {
      if (field.number === 10) domain = domainOf(this.#name(field));
      else if (field.number === 7) this.#node(this.#message(field), 1);
      else if (field.number === 11) this.#attribute(this.#message(field), 1);
      else if (field.number === 8) this.#note(field);
      else if (field.number === 9) this.#operatorSet(this.#message(field));
      else if (field.number === 14) this.#property(this.#message(field));
    }
    return domain;
  }

  #sparse({ from, to }: WireField): void {
    for (const field of this.#file.fields(from, to))
      if (field.number === 1 || field.number === 2) this.#tensor(field);
  }

  #tensor(field: WireField): void {
    if (++this.#tensors > MOST_TENSORS) throw new WireError(`it has more than ${MOST_TENSORS} tensors`);
    this.#parameters += scanTensor(this.#file, this.#message(field), this.#findings);
  }

  #operatorSet({ from, to }: WireField): void {
    let [domain, version] = ['ai.onnx', 0];
    for (const field of this.#file.fields(from, to)) {
      if (field.number === 1) domain = domainOf(this.#name(field));
      if (field.number === 2) version = Number(field.value ?? 0n);
    }
    if (this.#sets.size < MOST_PORTS) this.#sets.set(domain, version);
  }

  #property({ from, to }: WireField): void {
    for (const field of this.#file.fields(from, to)) this.#note(field);
  }

  /** Free text: counted, and looked at for code. */
  #note(field: WireField): void {
    if (field.wire !== 2) return;
    this.#text += field.to - field.from;
    if (this.#text > TEXT_BYTES) return;
    const found = code.exec(this.#file.text(field, TEXT_BYTES) ?? '');
    if (found !== null)
      this.#findings.add('warning', 'code-in-text', `a note in it reads like code: ${shown(found[0])}`);
  }

  #name(field: WireField): string {
    if (field.to - field.from > NAME_BYTES)
      throw new WireError(`a name at byte ${field.from} is longer than ${NAME_BYTES} bytes`);
    return shown(this.#file.text(field, NAME_BYTES) ?? '');
  }

  #message(field: WireField): WireField {
    if (field.wire !== 2) throw new WireError(`field ${field.number} at byte ${field.from} is no message`);
    return field;
  }
}

/** The standard domain has two names. */
function domainOf(name: string): string {
  return name === '' ? 'ai.onnx' : name;
}
