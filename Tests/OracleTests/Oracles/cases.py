"""Random cases: rules of every kind, from anchors where calendars and clocks are known to go wrong."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from random import Random

from answers import answer_of, print_instant, timeline
from days import month_end
from rule_draw import RuleDraw
from rules import CALENDAR, UNIT_SECONDS, Rule, write_until
from zones import all_names, changes, listed_changes, local, moment, offset, read, seconds, zone

FIRST_YEAR, LAST_YEAR = 1900, 2200
# Where months, years and the weeks of a year end.
MONTH_ENDS = [(1, 1), (1, 29), (1, 30), (1, 31), (2, 28), (3, 31), (4, 30), (12, 28), (12, 31)]
# One of each kind that zones come in; half of the cases lie in one of these, the others anywhere.
ZONES = [
    "UTC", "Asia/Kolkata", "Africa/Johannesburg",  # no change now
    "Europe/Paris", "America/New_York", "Australia/Sydney", "America/Santiago",  # north and south
    "Australia/Lord_Howe", "America/St_Johns", "Pacific/Chatham", "Antarctica/Troll",  # half an hour, odd, two hours
    "Europe/Dublin", "Africa/Casablanca", "Africa/El_Aaiun",  # winter time is the daylight time
    "Pacific/Apia", "Pacific/Kwajalein", "America/Juneau", "Asia/Manila",  # a day skipped or repeated
    "America/Sao_Paulo", "Asia/Beirut", "Africa/Cairo", "America/Havana", "Asia/Amman", "America/Asuncion",  # midnight
    "America/Scoresbysund", "America/Nuuk", "Asia/Gaza", "Asia/Jerusalem", "America/Toronto",  # odd days and hours
    "Europe/Istanbul", "Asia/Pyongyang", "America/Caracas", "Asia/Tehran", "Africa/Monrovia",  # changed for good
    "US/Pacific", "GB", "NZ-CHAT", "Etc/GMT+12", "EST5EDT",  # links, and names without a place
]


# Zones with changes that cut an hour in two, which is where steps of hours are put together with care.
CUT_HOURS = [
    "Australia/Lord_Howe", "Pacific/Norfolk", "Asia/Pyongyang", "America/Caracas", "Asia/Kathmandu", "Africa/Monrovia",
    "America/St_Johns", "Asia/Colombo",
]


def draw(seed, index, peer_name, peer):
    """The case of a number, always the same one for a seed, with its answer."""
    rnd = Random(f"{seed}/{peer_name}/{index}")
    draw_case = Draw(rnd, in_utc=peer_name == "libical")
    case = draw_case.case(f"{peer_name}-{seed}-{index}")
    found = timeline(case, peer)
    case = draw_case.with_limits(case, found)
    if "after" in case and not Rule(case["rrule"]).is_calendar:
        found = timeline(case, peer)
    return answer_of(case, found)


@lru_cache(maxsize=1000)
def changes_near(name, year):
    return changes(name, year, year + 1)


class Draw:
    def __init__(self, rnd, in_utc):
        self.rnd = rnd
        self.in_utc = in_utc

    def chance(self, share):
        return self.rnd.random() < share

    def case(self, name):
        rnd = self.rnd
        if not self.in_utc and self.chance(0.2):
            return self.crossing(name)
        # Against libical, for the sake of SKIP, which only moves days.
        frequency = rnd.choice(CALENDAR * 2 + ([] if self.in_utc else ["HOURLY", *UNIT_SECONDS]))
        place = "UTC" if self.in_utc else self.place(frequency)
        anchor = self.utc_anchor() if self.in_utc else self.anchor(place, frequency)
        case = {
            "id": name, "rrule": RuleDraw(rnd, anchor, frequency, self.in_utc).text(), "start": anchor.isoformat(),
            "timezone": place, "count": rnd.randint(1, 12),
        }
        if self.chance(0.3):
            case["gap"] = rnd.choice(["skip", "skip", "shift"])
        return case

    def crossing(self, name):
        """A dense series from shortly before a change to shortly after it, often with its end or an exclusion there."""
        rnd = self.rnd
        place = rnd.choice(CUT_HOURS if self.chance(0.5) else ZONES)
        near = self.some_changes(place, FIRST_YEAR, LAST_YEAR)
        change = rnd.choice(near) if near else seconds(datetime(2026, 3, 29, 1))
        frequency = rnd.choice(["HOURLY", "HOURLY", "MINUTELY", "DAILY"])
        before = rnd.randint(60, 5 * 3600) if frequency in UNIT_SECONDS else rnd.randint(1, 3 * 86400)
        anchor = local(zone(place), moment((change - before) // 300 * 300))
        shown = local(zone(place), moment(change))
        hours = sorted({(shown.hour + rnd.randint(-2, 2)) % 24 for _ in range(3)})
        minutes = sorted({rnd.choice([0, 15, 30, 40, 45, anchor.minute]) for _ in range(3)})
        parts = {
            "HOURLY": f";BYMINUTE={','.join(map(str, minutes))}" if self.chance(0.8) else "",
            "MINUTELY": f";INTERVAL={rnd.choice([5, 10, 15, 20, 30, 45])}",
            "DAILY": f";BYHOUR={','.join(map(str, hours))};BYMINUTE={','.join(map(str, minutes))}",
        }
        case = {
            "id": name, "rrule": f"FREQ={frequency}{parts[frequency]}", "start": anchor.isoformat(), "timezone": place,
            "count": 12,
        }
        if self.chance(0.2):
            case["exclude"] = [shown.date().isoformat()]
        elif self.chance(0.3):
            case["end"] = (shown - timedelta(seconds=rnd.choice([0, 0, 1]))).date().isoformat()
        if self.chance(0.3):
            case["gap"] = "skip"
        return case

    def place(self, frequency):
        if frequency in UNIT_SECONDS and self.chance(0.35):
            return self.rnd.choice(CUT_HOURS)
        return self.rnd.choice(ZONES if self.chance(0.5) else self.zone_names())

    @staticmethod
    def zone_names():
        return [name for name in all_names() if not name.startswith(("posix/", "right/"))]

    # Anchors.

    def anchor(self, place, frequency):
        if self.chance(0.75):
            near = self.some_changes(place, FIRST_YEAR, LAST_YEAR)
            if near:
                return self.near_change(place, frequency, self.rnd.choice(near))
        return datetime.combine(self.odd_date(FIRST_YEAR, LAST_YEAR), self.time_of_day())

    def some_changes(self, place, first_year, last_year):
        """Of one year, or of all that the file lists."""
        start, end = (seconds(datetime(year, 1, 1)) for year in (first_year, last_year + 1))
        near = [] if self.chance(0.3) else changes_near(place, self.rnd.randint(first_year, last_year))
        return near or [second for second in listed_changes(place) if start < second < end]

    def utc_anchor(self):
        # Instants before 1970 have no place in libical's answers, which end with a 0.
        return datetime.combine(self.odd_date(1971, LAST_YEAR), self.time_of_day())

    def near_change(self, place, frequency, second):
        """A local time on either side of a change, or in its gap or fold; mostly some steps of the rule earlier."""
        before, after = offset(zone(place), second - 1), offset(zone(place), second)
        edges = [second + before, second + after, second + (before + after) // 2]
        shown = self.rnd.choice(edges) + self.rnd.choice([0, 0, 0, -1, 1, 600, -600, 1800, 3599, -3600])
        anchor = self.earlier(moment(shown), frequency, self.rnd.choice([0, 0, 1, 1, 2, 3]))
        return min(max(anchor, datetime(FIRST_YEAR, 1, 1)), datetime(LAST_YEAR, 12, 31, 23))

    def earlier(self, anchor, frequency, steps):
        if self.chance(0.2) or frequency in UNIT_SECONDS:
            return anchor - timedelta(days=self.rnd.choice([0, 0, 1, 1, 2, 10]))
        if frequency in ("DAILY", "WEEKLY"):
            return anchor - timedelta(days=steps * (7 if frequency == "WEEKLY" else 1))
        months = anchor.year * 12 + anchor.month - 1 - steps * (12 if frequency == "YEARLY" else 1)
        first = anchor.replace(year=months // 12, month=months % 12 + 1, day=1)
        return first.replace(day=min(anchor.day, month_end(first).day))

    def odd_date(self, first_year, last_year):
        year = self.rnd.choice([2000, 2024, 2026, 2037, 2099, 2100, self.rnd.randint(first_year, last_year)])
        year = max(year, first_year) if self.chance(0.3) else self.rnd.randint(first_year, last_year)
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        if self.chance(0.5):
            return date(year, *self.rnd.choice([*MONTH_ENDS, (2, 29 if leap else 28)]))
        return date(year, self.rnd.randint(1, 12), self.rnd.randint(1, 28))

    def time_of_day(self):
        usual = [time(0), time(9), time(2, 30), time(1, 30), time(23, 59, 59), time(23, 30), time(0, 0, 1), time(12)]
        if self.chance(0.6):
            return self.rnd.choice(usual)
        return time(self.rnd.randint(0, 23), self.rnd.randint(0, 59), self.rnd.choice([0, self.rnd.randint(0, 59)]))

    # Ends, exclusions and the question, near what the rule names.

    def with_limits(self, case, found):
        named = sorted(found.named, key=lambda name: name.instant)
        if not named:
            return case
        rnd, case = self.rnd, dict(case)
        odd = [name for name in named if read(zone(case["timezone"]), name.nominal)[0] != "unique"]
        if self.chance(0.3) and "end" not in case:
            self.add_end(case, rnd.choice(odd if odd and self.chance(0.5) else named))
        if self.chance(0.25):
            near = [rnd.choice(named[:20]) for _ in range(rnd.choice([1, 1, 2, 5, 20]))]
            days = {rnd.choice([name.nominal, name.instant, self.shown(case, name)]).date() for name in near}
            case["exclude"] = sorted(day.isoformat() for day in days)
        if self.chance(0.4 if Rule(case["rrule"]).is_calendar else 0.6):
            case["after"] = print_instant(self.question(case, named, odd))
        return case

    @staticmethod
    def shown(case, name):
        return local(zone(case["timezone"]), name.instant)

    def add_end(self, case, name):
        """As `end`, or as UNTIL where the rule may have one; in each of its forms."""
        beside = timedelta(seconds=self.rnd.choice([0, 0, 0, 1, -1, 3600, -3600, 86400]))
        shown = self.rnd.choice([name.nominal, self.shown(case, name)]) + beside
        end = self.rnd.choice([print_instant(name.instant + beside), shown.isoformat(), shown.date().isoformat()])
        if "COUNT" not in case["rrule"] and self.chance(0.5):
            case["rrule"] += f";UNTIL={write_until(end)}"
        else:
            case["end"] = end

    def question(self, case, named, odd):
        """An instant to ask after: mostly shortly before clocks change, where they do so within reach."""
        rnd = self.rnd
        instant = rnd.choice(named).instant
        ends = "end" in case or "UNTIL" in case["rrule"]
        if not ends and not Rule(case["rrule"]).is_calendar and self.chance(0.6):
            later = self.some_changes(case["timezone"], instant.year, instant.year + 60)
            if later:
                return moment(rnd.choice(later) - rnd.choice([0, 1, 1800, 3600, 7200, rnd.randint(-4000, 20000)]))
        if odd and self.chance(0.7):
            before = rnd.choice([0, 1, 3600, 86400, 90000, rnd.randint(-4000, 90000)])
            return rnd.choice(odd).instant - timedelta(seconds=before)
        if self.chance(0.15):
            return instant - timedelta(days=rnd.randint(1, 4000) if instant.year > 1910 else 1)
        return instant + timedelta(seconds=rnd.choice([0, 0, -1, 1, 1800, -3600, rnd.randint(-90000, 90000)]))
