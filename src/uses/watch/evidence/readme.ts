import type { AboutPackage } from './parts.ts';

/** What somebody who has never heard of this software needs to read and to check a package. */
export function readmeText(about: AboutPackage, fingerprint: string): string {
  const clip =
    'absent' in about.clip ? `there is none: ${about.clip.absent}` : 'the recording, as the camera sent it';
  return `EVIDENCE PACKAGE OF AN ALERT

Alert ${about.alert} of camera ${about.camera}, ${about.at} (UTC).
Made ${about.madeAt} by Tidewaiter ${about.software}.

An alert is the finding of a machine. It says that something should be looked at by a person, and nothing about who somebody is or
what somebody meant to do. What people decided about it is in decisions.json.

WHAT IS IN HERE

  package.json     what this package is about; digests and versions of the models
  alert.json       the alert: rule, reason, place in the picture (pixels), times, scores
  incident.json    what it was put together with
  rule.json        the rule that fired
  calendar.json    whether the site was to be quiet at that time, and why
  tracks.json      where what was seen has been, moment by moment
  decisions.json   what people decided, when, and why
  clip.mp4         ${clip}
  snapshots/       still pictures
  ledger.json      entries of the installation's ledger, with proofs, under a signed head
  key.pem          public key of who signed this package
  SHA256SUMS       SHA-256 of every other file
  SHA256SUMS.sig   signature over SHA256SUMS

HOW TO CHECK IT WITHOUT TIDEWAITER

  unzip PACKAGE -d evidence && cd evidence
  sha256sum --strict -c SHA256SUMS
  openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig
  openssl pkey -pubin -in key.pem -outform DER | sha256sum

No line of sha256sum may say FAILED, no file may be there that SHA256SUMS does not list (but for itself and its signature), openssl
must say that the signature was verified, and the last line must show

  ${fingerprint}

Compare that number with the one the agency gives you by another way than this package: whoever changes a package can sign it
again with a key of their own.

HOW TO CHECK IT WITH TIDEWAITER

  tidewaiter watch verify-evidence PACKAGE --key AGENCY.pem

This also proves that the entries of ledger.json are in the ledger (RFC 6962), and finds changes of the archive itself.
`;
}
