# SPDX-License-Identifier: GPL-2.0-or-later
#
# The results on stock, and then those on ours, as tables in Markdown. Fails if there are not those that it needs.

FNR == 1 { file++ }
file == 1 { stock[$1] = $2 + 0 }
file == 2 { ours[$1] = $2 + 0 }

function head(what)
{
	printf "\n| %s | stock | ours | ratio |\n| :-- | --: | --: | --: |\n", what
}

function ratio(value)
{
	return sprintf(value < 0.1 ? "%.4f" : "%.2f", value)
}

# row TEXT NAME REFERENCE: where stock has no such thing, with a reference that it has.
function row(text, name, reference,	theirs)
{
	if (!(name in ours) || (reference == "" && !(name in stock))) {
		print "bench/hooks: there is no result \"" name "\"" >"/dev/stderr"
		failed = 1
		return
	}
	theirs = reference == "" ? stock[name] : stock[reference]
	printf "| %s | %s | %.1f | %s |\n", text, reference == "" ? sprintf("%.1f", theirs) : "", ours[name],
		ratio(ours[name] / theirs)
}

function comparison_rows()
{
	row("PC where comparisons are traced", "pc in cmp")
	row("comparison, off", "cmp off")
	row("comparison, where PCs are traced", "cmp in trace")
	row("comparison, where a set is recorded; to stock's, where PCs are traced", "cmp in set", "cmp in trace")
	row("comparison, traced", "cmp trace")
}

function number(text, name)
{
	printf "| %s | %s | %s |\n", text, name in stock ? stock[name] : "", name in ours ? ours[name] : ""
}

function verdict(text, theirs, mine)
{
	printf "%s: %s (%.1f, %.1f)\n", text, mine <= theirs ? "yes" : "no", mine, theirs
}

END {
	head("instructions a callback")
	row("off", "pc off")
	row("trace", "pc trace")
	row("trace, full", "pc full")
	row("set, PC is there; to stock's trace", "pc set", "pc trace")
	row("set, PC is new; to stock's trace", "pc set new", "pc trace")
	row("set, PC of a module is there; to stock's trace", "pc module", "pc trace")
	row("set, PC of a module is new; to stock's trace", "pc module new", "pc trace")
	row("set, PC in the hash table is there; to stock's trace", "pc hashed", "pc trace")
	row("set, PC in the hash table is new; to stock's trace", "pc hashed new", "pc trace")
	row("set of the system, PC is there; to stock's trace", "pc system", "pc trace")
	row("off, after the system was recorded; to stock's", "pc off again", "pc off")
	if (comparisons + 0)
		comparison_rows()

	head("instructions a remote section")
	row("task, unknown handle", "task unknown")
	row("task, trace", "task trace")
	row("task, trace, 100 PCs", "task trace pcs")
	row("task, set; to stock's trace", "task set", "task trace")
	row("task, set, 100 PCs; to stock's trace", "task set pcs", "task trace pcs")
	row("softirq, unknown handle", "softirq unknown")
	row("softirq, trace", "softirq trace")
	row("softirq, trace, 100 PCs", "softirq trace pcs")
	row("softirq, set; to stock's trace", "softirq set", "softirq trace")
	row("softirq, set, 100 PCs; to stock's trace", "softirq set pcs", "softirq trace pcs")

	head("instructions a section, of handles registered")
	row("unknown, of 1", "unknown 1")
	row("unknown, of 1,000", "unknown 1000")
	row("unknown, of 65,536", "unknown 65536")
	row("trace, of 1", "known 1")
	row("trace, of 1,000", "known 1000")
	row("trace, of 65,536", "known 65536")

	print "\n| a workload | stock | ours |\n| :-- | --: | --: |"
	number("PCs executed, in a trace with room for all", "large records")
	number("distinct ones", "large distinct")
	number("of the 4,096 that are executed last", "large last")
	number("in that trace and not in that of another run", "second missing")
	number("PCs in a trace of 65,536 words", "small records")
	number("distinct ones", "small distinct")
	number("of the 4,096 that are executed last", "small last")
	number("dropped, as counted", "small dropped")
	number("distinct PCs in a set", "set distinct")
	number("of the 4,096 that are executed last", "set last")
	number("dropped, as counted", "set dropped")
	number("in the trace with room for all and not in the set of another run", "set missing")

	print ""
	verdict("off <= stock", stock["pc off"], ours["pc off"])
	verdict("off again <= off", ours["pc off"], ours["pc off again"])
	verdict("trace <= stock", stock["pc trace"], ours["pc trace"])
	verdict("set on <= stock trace", stock["pc trace"], ours["pc set"])
	verdict("system on <= 1.3 times set on", 1.3 * ours["pc set"], ours["pc system"])
	verdict("set on, new PC <= stock trace", stock["pc trace"], ours["pc set new"])
	verdict("set on, PC of a module <= stock trace", stock["pc trace"], ours["pc module"])
	verdict("set on, new PC of a module <= stock trace", stock["pc trace"], ours["pc module new"])
	verdict("trace, full <= stock", stock["pc full"], ours["pc full"])
	verdict("remote section of a set <= stock trace, 100 PCs", stock["task trace pcs"], ours["task set pcs"])
	verdict("remote section of a set <= stock trace, no PCs", stock["task trace"], ours["task set"])
	if (comparisons + 0)
		verdict("comparison off <= stock", stock["cmp off"], ours["cmp off"])
	verdict("workload in a set: nothing dropped", 0, ours["set dropped"])
	exit failed
}
