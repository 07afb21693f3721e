#!/usr/bin/env bash
# Makes a release: `packaging/release.sh 0.2.0`. Checks the tree, builds the static binary twice in different folders, compares the two, and writes
# the archive and its checksum into target/release-VERSION. It commits, tags and publishes nothing; the last lines say how.
set -euo pipefail
cd "$(dirname "$0")/.."

version=${1:?usage: packaging/release.sh VERSION}
target=x86_64-unknown-linux-musl
fail() { echo "release: $*" >&2; exit 1; }

[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "\`$version\` is not a version such as 0.2.0"
[ "$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)" = "$version" ] || fail "Cargo.toml has another version: set it, and commit Cargo.lock with it"
grep -q "^## $version$" CHANGELOG.md || fail "CHANGELOG.md has no section \`## $version\`: move what is unreleased below it"
[ -z "$(git status --porcelain)" ] || fail "the tree has changes: commit them first"
rustup target list --installed | grep -qx "$target" || fail "the target is missing: rustup target add $target, and install musl-tools"

SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH CARGO_INCREMENTAL=0
out=$PWD/target/release-$version
rm -rf "$out" && mkdir -p "$out"
build() { # folder: a fresh checkout of the commit, whose path must not show in the binary
    git worktree add --quiet --detach "$1" HEAD
    (cd "$1" && RUSTFLAGS="--remap-path-prefix=$1=/magespec --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo" \
        CFLAGS_x86_64_unknown_linux_musl="-ffile-prefix-map=$1=/magespec -ffile-prefix-map=${CARGO_HOME:-$HOME/.cargo}=/cargo" \
        cargo build --locked --release --target "$target" --target-dir "$1/target")
    cp "$1/target/$target/release/magespec" "$2"
    git worktree remove --force "$1"
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"; git worktree prune' EXIT
build "$scratch/one" "$out/magespec"
build "$scratch/two-with-another-length" "$scratch/again"
cmp "$out/magespec" "$scratch/again" || fail "two builds of one commit differ"

"$out/magespec" test --quick >/dev/null || fail "the binary does not pass its own quick run"
name=magespec-$version-x86_64-linux
mkdir "$scratch/$name"
cp "$out/magespec" README.md LICENSE CHANGELOG.md "$scratch/$name/"
"$out/magespec" explain --all --out "$scratch/$name/docs" >/dev/null
tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -C "$scratch" -cf - "$name" | gzip -n9 >"$out/$name.tar.gz"
(cd "$out" && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")
ls -l "$out"
echo "tag it: git tag -s v$version -m 'magespec $version'"
