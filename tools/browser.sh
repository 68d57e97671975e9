#!/bin/sh
# The browser tests want a real Chromium. Where it cannot be installed they are skipped and say so.
command -v chromium >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium for the browser tests ..."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
else
    echo "No Chromium here and no right to install it: the browser tests will be skipped."
fi
exit 0
