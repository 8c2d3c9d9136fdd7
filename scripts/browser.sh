# Make sure there is a Chromium for the browser tests: the distribution's headless one, else any that is installed.
set -eu
if command -v chromium-headless-shell >/dev/null 2>&1; then exit 0; fi
present=
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null 2>&1; then present=$name; fi
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq || true
  # without windows and menus it takes a fifth less of the processor; not every distribution has it
  if apt-get install -y -qq --no-install-recommends chromium-headless-shell >/dev/null 2>&1; then exit 0; fi
  if [ -n "$present" ]; then exit 0; fi
  echo "installing the distribution's Chromium"
  apt-get install -y -qq --no-install-recommends chromium >/dev/null
  exit 0
fi
if [ -n "$present" ]; then exit 0; fi
echo "The browser tests need Chromium: install your distribution's package (for example: sudo apt-get install chromium)" >&2
exit 1
