#!/bin/sh
# A first look: the whole way from a report to a finished appeal, and back from a reply to the appeal it means.
# usage, with tocsin on the PATH: examples/run.sh OUT
set -eu
out=${1:?usage: examples/run.sh OUT}
cd "$(dirname "$0")/.."

heading() {
	printf '\n%s\n%s\n\n' "$1" "$(printf '%s' "$1" | sed 's/./-/g')"
}

heading "1. A partner's e-mail comes in (examples/report.eml): tocsin read"
# sed reads to the end where head would close the pipe.
tocsin read examples/report.eml --format text | sed -n '1,/^Groups/p; /^Chronology/,/^$/p' | sed '/^Groups/d'

heading "2. Where that was read: one paragraph of tocsin read --explain"
tocsin read examples/report.eml --explain | awk '/^[a-z]/ { shown = /On 12 October 2021/ } shown'

heading "3. A person checks the facts, asks, and keeps them as records: examples/case.yaml"
grep -E 'id: (e08|e14|claim1)\b' examples/case.yaml | cut -c 1-110 | sed 's/$/ …/'
echo "  … and so on. Nothing goes from the report into the case by itself: who can be named is for people to decide."

heading "4. The case becomes an appeal, each sentence with the records it rests on: tocsin compose"
tocsin compose examples/case.yaml -o "$out/appeal.json" --grounds "$out/grounds.json"
echo "$out/grounds.json"
tocsin render "$out/appeal.json" --to txt -o "$out/text" >"$out/written"
echo
sed -n '/^Description/,/^In September/p' "$(cat "$out/written")" | sed '$d'
sed -n '/^The Open River Network had/,/^Mr\. Anhalt was taken/p' "$(cat "$out/written")" | sed '$d'
rm -r "$out/text" "$out/written"

heading "5. What is to be mended before it may be approved: tocsin check, with the case for consent and sources"
# An error that stands would end the command with 1, and this script with it.
tocsin check "$out/appeal.json" --case examples/case.yaml --on 2021-10-15 | sed -n '1,/^warning ADR-08/p' | sed '$d'

heading "6. The finished appeal in every form: tocsin render"
tocsin render "$out/appeal.json" -o "$out"

heading "7. A reply comes back, and its code is damaged (examples/reply.eml): tocsin match"
tocsin match examples/reply.eml --registry examples/codes.txt

cat <<END

The files lie in $out/: open the .html in a browser (it needs no network), the .pdf, the .docx, the .eml in a mail program.
The .json is the same appeal for machines; grounds.json says which records each sentence rests on: it is not for readers.
People, places and organisations are invented. Next: README.md, docs/reader.md, tocsin --help.
END
