import Foundation
import Recurrence
import Testing

@Suite("instants, dates and times of day")
struct CalendarValuesTests {
    @Test("an instant reads one form alone and prints it again", arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2026-12-07T08:00:00Z", 1_796_630_400), ("1969-12-31T23:59:59Z", -1),
        ("0001-01-01T00:00:00Z", -62_135_596_800), ("9999-12-31T23:59:59Z", 253_402_300_799),
        ("2000-02-29T12:00:00Z", 951_825_600), ("1900-03-01T00:00:00Z", -2_203_891_200),
    ])
    func instantText(text: String, seconds: Int64) {
        #expect(Instant(text)?.secondsSinceEpoch == seconds)
        #expect(Instant(secondsSinceEpoch: seconds).description == text)
    }

    @Test("an instant refuses every other form", arguments: [
        "", "2026-12-07", "2026-12-07T08:00:00", "2026-12-07T08:00Z", "2026-12-07T08:00:00+00:00",
        "2026-12-07 08:00:00Z", "2026-12-07t08:00:00z", "2026-12-07T08:00:00.5Z", "2026-12-07T24:00:00Z",
        "2026-12-07T08:60:00Z", "2026-12-07T23:59:60Z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "-001-01-01T00:00:00Z", " 2026-12-07T08:00:00Z",
        "2026-12-07T08:00:00Z ", "２026-12-07T08:00:00Z", "2026-12-07T08:00:0éZ",
    ])
    func instantRefused(text: String) {
        #expect(Instant(text) == nil)
    }

    @Test("arithmetic on instants stops at the ends of the calendar and never overflows")
    func instantArithmetic() {
        let instant = instant("2026-12-07T08:00:00Z")
        #expect((instant + 3_600).description == "2026-12-07T09:00:00Z")
        #expect((instant - 86_400).description == "2026-12-06T08:00:00Z")
        #expect(instant + 90 - instant == 90)
        for seconds in [Int64.max, Int64.max / 2] {
            #expect(instant + seconds == .latest)
            #expect(instant - seconds == .earliest)
        }
        #expect(instant + Int64.min == .earliest)
        #expect(instant - Int64.min == .latest)
        #expect(Instant(secondsSinceEpoch: .max) == .latest)
        #expect(Instant(secondsSinceEpoch: .min) == .earliest)
    }

    @Test("every date of the calendar follows the one before, and so do the weekdays")
    func dates() throws {
        var date = try #require(LocalDate(year: 1896, month: 1, day: 1))
        #expect(date.weekday == .wednesday)
        let end = try #require(LocalDate(year: 2104, month: 12, day: 31))
        while date < end {
            let next = date.adding(days: 1)
            #expect(date < next)
            #expect(next.weekday.rawValue == (date.weekday.rawValue + 1) % 7)
            #expect(next.day == date.day + 1 || (next.day == 1 && date.isLastOfMonth))
            date = next
        }
        #expect(LocalDate("9999-12-31")?.adding(days: .max) == LocalDate("9999-12-31"))
        #expect(LocalDate("0001-01-01")?.adding(days: .min) == LocalDate("0001-01-01"))
    }

    @Test("dates that do not exist are refused", arguments: [
        "2026-02-29", "1900-02-29", "2026-04-31", "2026-00-01", "2026-13-01", "2026-01-00", "2026-01-32",
        "0000-01-01", "2026-1-1", "20260101", "2026-01-01T", "2026-01-01 ", "",
    ])
    func dateRefused(text: String) {
        #expect(LocalDate(text) == nil)
    }

    @Test("a leap day is a date in leap years alone")
    func leapDays() {
        #expect(["2000-02-29", "2024-02-29", "2400-02-29"].allSatisfy { LocalDate($0)?.description == $0 })
    }

    @Test("a time of day has hours and minutes, and seconds where they are given", arguments: [
        ("09:00", "09:00:00"), ("09:00:30", "09:00:30"), ("23:59:59", "23:59:59"), ("00:00", "00:00:00"),
    ])
    func time(text: String, printed: String) {
        #expect(LocalTime(text)?.description == printed)
        #expect(LocalDateTime("2026-12-07T\(text)")?.description == "2026-12-07T\(printed)")
    }

    @Test("times of day that do not exist are refused", arguments: [
        "24:00", "09:60", "09:00:60", "9:00", "09", "0900", "09:00:", "09:00:3", "-1:00", "", "09:00Z",
    ])
    func timeRefused(text: String) {
        #expect(LocalTime(text) == nil)
        #expect(LocalDateTime("2026-12-07T\(text)") == nil)
    }

    @Test("each value is coded as its text, and decoding refuses other text")
    func coding() throws {
        struct Values: Codable, Equatable {
            var instant = Recurrence.Instant("2026-12-07T08:00:00Z")!
            var date = LocalDate("2026-12-28")!
            var time = LocalTime("09:00")!
            var local = LocalDateTime("2026-12-07T09:00")!
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(Values()), as: UTF8.self)
        #expect(text == #"{"date":"2026-12-28","instant":"2026-12-07T08:00:00Z","#
            + #""local":"2026-12-07T09:00:00","time":"09:00:00"}"#)
        #expect(try JSONDecoder().decode(Values.self, from: Data(text.utf8)) == Values())
        for wrong in ["2026-12-07T08:00:00Z", "2026-12-28", "09:00:00", "2026-12-07T09:00:00"] {
            let damaged = text.replacingOccurrences(of: "\"\(wrong)\"", with: "\"\(wrong)x\"")
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(Values.self, from: Data(damaged.utf8)) }
        }
    }
}
