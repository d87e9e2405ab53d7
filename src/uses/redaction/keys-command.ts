import { homedir } from 'node:os';
import { z } from 'zod';
import { exitCode, parseOptions, type CommandSpec } from '../../core/command.ts';
import { keyFingerprint, keyKind, publicKeyPem } from '../../core/signing-key.ts';
import { defaultDataDir, defaultKeyFile } from './record/key-store.ts';
import { signerOf } from './record/own-key.ts';

const schema = z.object({ public: z.literal(true).optional(), signKey: z.string().optional() });

export const keys: CommandSpec = {
  name: 'keys',
  summary: 'Show the key that signs records here; it is made when it is needed first',
  arguments: [],
  options: [
    { flags: '--public', summary: 'print nothing but the public key (PEM), to give to those who verify' },
    { flags: '--sign-key <file>', summary: 'show this key (PEM, PKCS#8, Ed25519 or P-256) instead' },
  ],
  examples: [
    { line: 'tidewaiter keys', summary: 'fingerprint, kind, file and public key' },
    { line: 'tidewaiter keys --public > clerk.pem', summary: 'what others need to verify what you sign' },
  ],
  async run(_, given, io) {
    const options = parseOptions(schema, given);
    const { publicKey } = await signerOf(options.signKey);
    const file = options.signKey ?? defaultKeyFile(defaultDataDir(process.env, homedir()));
    const kind = keyKind(publicKey);
    const fingerprint = keyFingerprint(publicKey);
    const pem = publicKeyPem(publicKey);
    if (io.json) await io.emit('result', { fingerprint, kind, file, publicKey: pem });
    else if (options.public === true) await io.stdout.write(pem);
    else {
      const algorithm = kind === 'p256' ? 'ECDSA P-256' : 'Ed25519';
      await io.stdout.write(
        `fingerprint  ${fingerprint}\nkind         ${algorithm}\nfile         ${file}\n\n${pem}`,
      );
    }
    return exitCode.done;
  },
};
