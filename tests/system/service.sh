#!/bin/sh
# The whole service as one would start it: pvl serve with the real pvl-web and pvl-media. TAP.
# service.sh PVL  (pvl-web and pvl-media stand beside it; TCP 41082, UDP 41040-41041)
pvl=$(realpath "$1")
place=$(mktemp -d)
url=http://127.0.0.1:41082/health
count=0
tell() {
	count=$((count + 1))
	if [ "$2" -eq 0 ]; then echo "ok $count - $1"; else echo "not ok $count - $1"; fi
}
answers() { # within $1 tenths of a second
	n=0
	while [ "$n" -lt "$1" ]; do
		curl -s -m 1 -f "$url" >"$place/health" 2>/dev/null && return 0
		n=$((n + 1))
		sleep 0.1
	done
	return 1
}
child() { pgrep -P "$supervisor" -f "$1" | head -1; }
field() { sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"; }

echo "1..15"
"$pvl" serve --data "$place/data" --listen 127.0.0.1 --port 41082 --media-port 41040 --media-workers 2 \
	--media-address 127.0.0.1 --lab --proxy 127.0.0.9 2>"$place/log" &
supervisor=$!
trap 'kill $supervisor 2>/dev/null; wait; rm -rf "$place"' EXIT

answers 100
tell "pages are answered" $?
grep -q '"workers":2' "$place/health"
tell "both media processes are known to pvl-web" $?

pages() { curl -s -m 5 "${url%/health}/prisons"; }
printf 'code,name\nNHI,HMP New Hall\n' >"$place/prisons.csv"
printf 'code,name\nSFI,HMP Stafford\nno code,Nowhere\n' >"$place/bad.csv"
"$pvl" import prisons "$place/prisons.csv" --data "$place/data" --dry-run >/dev/null && ! pages | grep -q 'New Hall'
tell "a dry run of an import changes nothing" $?
"$pvl" import prisons "$place/prisons.csv" --data "$place/data" >/dev/null && pages | grep -q 'New Hall'
tell "what is imported while it runs stands on the pages" $?
"$pvl" import prisons "$place/bad.csv" --data "$place/data" >/dev/null 2>"$place/faults"
[ $? = 1 ] && grep -q '^line 3: code: ' "$place/faults" && ! pages | grep -q 'Stafford'
tell "a bad line is named, and nothing of its file is kept" $?

key=$("$pvl" key create --name Desk --role visits_clerk --prison NHI --data "$place/data" | tail -1)
api() { # method, path, body: the status, and the answer in $place/answer
	curl -s -m 5 -o "$place/answer" -w '%{http_code}' -X "$1" -H "Authorization: Bearer $key" \
		-H 'Content-Type: application/json' ${3:+-d "$3"} "${url%/health}$2"
}
[ "$(api GET /api/v1/visits/requests/NHI)" = 200 ] && grep -qx '\[\]' "$place/answer" &&
	[ "$(api PUT /api/v1/visits/1/book '{}')" = 404 ] &&
	[ "$(api POST /api/v1/visits/application/slot/reserve '{}')" = 400 ] && grep -q '"errors"' "$place/answer"
tell "a machine with a key is answered" $?
"$pvl" key revoke --id "$("$pvl" key list --data "$place/data" | tail -1 | cut -f1)" --reason Replaced --data "$place/data"
[ "$(api GET /api/v1/visits/requests/NHI)" = 401 ]
tell "and no longer once it is revoked" $?

room() { # from where, for whom: the status for a room of the lab, which is for this machine alone
	curl -s -m 5 -o "$place/room" -w '%{http_code}' --interface "$1" -H "X-Forwarded-For: $2" -H 'Content-Type: application/json' \
		-d '{"kind":"social","ends":["prisoner","visitor"],"monitors":0}' "${url%/health}/lab/rooms"
}
[ "$(room 127.0.0.9 203.0.113.9)" = 404 ] && [ "$(room 127.0.0.9 127.0.0.1)" = 201 ] && [ "$(room 127.0.0.9 '127.0.0.1, 203.0.113.9')" = 404 ]
tell "who asks is whom our own proxy names" $?
cookie() { curl -s -m 5 -o /dev/null -D - --interface "$1" -H 'X-Forwarded-Proto: https' "${url%/health}/sign-in" | grep -i '^set-cookie'; }
[ "$(room 127.0.0.1 127.0.0.1)" = 404 ] && ! cookie 127.0.0.1 | grep -q Secure && cookie 127.0.0.9 | grep -q Secure
tell "and nobody else is believed" $?

web=$(child pvl-web)
[ "$(field "$web" Seccomp)" = 2 ] && [ "$(field "$web" NoNewPrivs)" = 1 ]
tell "pvl-web stands in its sandbox" $?

media=$(child 'pvl-media --index 1')
kill -KILL "$web"
answers 30
tell "a killed pvl-web answers again" $?
[ "$(child 'pvl-media --index 1')" = "$media" ] && [ "$(child pvl-web)" != "$web" ]
tell "and no pvl-media noticed" $?

kill -KILL "$media"
n=0
while [ "$n" -lt 30 ] && ! { answers 1 && grep -q '"workers":2' "$place/health"; }; do
	n=$((n + 1))
	sleep 0.1
done
[ "$n" -lt 30 ] && [ "$(child 'pvl-media --index 1')" != "$media" ]
tell "a killed pvl-media is back and known" $?

web=$(child pvl-web)
kill -TERM "$supervisor"
wait "$supervisor"
code=$?
[ "$code" = 0 ] && ! kill -0 "$web" 2>/dev/null
tell "SIGTERM ends all of it in order" $?

grep -q '"program":"pvl-media"' "$place/log" && ! grep -E '^\{' "$place/log" | grep -E -q '127\.0\.0\.1|::1'
tell "no address stands in a log line" $?
