#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: symbolize/tests/oracle.sh [KERNEL_BUILD_DIR [MODULE...]]
#
# Compare us with binutils on a real KCOV kernel (default: the first one in the cache). The points
# of vmlinux and of its modules must be the calls and jumps that objdump prints. The frames of a
# sample of them must be those of addr2line -afi. Prints TAP with the numbers.
#
# If addr2line differs, llvm-addr2line or eu-addr2line must agree with us: binutils 2.40 takes the
# file of the unit for some rows of DWARF 5 line tables, and omits inlined functions of clang's
# code. If objdump misses a point, there must be an instruction before it in the same function that
# objdump cannot decode: objdump is out of step after such an instruction.
#
# KCOVREPORT (build/kcovreport), SAMPLE (10000): environment.
set -u -o pipefail
export LC_ALL=C KCOVREPORT_CACHE_SIZE=0
kcovreport=${KCOVREPORT:-${O:-build}/kcovreport}
cache=${KCOVREPORT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kcovreport}
sample=${SAMPLE:-10000}
kernel=${1:-}
shift
if [ -z "$kernel" ]; then
	for dir in "$cache"/kernel/*/; do
		[ -e "$dir/vmlinux" ] && kernel=${dir%/} && break
	done
fi
if [ ! -e "$kernel/vmlinux" ]; then
	echo "1..0 # SKIP no kernel: name the build directory of one"
	exit 0
fi
modules=("$@")
[ $# -gt 0 ] || mapfile -t modules < <(cd "$kernel" && find . -name '*.ko' -printf '%P\n' | sort | head -4)

tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
number=0 failed=0

# result STATUS TEXT
result()
{
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - $2"
	else
		echo "not ok $number - $2"
		failed=1
	fi
}

# objdump_points FILE: print "ADDRESS KIND" for every direct call of the callback and jump to it. In
# a .ko the target is in the relocation on the next line; addresses count from the start of .text.
objdump_points()
{
	case $1 in
	*.ko) objdump -dr --no-show-raw-insn -j .text "$1" ;;
	*) objdump -d --no-show-raw-insn "$1" ;;
	esac | LC_ALL=C grep -B 1 -E '<?__sanitizer_cov_trace_pc(>|-0x4)$' | awk '
		function point(line, f) {
			sub(/:$/, "", line[1])
			n = 2
			while (line[n] == "cs" || line[n] == "notrack" || line[n] == "bnd" || line[n] == "data16")
				n++
			if (line[n] == "call" || line[n] ~ /^j/)
				print line[1], line[n] == "call" ? "call" : "jump"
		}
		/<__sanitizer_cov_trace_pc>$/ { split($0, l); point(l) }
		/R_X86_64_P(LT|C)32[ \t]+__sanitizer_cov_trace_pc-0x4$/ { split(last, l); point(l) }
		{ last = $0 }'
}

# our_points: print the same from our output in $tmp/json.
our_points()
{
	cut -s -d '"' -f 3,4,11,12 "$tmp/json" | sed -nE 's/^:"0x0*([0-9a-f]+)":"([a-z]+)$/\1 \2/p'
}

# explained FILE ADDRESS: whether objdump printed (bad) before ADDRESS in its function.
explained()
{
	local start
	start=$(grep -m 1 "\"address\":\"0x0*$2\"" "$tmp/json" | cut -d '"' -f 8,16 |
		sed -nE 's/^0x([0-9a-f]+)"[^"]*\+0x([0-9a-f]+)$/\1 \2/p')
	# Not grep -q: it would end early, SIGPIPE would kill objdump, and the pipe would fail.
	objdump -d --start-address=$((16#${start% *} - 16#${start#* })) --stop-address=$((16#$2)) "$1" |
		grep '(bad)' >/dev/null
}

check_points()
{
	local file=$1 extra missing end unexplained=0 address total
	"$kcovreport" points --json "$file" >"$tmp/json"
	objdump_points "$file" | sort >"$tmp/objdump"
	end=fffffffffffffffff
	# Compare .text only, as objdump was asked for it: there the addresses are the same as ours.
	[[ $file == *.ko ]] && end=$(readelf -SW "$file" | sed -nE 's/^.* \.text +PROGBITS +[0-9a-f]+ [0-9a-f]+ 0*([0-9a-f]+) .*/\1/p')
	our_points | awk -v end="$end" 'length($1) < length(end) || (length($1) == length(end) && $1 "" < end "")' |
		sort >"$tmp/ours"
	missing=$(comm -13 "$tmp/ours" "$tmp/objdump" | wc -l)
	comm -23 "$tmp/ours" "$tmp/objdump" >"$tmp/extra"
	extra=$(wc -l <"$tmp/extra")
	while read -r address _; do
		explained "$file" "$address" || unexplained=$((unexplained + 1))
	done <"$tmp/extra"
	total=$(wc -l <"$tmp/ours")
	# A module may have no points.
	[[ $total -gt 0 || $file == *.ko ]] && [ "$missing" -eq 0 ] && [ "$unexplained" -eq 0 ]
	result $? "${file##*/}: $total points, objdump $(wc -l <"$tmp/objdump"); $missing missing, $extra more after an instruction that objdump cannot decode, $unexplained unexplained"
}

