#!/bin/sh
# Documents of the real pvl-paper, read by other people's programs: the tree, the language, the text and the code.
# paper.sh PVL_PAPER.  TAP.
program=$(realpath "$1")
place=$(mktemp -d)
count=0
tell() {
	count=$((count + 1))
	if [ "$2" -eq 0 ]; then echo "ok $count - $1"; else echo "not ok $count - $1"; fi
}
make() { # a document on standard input becomes $place/$1.pdf
	cat >"$place/$1.txt"
	"$program" "$(wc -c <"$place/$1.txt")" 3<"$place/$1.txt" 4>"$place/$1.pdf"
}
has() { grep -q -- "$1" "$2"; }
echo "1..12"

{
	printf 'lang\tcy-GB\ntitle\tSlip symud: A1234BC\nh1\tSlip symud\np\tDewch â’r slip hwn i’r ystafell ŵ ŷ.\n'
	printf 'table\tCasglu\tCarcharor\n'
	for i in $(seq 80); do printf 'row\t09:%02d\tDaniel Okoro %d <b>&\n' $((i % 60)) "$i"; done
	printf 'end\nqr\tCyfeirnod: K7M2-P9QX-4\thttps://visits.example/staff/visits/K7M2P9QX4\n'
} | make welsh
tell "a document becomes a PDF" $?
pdfinfo "$place/welsh.pdf" >"$place/info" 2>"$place/warnings"
has '^Tagged: *yes' "$place/info" && has '^Title: *Slip symud: A1234BC' "$place/info"
tell "it is tagged and has its title" $?
[ ! -s "$place/warnings" ]
tell "its readers have nothing to say against it" $?
pdfinfo -struct-text "$place/welsh.pdf" >"$place/tree" 2>/dev/null
has '^  H1' "$place/tree" && has '^  P' "$place/tree" && has '^      TH' "$place/tree" && has '^      TD' "$place/tree" && has '^  Figure' "$place/tree"
tell "heading, paragraph, head and cells of a table, and a picture stand in its tree" $?
[ "$(grep -c '^    TR' "$place/tree")" = 81 ]
tell "a table over several pages is one table, each row once" $?
[ "$(grep -c -a '/Lang (cy-GB)' "$place/welsh.pdf")" = 1 ] && grep -q -a 'DisplayDocTitle true' "$place/welsh.pdf"
tell "it says that it is Welsh, and readers show its title" $?
pdftotext "$place/welsh.pdf" - | tr '\n' ' ' >"$place/text"
has 'Dewch â’r slip hwn i’r ystafell ŵ ŷ' "$place/text" && has 'Daniel Okoro 80 <b>&' "$place/text"
tell "its text is found again, in Welsh and as it was given" $?
pdftoppm -r 100 -png "$place/welsh.pdf" "$place/page" 2>/dev/null
[ "$(zbarimg -q --raw "$place"/page-*.png 2>/dev/null)" = "https://visits.example/staff/visits/K7M2P9QX4" ]
tell "the code is read back" $?
grep -q -a '/Alt <FEFF0043' "$place/welsh.pdf"
tell "the code says in words what it is" $?

printf 'lang\ten-GB\ntitle\tT\nscript\talert(1)\n' | make bad
[ $? -eq 1 ] && [ ! -s "$place/bad.pdf" ]
tell "what is no document is refused" $?
# Names as nobody has them: right to left, combining, of no font, as long as they may be.
{
	printf 'lang\ten-GB\ntitle\tT\np\t\342\200\256abc \331\205\330\261\331\212\331\205 \345\261\261\n'
	printf 'p\t'
	i=0; while [ $i -lt 900 ]; do printf 'a\314\201'; i=$((i + 3)); done
	printf '\ntable\tx\tx\tx\tx\tx\tx\tx\tx\nrow'
	for i in 1 2 3 4 5 6 7 8; do printf '\t'; head -c 1900 /dev/zero | tr '\0' 'W'; done
	printf '\nend\n'
} | make odd
tell "odd names make a document all the same" $?
pdfinfo "$place/odd.pdf" >/dev/null 2>&1
tell "and one that can be read" $?
rm -r "$place"
