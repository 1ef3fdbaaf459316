#!/usr/bin/env bash
# Tries what a stranger does: `npm test` and `npm start`, each alone on a fresh clone, with an empty HOME and a PATH
# that has the system's own tools, node and npm, but no nats-server, go or docker.
#
#   scripts/fresh-clone.sh                          both, of the last commit
#   scripts/fresh-clone.sh --worktree               both, of the files as they are now
#   scripts/fresh-clone.sh 'npm run check' …        those commands instead
#
# NODE_FOLDER names the folder of another node and npm than /usr/local/bin or /usr/bin have.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
worktree=false
if [ "${1-}" = --worktree ]; then worktree=true && shift; fi
# In a pipe the demo ends by itself.
if [ $# -eq 0 ]; then set -- 'npm test' 'npm start | cat'; fi

scratch=$(mktemp -d "${TMPDIR:-/tmp}/shoal-fresh-XXXXXX")
trap 'rm -rf "$scratch"' EXIT

mkdir "$scratch/bin"
for tool in node npm npx; do
  for folder in ${NODE_FOLDER-} /usr/local/bin /usr/bin /bin; do
    if [ -x "$folder/$tool" ]; then ln -s "$folder/$tool" "$scratch/bin/$tool" && break; fi
  done
done
path="$scratch/bin:/usr/sbin:/usr/bin:/sbin:/bin"
for tool in nats-server go docker; do
  if PATH=$path command -v "$tool" >/dev/null; then echo "there is a $tool in $path: this proves less than it should" >&2; fi
done

# The way to the network is the machine's, not the user's.
network=()
for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY NODE_EXTRA_CA_CERTS SSL_CERT_FILE SSL_CERT_DIR; do
  if [ -n "${!name-}" ]; then network+=("$name=${!name}"); fi
done

copy() {
  if "$worktree"; then
    mkdir "$1"
    git -C "$root" ls-files -z --cached --others --exclude-standard |
      (cd "$root" && while IFS= read -r -d '' file; do [ -e "$file" ] && printf '%s\0' "$file"; done) |
      tar -C "$root" --null -T - -cf - | tar -C "$1" -xf -
    git -C "$1" init -q && git -C "$1" add -A
  else
    git clone -q "$root" "$1"
  fi
}

left_running() {
  local process
  for process in /proc/[0-9]*; do
    if { cat "$process/environ" | tr '\0' '\n'; } 2>/dev/null | grep -qxF "HOME=$1/home"; then
      printf '%s %s\n' "${process#/proc/}" "$({ cat "$process/cmdline" | tr '\0' ' '; } 2>/dev/null)"
    fi
  done
}

failed=0
for command in "$@"; do
  place=$(mktemp -d "$scratch/XXXXXX")
  mkdir "$place/home"
  copy "$place/shoal"
  started=$SECONDS status=0
  printf '\n=== %s, on node %s and npm %s\n' "$command" \
    "$(PATH=$path node --version)" "$(HOME=$place/home PATH=$path npm --version)"
  (cd "$place/shoal" && env -i PATH="$path" HOME="$place/home" LANG=C.UTF-8 "${network[@]}" bash -o pipefail -c "$command") || status=$?
  printf '=== %s: %s in %d s\n' "$command" "$([ "$status" -eq 0 ] && echo passed || echo "failed ($status)")" $((SECONDS - started))
  changed=$(git -C "$place/shoal" status --porcelain | grep -v '^A ' || true)
  running=$(left_running "$place")
  if [ -n "$changed" ]; then printf 'files it changed:\n%s\n' "$changed"; fi
  if [ -n "$running" ]; then printf 'processes it left:\n%s\n' "$running"; fi
  printf 'in HOME: %s\n' "$(ls -A "$place/home" | tr '\n' ' ')"
  if [ "$status" -ne 0 ] || [ -n "$changed$running" ]; then failed=1; fi
done
exit "$failed"
