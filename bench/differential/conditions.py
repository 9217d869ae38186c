# SPDX-License-Identifier: GPL-2.0-or-later
"""Random conditions: of one term, or several with && and ||."""


class Conditions:
    def __init__(self, dice, value):
        self.dice = dice
        self.value = value

    def variable(self):
        """A value, rarely a constant: then the condition is one that the compiler knows."""
        text = self.value()
        while text.isdigit() and not self.dice.percent(10):
            text = self.value()
        return text

    def single(self):
        dice, value = self.dice, self.variable
        pick = dice.below(16)
        if pick < 5:
            return "%s %s %d" % (value(), dice.pick(("<", ">", "==", "!=", ">=")), dice.below(24))
        if pick < 8:
            return "(%s & %d)" % (value(), 1 << dice.below(4))
        if pick < 9:
            return "%s > %s" % (value(), value())
        if pick < 10:
            return "!%s" % value()
        if pick < 12:
            return "ext_get(c, %s) < %d" % (value(), dice.below(32))
        if pick < 13:
            return "c->next"
        if pick < 14:
            return "READ_ONCE(c->flags) & %d" % (1 << dice.below(4))
        return "%slikely(%s > %d)" % (dice.pick(("un", "")), value(), dice.below(24))

    def rare(self):
        return "%s == %d" % (self.variable(), self.dice.below(32))

    def any(self):
        return " ".join(self.lines(None))

    def lines(self, dice):
        """The lines of a condition; one if dice is None."""
        pick = self.dice.below(20)
        if pick < 11:
            return [self.single()]
        if pick < 14:
            terms, operators = [self.single(), self.single()], ["&&"]
        elif pick < 17:
            terms, operators = [self.single(), self.single()], ["||"]
        elif pick < 18:
            terms, operators = [self.single(), self.single(), self.single()], ["&&", "&&"]
        else:
            terms = [self.single(), "(%s || %s)" % (self.single(), self.single())]
            operators = ["&&"]
        if dice and dice.percent(40):
            return [term + " " + operator for term, operator in zip(terms, operators)] + terms[-1:]
        text = terms[0]
        for operator, term in zip(operators, terms[1:]):
            text += " %s %s" % (operator, term)
        return [text]
