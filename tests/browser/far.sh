#!/bin/sh
# far.sh PIDFILE COMMAND...: runs it in a network namespace of its own, whose only cable, "far", is brought by the caller.
exec unshare --net sh -c '
	echo $$ >"$0"
	until ip link show far >/dev/null 2>&1; do sleep 0.05; done
	ip link set lo up && ip address add 198.51.100.2/24 dev far && ip link set far up &&
	ip route add default via 198.51.100.1 && exec "$@"' "$@"
