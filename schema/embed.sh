#!/bin/sh
# embed.sh: the migrations as a C table, in the order of their numbers.
# Usage: embed.sh FILE.sql … > migrations.c
# A file beside it that nobody names would be a table that is not there.
for file in "$(dirname "$0")"/*.sql; do
	case " $* " in
	*"/${file##*/} "*) ;;
	*) echo "embed.sh: src/store/meson.build does not name ${file##*/}" >&2; exit 1 ;;
	esac
done
printf '/* Made by schema/embed.sh. */\n#include "store/migration.h"\n\n'
printf 'const struct migration MIGRATIONS[] = {\n'
for file in $(printf '%s\n' "$@" | sort); do
	name=$(basename "$file" .sql)
	number=$(echo "$name" | sed 's/^0*//; s/-.*//')
	printf '\t{ .number = %s, .name = "%s", .sql =\n' "$number" "$name"
	sed 's/\\/\\\\/g; s/"/\\"/g; s/^/\t"/; s/$/\\n"/' "$file"
	printf '\t},\n'
done
printf '};\n\nconst unsigned MIGRATION_COUNT = sizeof MIGRATIONS / sizeof MIGRATIONS[0];\n'
