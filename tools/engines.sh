#!/bin/sh
# The tests of engines want a real PostgreSQL server and a Java for Spark. Where they cannot be
# installed, those tests are skipped and say so.
wanted=
[ -n "$(ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null)" ] || command -v initdb >/dev/null || wanted=postgresql
command -v java >/dev/null || wanted="$wanted openjdk-17-jre-headless"
[ -z "$wanted" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing for the tests of engines: $wanted ..."
    # shellcheck disable=SC2086 (one word for each package)
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted >/dev/null
else
    echo "Not here, and no right to install: $wanted. The tests that need them will be skipped."
fi
exit 0
