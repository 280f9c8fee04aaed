#!/usr/bin/env bash
# The browser of the acceptance tests. The product itself needs none.
set -euo pipefail
cd "$(dirname "$0")/.."
. infra/packages.sh
command -v chromium >/dev/null || need chromium "for the tests that look at pages"
