#!/usr/bin/env bash
# Every notebook three times in other orders: natively, under every other Python that is found, and in the browser.
# Usage: tests/determinism.sh .venv/bin
set -euo pipefail
bin=$1
"$bin/coursekit" repeat notebooks/*.ipynb --runs 3
own=$("$bin/python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
for other in python3.11 python3.12 python3.13 python3.14; do
  if [ "$other" = "$own" ] || ! "$other" --version >/dev/null 2>&1; then continue; fi
  venv=build/$other
  [ -x "$venv/bin/python" ] || "$other" -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
  "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . -e coursekit
  "$venv/bin/coursekit" repeat notebooks/*.ipynb --runs 1
done
"$bin/coursekit" browser
for run in 1 2 3; do
  mapfile -t order < <(printf '%s\n' notebooks/*.ipynb | shuf)
  echo "in the browser, run $run of 3: each cell of each notebook, and each page"
  "$bin/pytest" -q --browser-site build/site "${order[@]}"
done
