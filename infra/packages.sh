#!/usr/bin/env bash
# Sourced by the scripts beside it: `need PACKAGE WHY` installs a Debian package as root, otherwise says which is missing.
need() {
  if [ "$(id -u)" = 0 ]; then
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" >/dev/null 2>&1 ||
      { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" >/dev/null; }
  else
    echo "Missing: Debian package $1 ($2). Install it with: sudo apt-get install $1" >&2
    exit 1
  fi
}
