#!/usr/bin/env bash
# Installs everything into .venv, node_modules-free: exact versions by hash, browser files, Kafka jars. Safe to repeat.
set -euo pipefail
cd "$(dirname "$0")/.."

. infra/packages.sh

python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed." >&2; exit 1; }
python3 -c 'import ensurepip, venv' 2>/dev/null || need python3-venv "to make .venv"
[ -x .venv/bin/python ] || python3 -m venv .venv
.venv/bin/python -m pip --version >/dev/null 2>&1 || { rm -rf .venv; python3 -m venv .venv; }

.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements/run.txt -r requirements/dev.txt
.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e .
.venv/bin/python -m adapters.embedded.jars
.venv/bin/python -m dashboards.assets.build
touch .venv/.done
