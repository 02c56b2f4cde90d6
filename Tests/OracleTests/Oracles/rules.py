"""A recurrence rule as its parts, read in the plainest way: what is drawn here is well-formed."""

from datetime import datetime

WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
CALENDAR = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY"]
UNIT_SECONDS = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}
LISTS = [
    "BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY", "BYHOUR", "BYMINUTE", "BYSECOND", "BYSETPOS",
]


class Rule:
    def __init__(self, text):
        self.parts = dict(part.split("=", 1) for part in text.split(";"))
        self.lists = {name: [int(value) for value in self.values(name)] for name in LISTS if name != "BYDAY"}
        self.frequency = self.parts["FREQ"]
        self.interval = int(self.parts.get("INTERVAL", 1))
        self.count = int(self.parts["COUNT"]) if "COUNT" in self.parts else None
        self.until = self.parts.get("UNTIL")
        self.skip = self.parts.get("SKIP", "OMIT")
        self.week_start = WEEKDAYS.index(self.parts.get("WKST", "MO"))
        self.weekdays = [weekday(value) for value in self.values("BYDAY")]

    @property
    def is_calendar(self):
        return self.frequency in CALENDAR

    def has(self, name):
        return name in self.parts

    def values(self, name):
        return self.parts[name].split(",") if name in self.parts else []

    def numbers(self, name):
        return self.lists[name]

    def seconds(self):
        """Second 60 is 59 where there are no leap seconds (RFC 5545, section 3.3.12)."""
        return sorted({min(second, 59) for second in self.numbers("BYSECOND")})

    def text(self, **changed):
        """With other values for some parts, and without those whose value is None."""
        parts = self.parts | changed
        return ";".join(f"{name}={value}" for name, value in parts.items() if value is not None)


def weekday(value):
    """(0 or the ordinal, 0 for Monday to 6)."""
    return int(value[:-2] or 0), WEEKDAYS.index(value[-2:])


def read_until(text):
    """The value of UNTIL in the form in which cases have their ends."""
    if len(text) == 8:
        return datetime.strptime(text, "%Y%m%d").strftime("%Y-%m-%d").zfill(10)
    moment = datetime.strptime(text.rstrip("Z"), "%Y%m%dT%H%M%S")
    return moment.isoformat() + ("Z" if text.endswith("Z") else "")


def write_until(end):
    return end.replace("-", "").replace(":", "")
