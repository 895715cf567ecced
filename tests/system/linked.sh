#!/bin/sh
# pvl-media knows no name: it links no SQL, no HTTP, no JSON, and no code of domain, store or service.
# linked.sh PVL_MEDIA [LIBRARY...]: the libraries whose functions must not be in it.  TAP.
program=$1
shift
echo "1..3"
count=0
tell() {
	count=$((count + 1))
	if [ -z "$2" ]; then echo "ok $count - $1"; else echo "not ok $count - $1: $2"; fi
}
needed=$(readelf -d "$program" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p')
tell "it links nothing but OpenSSL, libseccomp, libc and libm" \
	"$(echo "$needed" | grep -v -E '^(libssl|libcrypto|libseccomp|libc|libm|ld-linux-x86-64|libasan|libubsan|libgcc_s)\.so' | tr '\n' ' ')"
functions=$(nm --defined-only "$program" | awk '$2 ~ /[tT]/ { print $3 }' | sort -u)
[ "$(echo "$functions" | grep -c -x rtc_receive)" = 1 ] || { tell "its functions can be seen" "no rtc_receive"; exit 1; }
tell "its functions can be seen" ""
foreign=""
for library in "$@"; do
	theirs=$(nm --defined-only "$library" | awk '$2 == "T" { print $3 }' | sort -u)
	foreign="$foreign$(printf '%s\n%s\n' "$functions" "$theirs" | sort | uniq -d | head -3 | tr '\n' ' ')"
done
tell "no function of domain, store, service or web is in it" "$(echo "$foreign" | xargs)"
