#!/bin/sh
# What the real pvl-web and pvl-media cannot do, tried from inside them: sandbox.sh PVL PROBE (sandbox_probe.c as a
# library, which wrappers load into both).  TCP 41083, UDP 41042.  TAP.
pvl=$(realpath "$1")
probe=$(realpath "$2")
place=$(mktemp -d)
count=0
tell() {
	count=$((count + 1))
	if [ "$2" -eq 0 ]; then echo "ok $count - $1"; else echo "not ok $count - $1"; fi
}
mkdir "$place/programs"
chmod 755 "$place" "$place/programs"
for name in pvl-web pvl-media; do
	printf '#!/bin/sh\nLD_PRELOAD=%s exec %s/%s "$@"\n' "$probe" "$(dirname "$pvl")" "$name" >"$place/programs/$name"
	chmod 755 "$place/programs/$name"
done
"$pvl" serve --data "$place/data" --listen 127.0.0.1 --port 41083 --media-port 41042 --media-workers 1 \
	--media-address 127.0.0.1 --programs "$place/programs" 2>"$place/log" &
supervisor=$!
trap 'kill $supervisor 2>/dev/null; wait; rm -rf "$place"' EXIT
answers() {
	n=0
	while [ "$n" -lt 100 ]; do
		curl -s -m 1 -f http://127.0.0.1:41083/health >/dev/null && return 0
		n=$((n + 1))
		sleep 0.1
	done
	return 1
}
# Sends the signal, and waits for the last line of one more process.
try() {
	before=$(grep -c '^probe refused ends' "$place/log")
	kill -USR2 "$1"
	n=0
	while [ "$n" -lt 50 ] && [ "$(grep -c '^probe refused ends' "$place/log")" -le "$before" ]; do
		n=$((n + 1))
		sleep 0.1
	done
	[ "$n" -lt 50 ] && ! grep -q '^probe DONE' "$place/log"
}
done_by() { grep '^probe DONE' "$place/log" | sort | uniq -c | sed 's/^/# /'; }

echo "1..6"
answers
tell "the service answers" $?
web=$(pgrep -P "$supervisor" -x pvl-web)
try "$web"
tell "pvl-web can do nothing of it" $?
try "$(pgrep -P "$web" -x pvl-web | head -1)"
tell "nor can who hashes its passwords" $?
media=$(pgrep -P "$supervisor" -x pvl-media)
try "$media"
tell "nor can pvl-media" $?
grep -qx 'THP_enabled:	0' "/proc/$media/status"
tell "which takes no large pages while few visit" $?
done_by
# Without a sandbox the probe does what it says: it is not blind.
LD_PRELOAD=$probe sleep 5 2>"$place/free" &
free=$!
sleep 0.3
kill -USR2 "$free"
wait "$free"
grep -q '^probe DONE open /etc/passwd' "$place/free" && answers
tell "outside a sandbox the same library can, and the service still answers" $?
