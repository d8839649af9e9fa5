#!/bin/sh
# A first look: what is understood of a report and of an appeal, which appeal a reply means, and the finished pages.
# usage, with tocsin on the PATH: examples/run.sh OUT
set -eu
out=${1:?usage: examples/run.sh OUT}
cd "$(dirname "$0")/.."

heading() {
	printf '\n%s\n%s\n\n' "$1" "$(printf '%s' "$1" | sed 's/./-/g')"
}

heading "1. A partner's e-mail comes in: examples/report.eml"
tocsin read examples/report.eml --format text

heading "2. The appeal that came of it: examples/appeal.txt (its facts are those above; here what it asks, and of whom)"
tocsin read examples/appeal.txt --format text | sed -n '1,/^People/p; /^Demands/,$p' | sed '/^People/d'

heading "3. Where that was read: one paragraph of tocsin read --explain"
# sed reads to the end where head would close the pipe.
tocsin read examples/appeal.txt --explain | sed -n '/^paragraph .*On October 12/,/^paragraph .*An hour later/p' | sed '$d'

heading "4. What is to be mended before it may be approved: tocsin check"
# An error that stands would end the command with 1, and this script with it.
tocsin check examples/appeal.txt | sed -n '1,/^warning ADR-08/p' | sed '$d'

heading "5. A reply comes back, and its code is damaged: examples/reply.eml"
tocsin match examples/reply.eml --registry examples/codes.txt

heading "6. The finished pages"
tocsin render examples/appeal.txt examples/report.eml -o "$out"

cat <<'END'

Open the .html in a browser; it needs no network. The .json is the same document for machines.
People, places and organisations are invented. Next: README.md, docs/reader.md, tocsin --help.
END
