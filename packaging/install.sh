#!/bin/sh
# Installs Tidewaiter from the unpacked bundle that this file lies in. It needs a POSIX shell, coreutils and OpenSSL 3, and
# no network. Nothing of the bundle runs, and nothing is put in its place, before signature and digests were found right.
set -eu
umask 022
LC_ALL=C
export LC_ALL

fail() {
  printf 'install.sh: %s\n' "$1" >&2
  exit 1
}

usage='usage: sh install.sh --key PUBLIC_KEY.pem [--prefix /opt/tidewaiter]'
key=
prefix=/opt/tidewaiter
while [ $# -gt 0 ]; do
  case $1 in
    --key) key=${2:?$usage} && shift 2 ;;
    --prefix) prefix=${2:?$usage} && shift 2 ;;
    *) fail "$usage" ;;
  esac
done
[ -n "$key" ] || fail "$usage
The key is not in the bundle: get it from whom you trust, by another way."
[ -r "$key" ] || fail "the key $key cannot be read"
case $prefix in /*) ;; *) fail "write the prefix as a whole path: $prefix" ;; esac
case $key in /*) ;; *) key=$(pwd -P)/$key ;; esac
command -v openssl >/dev/null || fail 'openssl is needed to check the signature (on Debian: apt install openssl)'

# Says which of the files below the working folder is not as it was signed; ends with an error when there is one.
check() {
  [ -z "$(find . ! -type f ! -type d)" ] || fail "this is no plain file: $(find . ! -type f ! -type d | head -n 1)"
  sha256sum --check --strict --quiet SHA256SUMS >&2 || fail 'the files named above were changed. Nothing was installed.'
  listed=$(wc -l <SHA256SUMS)
  found=$(find . -type f ! -path ./SHA256SUMS ! -path ./SHA256SUMS.sig | wc -l)
  [ "$listed" -eq "$found" ] || fail 'there are files that were not signed. Nothing was installed.'
}

source=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
cd "$source"
openssl pkeyutl -verify -pubin -inkey "$key" -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig >/dev/null 2>&1 ||
  fail 'the list of files was changed, or another key signed it. Nothing was installed.'
check

name=$(basename "$source")
target=$prefix/$name
[ ! -e "$target" ] || fail "$target is there already"
mkdir -p "$prefix"
incoming=$prefix/.incoming-$$
trap 'rm -rf "$incoming"' EXIT
trap 'exit 130' INT TERM
mkdir "$incoming"
cp -R . "$incoming/"
# Once more where it will run from: the medium may be failing, and others may have written to the first place.
cd "$incoming"
openssl pkeyutl -verify -pubin -inkey "$key" -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig >/dev/null 2>&1 ||
  fail 'the list of files changed while it was copied. Nothing was installed.'
check
chmod -R u=rwX,go=rX .
cd "$prefix"
mv "$incoming" "$target"
# A link changes in one step: whoever starts the program gets the old one or the new one.
mkdir -p bin
ln -s "$name" ".current-$$"
mv -T ".current-$$" current
ln -sf ../current/bin/tidewaiter bin/tidewaiter
printf 'Installed in %s. Run it as %s/bin/tidewaiter\n' "$target" "$prefix"
