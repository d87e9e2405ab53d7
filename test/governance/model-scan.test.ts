import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import onnxProto from 'onnx-proto';
import { fixedModel } from '../../material/onnx.ts';
import { sha256 } from '../../src/core/digest.ts';
import { generateSigningKeyPem, parseSigningKey, publicKeyPem } from '../../src/core/signing-key.ts';
import { admitModels } from '../../src/host/engine-options.ts';
import { defaultCacheDir, findModel } from '../../src/models/index.ts';
import { builtInModels } from '../../src/models/catalog.ts';
import { packageFile } from '../../src/models/package-file.ts';
import { modelBytes } from '../../src/models/registry.ts';
import { folderSignature, signModel, verifyModel } from '../../src/models/scan/model-signature.ts';
import { mayEnter, scanModel, type FileScan } from '../../src/models/scan/scan.ts';
import { needs } from '../needs.ts';

const { onnx } = onnxProto;

async function folder(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tidewaiter-scan-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

async function scanned(t: TestContext, bytes: Uint8Array, name = 'model.onnx'): Promise<FileScan> {
  const dir = await folder(t);
  await writeFile(join(dir, name), bytes);
  const [scan] = await scanModel(join(dir, name));
  return scan!;
}

const good = fixedModel({ name: 'image', dims: [1, 3, 8, 8] }, [{ name: 'out', dims: [2], data: [1, 2] }]);

/** A model whose graph is changed by hand, as an attacker would. */
function bent(change: (graph: Record<string, unknown>, model: Record<string, unknown>) => void): Uint8Array {
  const model = onnx.ModelProto.toObject(onnx.ModelProto.decode(good)) as Record<string, unknown>;
  change(model['graph'] as Record<string, unknown>, model);
  return onnx.ModelProto.encode(onnx.ModelProto.fromObject(model)).finish();
}

function rules({ findings }: FileScan, level = 'error'): string[] {
  return [...new Set(findings.filter((finding) => finding.level === level).map(({ rule }) => rule))];
}

describe('looking into model files', () => {
  test('the models of this software come in, and are described as onnx-proto reads them', async (t) => {
    const cacheDir = defaultCacheDir(process.env, homedir());
    let looked = 0;
    for (const { card, package: from, file } of builtInModels) {
      if (packageFile(from.name, file) === undefined) continue;
      const bytes = await modelBytes(await findModel(card.id, { cacheDir }), cacheDir);
      const scan = await scanned(t, bytes);
      assert.deepEqual(rules(scan), [], `${card.id}: ${JSON.stringify(scan.findings)}`);
      const { graph } = onnx.ModelProto.decode(bytes);
      assert.equal(scan.sha256, card.digest);
      assert.ok((scan.onnx?.nodes ?? 0) >= (graph?.node?.length ?? 0));
      assert.equal(scan.onnx?.outputs.length, graph?.output?.length);
      looked++;
    }
    assert.ok(looked >= 3);
  });

  test('what could run code, reach out or take all memory is refused and named', async (t) => {
    const named = async (bytes: Uint8Array, rule: string, message: RegExp): Promise<void> => {
      const scan = await scanned(t, bytes);
      assert.ok(!mayEnter([scan]), rule);
      const found = scan.findings.find((finding) => finding.rule === rule && message.test(finding.message));
      assert.ok(found, `${rule}: ${JSON.stringify(scan.findings)}`);
    };
    const node = (more: object): object => ({ opType: 'Relu', input: ['a'], output: ['b'], ...more });
    await named(
      bent((graph) => (graph['node'] = [node({ domain: 'org.evil', opType: 'Run' })])),
      'operator-domain',
      /Run is of org\.evil/,
    );
    await named(
      bent((graph) => (graph['node'] = [node({ domain: 'com.microsoft', opType: 'PythonOp' })])),
      'code',
      /runs Python/,
    );
    // The same inside a branch of a condition.
    const attribute = {
      name: 'then_branch',
      type: 5,
      g: { node: [node({ domain: 'org.evil' })], name: 'inner' },
    };
    await named(
      bent((graph) => (graph['node'] = [node({ opType: 'If', attribute: [attribute] })])),
      'operator-domain',
      /org\.evil/,
    );
    const external = (location: string): object => ({
      ...{ name: 'w', dims: [4], dataType: 1, dataLocation: 1 },
      externalData: [{ key: 'location', value: location }],
    });
    await named(
      bent((graph) => (graph['initializer'] = [external('weights.bin')])),
      'external-data',
      /another file/,
    );
    for (const path of ['../../etc/passwd', '/etc/passwd', 'a\\..\\..\\b', 'C:\\x'])
      await named(
        bent((graph) => (graph['initializer'] = [external(path)])),
        'path-traversal',
        /outside its folder/,
      );
    await named(
      bent(
        (graph) =>
          (graph['initializer'] = [
            { name: 'w', dims: [100000, 100000], dataType: 1, rawData: Buffer.alloc(4) },
          ]),
      ),
      'shape',
      /10000000000 elements/,
    );
    await named(
      bent(
        (graph) =>
          (graph['initializer'] = [{ name: 'w', dims: [5000, 5000], dataType: 1, rawData: Buffer.alloc(4) }]),
      ),
      'shape',
      /25000000 elements, and holds 4 bytes/,
    );
    await named(
      bent((graph) => (graph['initializer'] = [{ name: 'w', dims: [-1], dataType: 1 }])),
      'shape',
      /no tensor has/,
    );
    await named(
      bent((_, model) => (model['metadataProps'] = [{ key: 'x', value: 'y'.repeat(2 ** 21) }])),
      'text',
      /bytes long/,
    );
    const shape = { dim: [{ dimValue: 2 ** 30 }] };
    await named(
      bent((graph) => (graph['input'] = [{ name: 'image', type: { tensorType: { elemType: 1, shape } } }])),
      'shape',
      /side of 1073741824/,
    );
    const code = await scanned(
      t,
      bent((_, model) => (model['metadataProps'] = [{ key: 'x', value: 'import os\nos.system("id")' }])),
    );
    assert.deepEqual([mayEnter([code]), rules(code, 'warning')], [true, ['code-in-text']]);
  });

  test('a broken file is refused whatever byte is cut or changed, and nothing is thrown', async (t) => {
    const dir = await folder(t);
    const path = join(dir, 'model.onnx');
    for (let length = 0; length < good.length; length += 3) {
      await writeFile(path, good.subarray(0, length));
      assert.ok(!mayEnter(await scanModel(path)), `${length} bytes`);
    }
    for (let at = 0; at < good.length; at += 2)
      for (const bit of [1, 128]) {
        const changed = Uint8Array.from(good);
        changed[at]! ^= bit;
        await writeFile(path, changed);
        await scanModel(path);
      }
    // A length of 2^63, a number that does not end, graphs in graphs without end.
    for (const bytes of [[0x3a, ...Array<number>(8).fill(255), 0x7f], Array<number>(40).fill(255)]) {
      await writeFile(path, Uint8Array.from([8, 8, ...bytes]));
      const [scan] = await scanModel(path);
      assert.match(scan!.findings[0]!.message, /no ONNX file/);
    }
    let deep: Buffer = Buffer.from([0x12, 1, 0x67]);
    const wrap = (tag: number, body: Buffer): Buffer => {
      const size: number[] = [];
      for (let left = body.length; ; left >>= 7) {
        size.push(left > 127 ? (left & 127) | 128 : left);
        if (left <= 127) break;
      }
      return Buffer.concat([Buffer.from([tag, ...size]), body]);
    };
    for (let depth = 0; depth < 5000; depth++) deep = wrap(0x0a, wrap(0x2a, wrap(0x32, deep)));
    await writeFile(path, Buffer.concat([Buffer.from([8, 8]), wrap(0x3a, deep)]));
    const [scan] = await scanModel(path);
    assert.match(scan!.findings[0]!.message, /more than 16 deep/);
  });

  test('other formats are told by their bytes, and refused where they bring code', async (t) => {
    if (!needs(t, 'python3')) return;
    const dir = await folder(t);
    const program = `
import pickle, zipfile, json, struct, sys, os
os.chdir(sys.argv[1])
class Evil:
    def __reduce__(self): return (os.system, ('id',))
for p in (0, 2, 4): open(f'p{p}.onnx', 'wb').write(pickle.dumps(Evil(), protocol=p))
with zipfile.ZipFile('torch.pt', 'w') as z: z.writestr('archive/data.pkl', b'x'); z.writestr('archive/data/0', b'\\0' * 9000)
with zipfile.ZipFile('model.keras', 'w') as z: z.writestr('config.json', '{}'); z.writestr('model.weights.h5', b'x')
header = json.dumps({'w': {'dtype': 'F32', 'shape': [1], 'data_offsets': [0, 4]}}).encode()
open('w.safetensors', 'wb').write(struct.pack('<Q', len(header)) + header + b'\\0' * 4)
open('w.gguf', 'wb').write(b'GGUF' + struct.pack('<I', 3) + b'\\0' * 40)
open('w.h5', 'wb').write(bytes([0x89]) + b'HDF\\r\\n\\x1a\\n' + b'\\0' * 40)
open('w.tflite', 'wb').write(struct.pack('<I', 28) + b'TFL3' + b'\\0' * 40)
open('saved_model.pb', 'wb').write(b'\\x08\\x01\\x12\\x00')
open('notes.txt', 'w').write('labels of the classes: no code.\\n')
`;
    execFileSync('python3', ['-c', program, dir]);
    await writeFile(
      join(dir, 'program.onnx'),
      await readFile(process.execPath).then((b) => b.subarray(0, 5000)),
    );
    await symlink('/etc/passwd', join(dir, 'link.onnx'));
    const scans = await scanModel(dir);
    const by = Object.fromEntries(scans.map((scan) => [scan.name, [scan.format, mayEnter([scan])]]));
    assert.deepEqual(by, {
      'link.onnx': ['unknown', false],
      'model.keras': ['keras', false],
      'notes.txt': ['text', true],
      'p0.onnx': ['pickle', false],
      'p2.onnx': ['pickle', false],
      'p4.onnx': ['pickle', false],
      'program.onnx': ['executable', false],
      'saved_model.pb': ['tensorflow', false],
      'torch.pt': ['torch', false],
      'w.gguf': ['gguf', true],
      'w.h5': ['hdf5', false],
      'w.safetensors': ['safetensors', true],
      'w.tflite': ['tflite', true],
    });
  });
});

describe('signatures of models', () => {
  const key = parseSigningKey(generateSigningKeyPem(), 'a key');

  async function signedFolder(t: TestContext): Promise<{ dir: string; signature: string }> {
    const dir = await folder(t);
    await mkdir(join(dir, 'labels'));
    await writeFile(join(dir, 'a.onnx'), good);
    await writeFile(join(dir, 'labels', 'b.txt'), 'face\n');
    const signature = join(dir, folderSignature);
    await writeFile(signature, JSON.stringify(await signModel(dir, key, signature)));
    return { dir, signature };
  }

  test('hold for what was signed, and openssl finds the same', async (t) => {
    if (!needs(t, 'openssl')) return;
    const { dir, signature } = await signedFolder(t);
    const { problems, root } = await verifyModel(dir, key.publicKey, signature);
    assert.deepEqual(problems, []);
    const digests = [sha256(good), sha256('face\n')].map((hex) => Buffer.from(hex, 'hex'));
    assert.equal(root, sha256(Buffer.concat(digests)));
    const bundle = JSON.parse(await readFile(signature, 'utf8')) as {
      dsseEnvelope: { payload: string; payloadType: string; signatures: { sig: string }[] };
    };
    const { payload, payloadType, signatures } = bundle.dsseEnvelope;
    const text = Buffer.from(payload, 'base64');
    const work = await folder(t);
    const [pae, sig, pem] = ['pae', 'sig', 'pem'].map((name) => join(work, name)) as [string, string, string];
    await writeFile(pae, `DSSEv1 ${payloadType.length} ${payloadType} ${text.length} ${text.toString()}`);
    await writeFile(sig, Buffer.from(signatures[0]!.sig, 'base64'));
    await writeFile(pem, publicKeyPem(key.publicKey));
    const said = execFileSync('openssl', [
      'pkeyutl',
      '-verify',
      '-pubin',
      '-inkey',
      pem,
      '-rawin',
      '-in',
      pae,
      '-sigfile',
      sig,
    ]);
    assert.match(said.toString(), /Verified Successfully/);
    const statement = JSON.parse(text.toString()) as { predicate: { resources: { name: string }[] } };
    assert.deepEqual(
      statement.predicate.resources.map(({ name }) => name),
      ['a.onnx', 'labels/b.txt'],
    );
  });

  test('name each file that was changed, removed, added or linked, and each byte counts', async (t) => {
    const { dir, signature } = await signedFolder(t);
    const problemsNow = async (): Promise<readonly string[]> =>
      (await verifyModel(dir, key.publicKey, signature)).problems;
    for (let at = 0; at < good.length; at += 7) {
      const changed = Uint8Array.from(good);
      changed[at]! ^= 1;
      await writeFile(join(dir, 'a.onnx'), changed);
      assert.deepEqual(await problemsNow(), ['a.onnx was changed']);
    }
    await writeFile(join(dir, 'a.onnx'), good);
    await writeFile(join(dir, 'extra.txt'), 'x');
    assert.deepEqual(await problemsNow(), ['extra.txt was not signed']);
    await rm(join(dir, 'extra.txt'));
    await rm(join(dir, 'labels', 'b.txt'));
    await symlink('/etc/passwd', join(dir, 'labels', 'b.txt'));
    assert.deepEqual(await problemsNow(), ['labels/b.txt is no plain file', 'labels/b.txt is missing']);
    const other = parseSigningKey(generateSigningKeyPem(), 'another');
    assert.match(
      (await verifyModel(dir, other.publicKey, signature)).problems.join(),
      /not signed with this key/,
    );
    const bytes = await readFile(signature, 'utf8');
    await writeFile(signature, bytes.replace(/"payload":"./, '"payload":"f'));
    assert.notDeepEqual(await problemsNow(), []);
    await writeFile(signature, '{}');
    await assert.rejects(problemsNow(), { code: 'E_MODEL_SIGNATURE' });
    await assert.rejects(signModel(dir, key, signature), { code: 'E_MODEL_SIGNATURE' });
  });

  test('are asked for before a model of a folder is loaded, where a key is set', async (t) => {
    const { dir } = await signedFolder(t);
    const keyFile = join(await folder(t), 'key.pem');
    await writeFile(keyFile, publicKeyPem(key.publicKey));
    await admitModels(dir, keyFile);
    await writeFile(
      join(dir, 'a.onnx'),
      fixedModel({ name: 'i', dims: [1] }, [{ name: 'o', dims: [1], data: [3] }]),
    );
    await assert.rejects(admitModels(dir, keyFile), {
      code: 'E_MODEL_SIGNATURE',
      message: /a\.onnx was changed/,
    });
    await admitModels(dir, '');
    await writeFile(
      join(dir, 'a.onnx'),
      bent((graph) => (graph['node'] = [{ opType: 'Run', domain: 'org.evil' }])),
    );
    await assert.rejects(admitModels(dir, ''), { code: 'E_MODEL_SCAN', message: /org\.evil/ });
    const rsa = createPublicKey(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
    await writeFile(keyFile, rsa.export({ type: 'spki', format: 'pem' }));
    await assert.rejects(admitModels(dir, keyFile), { code: 'E_VERIFY_KEY' });
  });
});