# fold: turn the output of addr2line -afi into one line per address: ADDRESS|function file:line|...
fold()
{
	awk '
		function normal(path,   n, i, parts, out, depth) {
			n = split(path, parts, "/")
			depth = 0
			for (i = 1; i <= n; i++) {
				if (parts[i] == "" || parts[i] == ".") continue
				if (parts[i] == ".." && depth) { depth--; continue }
				out[++depth] = parts[i]
			}
			path = ""
			for (i = 1; i <= depth; i++) path = path "/" out[i]
			return path
		}
		/^0x/ { if (line) print line; line = sprintf("%s", $1); sub(/^0x0*/, "", line); half = 0; next }
		!half { name = $0; half = 1; next }
		{
			sub(/ \(discriminator [0-9]+\)$/, "")
			match($0, /:[0-9?]+$/)
			place = substr($0, 1, RSTART - 1)
			number = substr($0, RSTART + 1)
			if (number == "?") number = 0
			line = line "|" name " " normal(place) ":" number
			half = 0
		}
		END { if (line) print line }'
}

# fold_ours: do the same with the output of `symbolize`.
fold_ours()
{
	awk '
		/^0x/ { if (line) print line; line = $1; sub(/^0x0*/, "", line); next }
		/^\t\(/ { next } # why it is no point: tail jumps
		/^\t/ {
			sub(/^\t(inlined into )?/, "")
			match($0, / at /)
			name = substr($0, 1, RSTART - 1)
			place = substr($0, RSTART + 4)
			split(place, p, ":")
			line = line "|" (name == "?" ? "??" : name) " " p[1] ":" p[2]
		}
		END { if (line) print line }'
}

# Ask two more tools; the output has the form of addr2line -afi.
ask_llvm()
{
	command -v llvm-addr2line >/dev/null || return 0
	llvm-addr2line -afi -e "$1"
}

ask_elfutils()
{
	local address
	while read -r address; do
		echo "$address"
		eu-addr2line -fi -e "$1" "$address" | sed 's/ inlined at .*//; s/\(:[0-9]*\):[0-9]*$/\1/'
	done
}

# judge TOOL FILE: remove from $tmp/wrong the frames that the tool confirms. The name of the
# outermost function is ignored: llvm-addr2line prefers a symbol there, with gcc's suffixes or an
# alias.
judge()
{
	cut -d'|' -f1 "$tmp/wrong" | sed 's/^/0x/' | "$1" "$2" | fold >"$tmp/judged"
	awk 'function strip(line,   at, last) {
			at = match(line, /\|[^|]*$/)
			last = substr(line, at + 1)
			sub(/^[^ ]* /, "", last)
			return substr(line, 1, at) last
		}
		FILENAME == ARGV[1] { said[strip($0)]; next }
		!(strip($0) in said)' "$tmp/judged" "$tmp/wrong" >"$tmp/left"
	mv "$tmp/left" "$tmp/wrong"
}

# add HEX FILE: add HEX to the address at the beginning of each line of FILE.
add()
{
	local address rest
	while IFS='|' read -r address rest; do
		printf '%x%s\n' $((16#${address#0x} + 16#$1)) "${rest:+|$rest}"
	done <"$2"
}

# A module is linked to an address first: the other tools cannot tell its sections apart at 0.
check_frames()
{
	local file=$1 linked=$1 base=0 differ wrong
	if [[ $file == *.ko ]]; then
		linked=$tmp/linked base=10000000
		echo "SECTIONS { .text 0x$base : { *(.text) } }" >"$tmp/script"
		ld --unresolved-symbols=ignore-all -e 0 -T "$tmp/script" -o "$linked" "$file" 2>/dev/null
	fi
	awk '{ print "0x" $1 }' "$tmp/ours" | shuf -n "$sample" --random-source=<(yes) >"$tmp/sample"
	add $base "$tmp/sample" | addr2line -afi -e "$linked" | fold | sort >"$tmp/theirs"
	"$kcovreport" symbolize --vmlinux "$file" --pc-kind call <"$tmp/sample" | fold_ours >"$tmp/folded"
	add $base "$tmp/folded" | sort >"$tmp/frames"
	comm -23 "$tmp/frames" "$tmp/theirs" >"$tmp/wrong"
	differ=$(wc -l <"$tmp/wrong")
	judge ask_llvm "$linked"
	judge ask_elfutils "$linked"
	wrong=$(wc -l <"$tmp/wrong")
	[ -s "$tmp/sample" ] && [ "$wrong" -eq 0 ] && [ "$(wc -l <"$tmp/frames")" -eq "$(wc -l <"$tmp/sample")" ]
	result $? "${file##*/}: frames of $(wc -l <"$tmp/sample") points, $differ differ from addr2line, $wrong of them also from llvm-addr2line and eu-addr2line"
	[ "$wrong" -eq 0 ] || head -20 "$tmp/wrong" | sed 's/^/# /'
}

check_points "$kernel/vmlinux"
check_frames "$kernel/vmlinux"
for module in "${modules[@]}"; do
	check_points "$kernel/$module"
	[ ! -s "$tmp/ours" ] || check_frames "$kernel/$module"
done
echo "1..$number"
exit $failed
