#!/bin/sh
# Witnesses outside, with the real programs: what they are shown, keep and sign, and that nobody rewrites what they saw. TAP.
# witness.sh PVL  (the other programs stand beside it; TCP 41085, UDP 41046-41047)
pvl=$(realpath "$1")
witness=$(dirname "$pvl")/pvl-witness
place=$(mktemp -d)
data=$place/data
service=http://127.0.0.1:41085
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
health() { curl -s -m 1 "$service/health" >"$place/health" 2>/dev/null && grep -q "$1" "$place/health"; }
start() {
	"$pvl" serve --data "$data" --listen 127.0.0.1 --port 41085 --media-port 41046 --media-workers 1 \
		--media-address 127.0.0.1 2>>"$place/log" &
	supervisor=$!
	until_true 100 health '"store"'
}
stop() {
	kill -TERM "$supervisor"
	wait "$supervisor"
}
leaves() { "$pvl" audit list --data "$data" --limit 1 | tail -1 | cut -f1; }
signed() { health "\"signedLeaves\":$(leaves),"; }
# So many new leaves beside the running service, and a signed head over them at once: a killed pvl-vault signs as it comes back.
grow() {
	for code in "$@"; do
		printf 'code,name\n%s,HMP %s\n' "$code" "$code" >"$place/one.csv"
		"$pvl" import prisons "$place/one.csv" --data "$data" >/dev/null
	done
	kill -KILL "$(pgrep -P "$supervisor" -x pvl-vault)"
	until_true 100 signed
}
sql() { python3 -c 'import sqlite3,sys; d=sqlite3.connect(sys.argv[1], timeout=10); print(*[r[0] for r in d.execute(sys.argv[2])]); d.commit()' "$data/pvl.db" "$1"; }
# The heads so far are of an earlier period: witnesses are asked for the next.
next_period() { sql 'UPDATE audit_checkpoint SET at = at - 21600' >/dev/null; }
look() { # NAME [OPTIONS]
	name=$1
	shift
	"$witness" --service "$service" --dir "$place/$name" --name "$name" "$@" >"$place/said" 2>"$place/complained"
}
# As headquarters do it on their page.
add() { sql "INSERT INTO audit_witness VALUES ($1, '$2', '$3', 0, '', 0, 0)" >/dev/null; }

echo "1..12"
trap 'kill $supervisor 2>/dev/null; wait; rm -rf "$place"' EXIT
"$witness" --help | grep -q -- '--service' && ! "$witness" --service ftp://x --dir "$place/x" 2>/dev/null
tell "it says how it is used" $?
start
grow NHI SFI LEI
look law.example; [ $? -eq 1 ] && grep -q 'Headquarters add keys' "$place/complained" && key=$(grep '^law.example+' "$place/said")
tell "a new witness makes a key, and is told that nobody knows it yet" $?
[ "$(stat -c %a "$place/law.example/witness.key")" = 600 ] && [ -s "$place/law.example/head" ]
tell "its key is for its owner alone, and what it saw is kept" $?
add 1 law.example "$key"
look law.example && grep -q 'signed as law.example' "$place/said" && curl -s "$service/audit/head/to-witness" | grep -q '^— law.example '
tell "once its key is known its signature stands beneath the head" $?
next_period && grow HBI && look law.example && [ "$(wc -l <"$place/said")" = 1 ]
tell "the log grows, and that is proved to it" $?
curl -s "$service/audit/growth?from=1&to=3" | grep -c . | grep -qx 2 && [ "$(curl -s -o /dev/null -w '%{http_code}' "$service/audit/growth?from=1&to=99999")" = 404 ]
tell "anybody may have the growth proved, of what is there" $?
look ngo.example; add 2 ngo.example "$(grep '^ngo.example+' "$place/said")" && look ngo.example --log "$data.vault/audit.vkey"
tell "another takes heads that the log's own key has signed" $?
printf '%s\n' "$key" >"$place/law.vkey"
"$pvl" audit prove 2 --data "$data" >"$place/receipt" &&
	"$pvl" audit check "$place/receipt" --key "$data.vault/audit.vkey" --key "$place/law.vkey" >"$place/checked" &&
	grep -q '^true: ' "$place/checked" && grep -q '^witnessed by law.example, ' "$place/checked" &&
	grep -q '^— ngo.example ' "$place/receipt"
tell "a record is proved under the head that both have seen" $?
! "$pvl" audit check "$place/receipt" --key "$place/law.vkey" >/dev/null
tell "a witness alone does not make a receipt true" $?
"$pvl" audit verify --data "$data" --key "$place/law.vkey" --checkpoint "$place/receipt" >/dev/null 2>&1
[ $? -eq 1 ] && curl -s "$service/audit/head/to-witness" >"$place/head" && "$pvl" audit verify --data "$data" --key "$place/law.vkey" --checkpoint "$place/head" | grep -q 'heads are true'
tell "what a witness has signed can be held against the log" $?

# Whoever runs the service has every key of it, changes a record, and signs a new history.
stop
sql 'DELETE FROM audit_checkpoint' >/dev/null
sql 'DELETE FROM audit_salt WHERE seq > 2' >/dev/null
sql 'DELETE FROM audit_leaf WHERE seq > 2' >/dev/null
sql 'DELETE FROM audit_node' >/dev/null
rm "$data.vault/audit.memory"
start && grow KMI LYI SLI MTI WII RSI BXI
look law.example; [ $? -eq 3 ] && grep -q 'NOT WHAT IT WAS' "$place/complained" && ls "$place"/law.example/evidence-* >/dev/null
tell "a history that was signed anew, with the true key, is found out" $?
curl -s "$service/audit/head/to-witness" | grep -q '^— law.example '
[ $? -eq 1 ]
tell "and not signed" $?
stop
