#!/bin/bash
# addresses.sh PROGRAM PVL-MEDIA: whoever asks one of several addresses is answered from that one.
#
# In a network namespace with several addresses; each family is one line of TAP.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
exec "$here/../../tools/in-namespace" bash -c '
	ip address add 198.51.100.7/24 dev outside
	ip address add 203.0.113.7/24 dev outside
	for n in 1 2 3; do ip address add 2001:db8::$n/64 dev outside nodad; done
	said() {
		local name=$1 out
		shift
		if out=$("$@" 2>&1); then echo "ok - $name"; else echo "not ok - $name"; sed "s/^/# /" <<<"$out"; fi
	}
	echo 1..2
	said "several IPv4 addresses" "$@" $PVL_TEST_ADDRESS 198.51.100.7 203.0.113.7
	said "several IPv6 addresses" "$@" 2001:db8::1 2001:db8::2 2001:db8::3
' bash "$@"
