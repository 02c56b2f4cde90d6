"""Random rules that RFC 5545 allows."""

from rules import CALENDAR, LISTS, WEEKDAYS


class RuleDraw:
    """One rule, with values that are likely to meet the anchor."""

    def __init__(self, rnd, anchor, frequency, wants_skip):
        self.rnd = rnd
        self.anchor = anchor
        self.frequency = frequency
        self.is_elapsed = frequency not in CALENDAR
        # Many parts together leave so little that no change of the clocks is met.
        self.share = rnd.choice([1, 1, 0.3])
        self.skip_share = 0.6 if wants_skip else 0.12

    def text(self):
        rnd = self.rnd
        parts = {"FREQ": self.frequency}
        if rnd.random() < (0.4 if self.is_elapsed else 0.2):
            parts |= self.times_around_anchor()
        if rnd.random() < 0.5 * self.share / len(parts):
            parts["INTERVAL"] = self.interval()
        draws = self.day_draws() | self.time_draws()
        for name in LISTS:
            if name in draws and name not in parts and rnd.random() < draws[name][0] * self.share:
                parts[name] = draws[name][1]()
        self.remove_forbidden(parts)
        if rnd.random() < 0.2 and set(parts) & set(LISTS):
            parts["BYSETPOS"] = self.listed([*[1, -1] * 5, *[2, -2] * 3, 3, -3, 4, -5, 10, -31, 366], 3)
        if rnd.random() < 0.3:
            parts["WKST"] = rnd.choice(WEEKDAYS)
        if rnd.random() < 0.25:
            parts["COUNT"] = rnd.choice([1, 2, 3, rnd.randint(1, 40), rnd.randint(1, 100), 5000])
        return ";".join(f"{name}={value}" for name, value in parts.items())

    def times_around_anchor(self):
        """Times on both sides of a change that the anchor is at, some of which fall on one instant."""
        hours = {(self.anchor.hour + self.rnd.choice([-2, -1, 0, 0, 1, 1, 2])) % 24 for _ in range(4)}
        minutes = {self.anchor.minute, (self.anchor.minute + 30) % 60, self.rnd.choice([0, 15, 30, 45])}
        times = {"BYHOUR": hours, "BYMINUTE": minutes}
        if self.frequency == "HOURLY" or self.rnd.random() < 0.5:
            times.pop("BYHOUR" if self.is_elapsed else "BYMINUTE")
        return {name: ",".join(map(str, sorted(values))) for name, values in times.items()}

    def interval(self):
        usual = [2, 2, 3, 4, 5, 7, 10, 13]
        more = {
            "YEARLY": [100, 400], "MONTHLY": [12, 18, 48], "WEEKLY": [26, 52, 53], "DAILY": [14, 30, 100, 365, 1461],
        }
        steps = [23, 24, 25, 30, 45, 90, 100, 720, 1440, 3600, 7777, 86400]
        return self.rnd.choice(usual + more.get(self.frequency, steps))

    def listed(self, values, most, near=None):
        """Some of the values, often with the anchor's own among them: the steps of a rule of small steps meet others
        late, and clocks change where the anchor is."""
        chosen = [self.rnd.choice(values) for _ in range(self.rnd.randint(1, most))]
        if near is not None and self.rnd.random() < (0.85 if self.is_elapsed else 0.5):
            chosen.append(near)
        return ",".join(map(str, dict.fromkeys(chosen)))

    def day_draws(self):
        anchor, rnd = self.anchor, self.rnd
        number = anchor.timetuple().tm_yday
        month_days = [anchor.day, anchor.day, *range(1, 32), *range(-31, 0), 29, 30, 31, -29, -30, -31]
        year_days = [number, 1, 2, 59, 60, 61, 100, 365, 366, -1, -2, -60, -61, -100, -306, -307, -365, -366]
        weeks = [1, 1, 2, 8, 20, 51, 52, 53, -1, -1, -2, -20, -51, -52, -53]
        dense = 0.15 if self.is_elapsed else 0.35
        return {
            "BYMONTH": (dense, lambda: self.listed([anchor.month] * 5 + list(range(1, 13)), 4, anchor.month)),
            "BYWEEKNO": (0.2, lambda: self.listed(weeks, 4)),
            "BYYEARDAY": (dense / 2, lambda: self.listed(year_days, 6, number)),
            "BYMONTHDAY": (dense, lambda: self.listed(month_days, rnd.choice([2, 6]), anchor.day)),
            "BYDAY": (dense + 0.05, self.weekdays),
        }

    def weekdays(self):
        """Plain ones, numbered ones, or both."""
        kinds = ["plain", "numbered", "numbered", "both"] if self.frequency in ("MONTHLY", "YEARLY") else ["plain"]
        kind = self.rnd.choice(kinds)
        in_year = self.frequency == "YEARLY" and self.rnd.random() < 0.5
        numbers = [1, 1, 2, 3, 4, 5, -1, -1, -2, -5] + ([9, 20, 52, 53, -10, -52, -53] if in_year else [])
        plain = self.listed(WEEKDAYS, 4, WEEKDAYS[self.anchor.weekday()]).split(",")
        numbered = [f"{self.rnd.choice(numbers)}{day}" for day in plain[:3]]
        days = {"plain": plain, "numbered": numbered, "both": [*numbered, self.rnd.choice(WEEKDAYS)]}[kind]
        return ",".join(dict.fromkeys(days))

    def time_draws(self):
        rnd, anchor = self.rnd, self.anchor
        near = [(anchor.hour + hours) % 24 for hours in (0, 0, 1, 2, 3, 23)]
        hours = [*near, 0, 1, 2, 3, 23, *range(24)]
        minutes = [anchor.minute, anchor.minute, 0, 15, 30, 45, 59, rnd.randint(0, 59)]
        seconds = [anchor.second, 0, 0, 30, 59, rnd.randint(0, 59), 60]
        return {
            "BYHOUR": (0.35, lambda: self.listed(hours, 8 if self.is_elapsed else 4, anchor.hour)),
            "BYMINUTE": (0.3, lambda: self.listed(minutes, 5 if self.is_elapsed else 3, anchor.minute)),
            "BYSECOND": (0.12, lambda: self.listed(seconds, 3, anchor.second)),
        }

    def remove_forbidden(self, parts):
        """What may not stand together, and what RFC 7529 says nothing of (see moved_dates in calendar_rules.py)."""
        if self.frequency != "YEARLY":
            parts.pop("BYWEEKNO", None)
        if self.frequency in ("DAILY", "WEEKLY", "MONTHLY"):
            parts.pop("BYYEARDAY", None)
        if self.frequency == "WEEKLY":
            parts.pop("BYMONTHDAY", None)
        if "BYWEEKNO" in parts and any(day[:-2] for day in parts.get("BYDAY", "").split(",")):
            parts.pop("BYWEEKNO")
        if self.rnd.random() < self.skip_share:
            parts["SKIP"] = self.rnd.choice(["BACKWARD", "BACKWARD", "FORWARD", "FORWARD", "OMIT"])
            parts.pop("BYWEEKNO", None)
            if self.frequency in ("MONTHLY", "YEARLY") and self.rnd.random() < 0.5:
                parts["BYMONTHDAY"] = self.listed([29, 30, 31, 31, -29, -30, -31, -31, 1, -1], 3)
            if "BYMONTH" in parts or "BYMONTHDAY" in parts:
                parts.pop("BYYEARDAY", None)
