# Make sure there is a Chromium for the browser tests: one that is installed, else the distribution's package.
set -eu
for name in chromium-headless-shell chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo "installing the distribution's Chromium"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  # the one without windows and menus takes a fifth less of the processor; not every distribution has it
  for name in chromium-headless-shell chromium; do
    if apt-get install -y -qq --no-install-recommends "$name" >/dev/null; then exit 0; fi
  done
  exit 1
fi
echo "The browser tests need Chromium: install your distribution's package (for example: sudo apt-get install chromium)" >&2
exit 1
