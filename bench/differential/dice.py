# SPDX-License-Identifier: GPL-2.0-or-later
"""Random numbers that are the same with every version of Python (splitmix64)."""

MASK = (1 << 64) - 1


class Dice:
    def __init__(self, *seeds):
        self.state = 0
        for seed in seeds:
            self.state = (self.next() ^ seed * 0x9e3779b97f4a7c15) & MASK

    def next(self):
        self.state = (self.state + 0x9e3779b97f4a7c15) & MASK
        z = self.state
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9 & MASK
        z = (z ^ z >> 27) * 0x94d049bb133111eb & MASK
        return z ^ z >> 31

    def below(self, n):
        return self.next() % n

    def percent(self, p):
        return self.below(100) < p

    def pick(self, items):
        return items[self.below(len(items))]

    def weighted(self, rows):
        """One of the rows (value, weight)."""
        at = self.below(sum(weight for _, weight in rows))
        for value, weight in rows:
            at -= weight
            if at < 0:
                return value
        raise ValueError("no weight")
