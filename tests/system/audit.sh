#!/bin/sh
# The account that cannot be altered, with the real programs: pvl-vault signs the heads of the log, and whoever changes
# the log afterwards is found out. TAP.
# audit.sh PVL  (the other programs stand beside it; TCP 41084, UDP 41044-41045)
pvl=$(realpath "$1")
place=$(mktemp -d)
data=$place/data
url=http://127.0.0.1:41084/health
count=0
tell() {
	count=$((count + 1))
	if [ "$2" -eq 0 ]; then echo "ok $count - $1"; else echo "not ok $count - $1"; fi
}
until_true() { # within $1 tenths of a second: the command that follows
	n=$1
	shift
	while [ "$n" -gt 0 ] && ! "$@"; do
		n=$((n - 1))
		sleep 0.1
	done
	[ "$n" -gt 0 ]
}
health() { curl -s -m 1 "$url" >"$place/health" 2>/dev/null && grep -q "$1" "$place/health"; }
start() {
	"$pvl" serve --data "$data" --listen 127.0.0.1 --port 41084 --media-port 41044 --media-workers 1 \
		--media-address 127.0.0.1 2>>"$place/log" &
	supervisor=$!
	until_true 100 health '"store"'
}
stop() {
	kill -TERM "$supervisor"
	wait "$supervisor"
}
vault() { pgrep -P "$supervisor" -x pvl-vault; }
leaves() { "$pvl" audit list --data "$data" --limit 1 | tail -1 | cut -f1; }
signed() { health "\"signedLeaves\":$(leaves),"; }
prison() { # one leaf, written beside the running service
	printf 'code,name\n%s,HMP %s\n' "$1" "$1" >"$place/one.csv"
	"$pvl" import prisons "$place/one.csv" --data "$data" >/dev/null
}
sql() { python3 -c 'import sqlite3,sys; d=sqlite3.connect(sys.argv[1]); d.execute(sys.argv[2]); d.commit()' "$data/pvl.db" "$1"; }
verify() { "$pvl" audit verify --data "$data" "$@" >"$place/verdict" 2>&1; }

echo "1..14"
trap 'kill $supervisor 2>/dev/null; wait; rm -rf "$place"' EXIT
start
prison NHI && prison SFI && prison LEI
kill -KILL "$(vault)"
until_true 50 signed
tell "a killed pvl-vault is back, and signs what came meanwhile" $?
verify && grep -q 'signed heads are true' "$place/verdict" && ! grep -q '^0 signed' "$place/verdict"
tell "the log and its signed heads verify while the service runs" $?

[ "$(stat -c %a "$data.vault")" = 700 ] && [ "$(stat -c %a "$data.vault/audit.key")" = 600 ]
tell "the key lies beside the data, for its owner alone" $?
field() { sed -n "s/^$1:[[:space:]]*//p" "/proc/$(vault)/status"; }
[ "$(field Seccomp)" = 2 ] && [ "$(field NoNewPrivs)" = 1 ] && [ -z "$(find "/proc/$(vault)/fd" -lname '*/data/*' 2>/dev/null)" ]
tell "pvl-vault stands in its sandbox, and holds nothing of the database" $?

"$pvl" audit prove 2 --data "$data" >"$place/receipt" && "$pvl" audit check "$place/receipt" --data "$data" | grep -q '^true: this is leaf 2 '
tell "a record is proved, without the log" $?
sed 's/^index 1$/index 2/' "$place/receipt" >"$place/wrong"
! "$pvl" audit check "$place/wrong" --data "$data" >/dev/null
tell "and not at another place" $?
"$pvl" audit explain 2 --data "$data" | grep -q 'what       prison.add'
tell "a record is explained in words" $?
"$pvl" audit head --data "$data" >"$place/kept" && verify --checkpoint "$place/kept"
tell "a head that somebody kept is true" $?
cp -r "$data" "$place/old"

prison HBI && prison KMI
kill -KILL "$(vault)"
until_true 50 signed && "$pvl" audit head --data "$data" >"$place/newer"
tell "the log grows, and its head with it" $?
stop
! "$pvl" audit explain --other "sqlite:$place/old/pvl.db" --data "$data" 2>&1 | grep -q 'part at'
tell "an old copy is the beginning of the log" $?

mv "$data" "$place/new" && cp -r "$place/old" "$data"
verify
tell "an old copy that was put back looks whole by itself" $?
! verify --checkpoint "$place/newer" && grep -q 'were once signed' "$place/verdict"
tell "but not to who kept a head" $?
start && until_true 50 health '"logIsNotWhatWasSigned":true'
tell "nor to pvl-vault, which signs it no more" $?
stop

rm -r "$data" && mv "$place/new" "$data"
sql 'UPDATE audit_leaf SET amount = amount + 1 WHERE seq = 3'
! verify && grep -q 'leaf 3 of' "$place/verdict"
tell "a changed leaf is named" $?
