# SPDX-License-Identifier: GPL-2.0-or-later
"""The body of a random function: declarations, statements, labels.

All values are unsigned, so that no arithmetic overflows in a way that C does not define; only `ret` is signed, and
small. Loops count to small numbers. A jump back is limited by a counter.
"""

from conditions import Conditions

DECLARED = ("a", "b", "v0", "v1", "v2")
LABELS = "out_free", "out_unlock", "out_put"
ERRORS = "-EINVAL", "-ENOMEM", "-EBUSY"


class Body:
    def __init__(self, source, dice, kind, helpers, is_helper):
        self.source = source
        self.dice = dice
        self.kind = kind
        self.helpers = helpers
        self.is_helper = is_helper
        self.depth = 1
        self.loops = 0
        self.breakable = 0  # loops and switches around a statement
        self.budget = (2 + dice.below(4)) if is_helper else (4 + dice.below(10))
        self.labels = dice.below(4) if kind == "int" and dice.percent(60) else 0
        self.used = set()
        self.conditions = Conditions(dice, self.value)

    # --- lines -----------------------------------------------------------------------------------

    def line(self, text, kind, deeper=0):
        self.source.line(self.depth + deeper if text else 0, text, kind)

    def write(self):
        self.declare()
        label = self.dice.percent(15) and not self.is_helper
        if label:
            self.source.line(0, "again:", "label")
        self.block(0, self.budget)
        if label:
            self.line("if (%s && tries++ < 2)" % self.conditions.single(), "condition")
            self.line("goto again;", "goto", 1)
        self.finish()

    def declare(self):
        self.line("unsigned int v0 = a;", "declaration")
        self.line("unsigned int v1 = %s;" % self.dice.pick(("b ^ 3", "c->n[1]", "ext_get(c, b)", "READ_ONCE(c->n[2])")),
                  "declaration")
        self.line("unsigned int v2 = %d;" % self.dice.below(20), "declaration")
        self.line("unsigned int i, j, tries = 0;", "declaration")
        self.line("int ret = 0;", "declaration")
        if self.dice.percent(12):
            self.line("unsigned int text[8] = { 0 };", "declaration")
            self.line("ext_touch(c, text[v0 & 7]++);", "call")
        if not self.labels and self.dice.percent(8):
            self.line("struct ctx *held __put = c->next;", "declaration")
        self.line("", "none")

    def finish(self):
        if self.kind == "void":
            self.line("ext_touch(c, v0 + v1 + v2 + ret);", "call")
            return
        if self.kind == "int" and self.labels:
            self.unwind()
            return
        if not self.is_helper and self.dice.percent(25):
            self.line("return %s;" % self.tail_call(), "tail call")
        elif self.kind == "int" and self.dice.percent(50):
            self.line("return ret;", "return")
        elif self.kind == "bool":
            self.line("return %s;" % self.conditions.any(), "return")
        elif self.dice.percent(30):
            self.line("return %s ? %s : %s;" % (self.conditions.single(), self.small(), self.small()), "return")
        else:
            self.line("return (v0 ^ v1) + v2;", "return")

    def unwind(self):
        """Labels in the kernel's manner: what was taken last is given back first."""
        if self.dice.percent(60):
            self.line("c->held++;", "assignment")
            self.line("return %s;" % self.dice.pick(("0", "ret", "v0 & 7")), "return")
            self.line("", "none")
        for name in LABELS[:self.labels]:
            self.source.line(0, name + ":", "label")
            self.line(self.dice.pick(("ext_touch(c, %s);" % self.value(), "c->held -= %s;" % self.value(),
                                      "bump(c, %d, v1);" % self.dice.below(8))), "unwinding")
        if self.dice.percent(30):
            self.line("if (ret)", "condition")
            self.line("c->flags |= 8;", "assignment", 1)
        self.line("return ret;", "return")

    # --- expressions -----------------------------------------------------------------------------

    def small(self):
        return "%d" % self.dice.below(16)

    def value(self):
        pick = self.dice.below(12)
        if pick < 6:
            return self.dice.pick(DECLARED)
        if pick < 8:
            return "c->n[%d]" % self.dice.below(8)
        if pick < 9:
            return "READ_ONCE(c->n[%d])" % self.dice.below(8)
        return self.small()

    def expression(self):
        pick = self.dice.below(20)
        value, other = self.value(), self.value()
        if pick < 7:
            return "%s %s %s" % (value, self.dice.pick("+-*&|^"), other)
        if pick < 9:
            return "(%s >> %d) + %s" % (value, 1 + self.dice.below(4), other)
        if pick < 11:
            return "ext_get(c, %s)" % value
        if pick < 12:
            return "c->ops->get(c, %s)" % value
        if pick < 13:
            return "max_of(%s, %s)" % (value, other)
        if pick < 15 and self.callees("unsigned int", "bool"):
            return self.helper_call("unsigned int", "bool")
        if pick < 17:
            return "%s ? %s : %s" % (self.conditions.single(), value, other)
        if pick < 18:
            return "%s ?: %s" % (value, other)
        return value

    def callees(self, *kinds):
        return [name for name, kind in self.helpers if kind in kinds]

    def helper_call(self, *kinds):
        return "%s(c, %s, %s)" % (self.dice.pick(self.callees(*kinds)), self.value(), self.value())

    def trial(self):
        """A call that may fail."""
        if self.callees("int") and self.dice.percent(40):
            return self.helper_call("int")
        return "%s(c, %s)" % (self.dice.pick(("ext_try", "ext_try", "c->ops->try")), self.value())

    def tail_call(self):
        if self.callees(self.kind) and self.dice.percent(60):
            return self.helper_call(self.kind)
        if self.kind == "int":
            return self.dice.pick(("ext_try(c, v0)", "c->ops->try(c, v1)"))
        return self.dice.pick(("ext_get(c, v0)", "c->ops->get(c, v2)"))

    # --- statements ------------------------------------------------------------------------------

    STATEMENTS = (
        ("assignment", 22), ("call", 10), ("condition", 16), ("choice", 9), ("chain", 5), ("attempt", 9),
        ("refusal", 6), ("switch", 5), ("loop", 8), ("macro", 6), ("warning", 3), ("death", 2), ("inner", 3))

    def block(self, level, budget):
        """Statements at self.depth; at least one."""
        while True:
            name = self.dice.weighted(self.STATEMENTS)
            if level >= 3 and name in ("choice", "chain", "switch", "loop", "inner", "condition"):
                name = "assignment"
            if name == "loop" and self.loops >= (1 if self.is_helper else 2):
                name = "call"
            if name == "death" and self.is_helper:
                name = "warning"
            budget -= getattr(self, "add_" + name)(level)
            if budget <= 0:
                break

    def body(self, level, budget):
        """What is between the braces of a condition or a loop."""
        self.depth += 1
        self.block(level + 1, budget)
        self.depth -= 1

    def add_assignment(self, _):
        pick = self.dice.below(10)
        if pick < 6:
            text = "%s = %s;" % (self.dice.pick(("v0", "v1", "v2")), self.expression())
        elif pick < 8:
            text = "c->n[%d] %s= %s;" % (self.dice.below(8), self.dice.pick("+^|"), self.expression())
        elif pick < 9:
            text = "WRITE_ONCE(c->n[%d], %s);" % (self.dice.below(8), self.expression())
        else:
            text = "c->flags = %s;" % self.expression()
        self.line(text, "assignment")
        return 1

    def add_call(self, _):
        if self.callees("void") and self.dice.percent(40):
            self.line(self.helper_call("void") + ";", "call")
        elif self.dice.percent(30):
            self.line("ext_touch(c,", "call")
            self.line("\t  %s);" % self.expression(), "continued")
        else:
            self.line("ext_touch(c, %s);" % self.value(), "call")
        return 1

    def head(self, before, after=""):
        """`if (...)` and its like, whose condition may take two lines."""
        texts = self.conditions.lines(self.dice)
        self.line(before + texts[0] + (after if len(texts) == 1 else ""), "condition")
        for text in texts[1:]:
            self.line("    " + text + (after if text is texts[-1] else ""), "continued condition")

    def leave(self, deeper):
        """A jump out: break, continue, goto or return."""
        pick = self.dice.below(10)
        if self.breakable and pick < 3:
            self.line("break;", "break", deeper)
        elif self.loops and pick < 5:
            self.line("continue;", "continue", deeper)
        elif self.labels and pick < 8:
            self.line("goto %s;" % self.dice.pick(LABELS[:self.labels]), "goto", deeper)
        else:
            self.leave_function(deeper)

    def leave_function(self, deeper, error=None):
        if self.kind == "void":
            self.line("return;", "return", deeper)
        elif self.kind == "int":
            self.line("return %s;" % (error or self.dice.pick(ERRORS + ("0", "ret"))), "return", deeper)
        elif self.kind == "bool":
            self.line("return %s;" % self.dice.pick(("true", "false", "v0 > v1")), "return", deeper)
        else:
            self.line("return %s;" % self.dice.pick(("0", "1", "v0", "v1 & 15")), "return", deeper)

    def add_condition(self, level):
        if self.dice.percent(45):
            self.head("if (", ")")
            if self.dice.percent(40):
                self.leave(1)
            else:
                self.depth += 1
                self.dice.pick((self.add_assignment, self.add_assignment, self.add_call))(level)
                self.depth -= 1
            return 2
        self.head("if (", ") {")
        self.body(level, 1 + self.dice.below(3))
        self.line("}", "close")
        return 3

    def add_choice(self, level):
        if self.dice.percent(35):
            self.head("if (", ")")
            self.depth += 1
            self.add_assignment(level)
            self.depth -= 1
            self.line("else", "else")
            self.depth += 1
            self.add_assignment(level)
            self.depth -= 1
            return 2
        self.head("if (", ") {")
        self.body(level, 1 + self.dice.below(3))
        self.line("} else {", "else")
        self.body(level, 1 + self.dice.below(3))
        self.line("}", "close")
        return 4

    def add_chain(self, level):
        self.head("if (", ") {")
        for _ in range(1 + self.dice.below(3)):
            self.body(level, 1)
            self.head("} else if (", ") {")
        self.body(level, 1)
        if self.dice.percent(60):
            self.line("} else {", "else")
            self.body(level, 1)
        self.line("}", "close")
        return 5

    def add_attempt(self, _):
        """ret = call(); if (ret) ...: the most frequent pattern of the kernel."""
        self.line("ret = %s;" % self.trial(), "call")
        self.line("if (%s)" % self.dice.pick(("ret", "ret < 0", "unlikely(ret)", "ret < 0 && v0")), "condition")
        if self.labels and self.dice.percent(70):
            self.line("goto %s;" % self.dice.pick(LABELS[:self.labels]), "goto", 1)
        else:
            self.leave_function(1, "ret" if self.dice.percent(60) else None)
        return 2

    def add_refusal(self, _):
        self.head("if (", ")")
        self.leave_function(1)
        return 2

    def add_switch(self, level):
        value = self.dice.pick(("v0 & 7", "v1 & 3", "c->n[3] & 15", "ext_get(c, v2) & 7"))
        self.line("switch (%s) {" % value, "switch")
        self.breakable += 1
        values = list(range(12))
        for _ in range(2 + self.dice.below(5)):
            for _ in range(1 + self.dice.percent(20)):
                self.line("case %d:" % values.pop(self.dice.below(len(values))), "case")
            self.body(level, 1 + self.dice.below(2))
            self.end_case()
        if self.dice.percent(65):
            self.line("default:", "case")
            self.body(level, 1)
            self.line("break;", "break", 1)
        self.breakable -= 1
        self.line("}", "close")
        return 6

    def end_case(self):
        pick = self.dice.below(10)
        if pick < 6:
            self.line("break;", "break", 1)
        elif pick < 8:
            self.line("fallthrough;", "none", 1)
            self.line("case %d:" % (20 + len(self.source.lines)), "case")
            self.depth += 1
            self.add_assignment(1)
            self.depth -= 1
            self.line("break;", "break", 1)
        else:
            self.leave_function(1)

    def add_loop(self, level):
        counter = "ij"[self.loops]
        limit = self.dice.pick(("4", "(v0 & 3)", "(c->n[4] & 7)", "(b & 3)", "2"))
        pick = self.dice.below(10)
        tail = "}"
        if pick < 5:
            self.line("for (%s = 0; %s < %s; %s++) {" % (counter, counter, limit, counter), "loop")
        elif pick < 7:
            self.line("%s = %s;" % (counter, limit), "assignment")
            self.line("while (%s-- > 0) {" % counter, "loop")
        elif pick < 8:
            self.line("for (struct ctx *p = c->next; p; p = p->next) {", "loop")
            self.line("p->n[1]++;", "assignment", 1)
        else:
            self.line("%s = %s;" % (counter, limit), "assignment")
            self.line("do {", "do")
            tail = "} while (%s && %s--);" % (self.conditions.single(), counter)
        self.loops += 1
        self.breakable += 1
        self.body(level, 1 + self.dice.below(3))
        self.breakable -= 1
        self.loops -= 1
        self.line(tail, "close" if tail == "}" else "loop")
        return 4

    def add_macro(self, _):
        if self.dice.percent(50):
            self.line("bump(c, %s, %s);" % (self.value(), self.expression()), "macro")
        else:
            self.line("note_if(c, %s, %s);" % (self.conditions.any(), self.value()), "macro")
        return 1

    def add_warning(self, _):
        if self.dice.percent(50):
            self.line("if (warn_on(%s))" % self.conditions.single(), "condition")
            self.leave_function(1)
        else:
            self.line("warn_on(%s);" % self.conditions.single(), "macro")
        return 2

    def add_death(self, _):
        self.line("if (unlikely(%s))" % self.conditions.rare(), "condition")
        self.line("ext_die(c);", "death", 1)
        return 2

    def add_inner(self, level):
        """A block with a declaration of its own."""
        self.line("{", "open")
        self.depth += 1
        self.line("unsigned int t = %s;" % self.expression(), "declaration")
        self.line("", "none")
        self.block(level + 1, 1 + self.dice.below(2))
        self.line("v2 += t;", "assignment")
        self.depth -= 1
        self.line("}", "close")
        return 3
