#!/usr/bin/env bash
# Build the site twice, in two folders, with other clocks, languages and file modes: both sites must be the same,
# byte for byte. What is byte-compiled is compiled twice too.
set -euo pipefail
bin=$(cd "$1" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cache=${COURSEKIT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/coursekit}
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-1700000000}
made=(./.git ./.venv ./build ./.cache ./.jupyterlite.doit.db)

build() (  # name, umask, settings
  umask "$2"
  mkdir -p "$scratch/$1/build" "$scratch/${1//\//-}-cache"
  tar --create "${made[@]/#/--exclude=}" . | tar --extract --no-same-permissions --directory "$scratch/$1"
  cd "$scratch/$1"
  # Fetched files are known by their hash; compiled ones would hide what the compiler does.
  ln -s "$cache/files" "$scratch/${1//\//-}-cache/files"
  export COURSEKIT_CACHE="$scratch/${1//\//-}-cache" "${@:3}"
  "$bin/jupyter" lite build >build/log 2>&1 || { cat build/log; exit 1; }
)

build one 022 TZ=America/Lima LC_ALL=C PYTHONHASHSEED=1
build another/deeper/down 077 TZ=Asia/Tokyo LC_ALL=C.UTF-8 PYTHONHASHSEED=2
diff -rq "$scratch/one/build/site" "$scratch/another/deeper/down/build/site"
echo "two builds are the same, byte for byte"
