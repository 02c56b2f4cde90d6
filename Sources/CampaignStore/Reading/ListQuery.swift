import CampaignModel
import GRDB

/// A part of a sorted list as SQL, with a `?` for each value. The whole of it is in the order of an index, and begins
/// at its first row: what a page costs does not depend on how many campaigns come before it.
struct ListQuery {
    /// Gives the columns `number` and `rank`.
    let sql: String
    /// The last one, how many rows are wanted, is left out.
    let values: [DatabaseValue]

    /// What comes after `cursor`, part by part. SQLite finds no place in an index by two terms at once where one of
    /// them is an expression; so the rest of those that are equal to the cursor's is a part of its own.
    ///
    /// - Parameter narrows: see ``CampaignFilter/conditions(narrows:)``.
    static func parts(
        _ filter: CampaignFilter, by order: CampaignOrder, after cursor: ListCursor?,
        narrows: (ListCondition) throws -> Bool
    ) rethrows -> [ListQuery] {
        let filtering = try filter.conditions(narrows: narrows)
        let rank = order.rank
        let beyond = cursor.map { DatabaseValue.text($0.name.text) }
        func part(_ condition: String?, _ values: [DatabaseValue] = [], sorted: String = "name") -> ListQuery {
            let conditions = [condition].compactMap(\.self) + filtering.sql
            let place = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
            return ListQuery(
                sql: "SELECT number, \(rank) AS rank FROM campaigns \(place) ORDER BY \(sorted) LIMIT ?",
                values: values + filtering.values)
        }
        switch order {
        case .name:
            return [beyond.map { part("name > ?", [$0]) } ?? part(nil)]
        case .created, .next:
            guard let cursor, let beyond else { return [part(nil, sorted: "rank, name")] }
            return [
                part("\(rank) = ? AND name > ?", [.integer(cursor.rank), beyond]),
                part("\(rank) > ?", [.integer(cursor.rank)], sorted: "rank, name"),
            ]
        case .status:
            return Status.allCases.enumerated().compactMap { place, status in
                let first = cursor?.rank ?? 0
                guard place >= first, filter.statuses?.contains(status) ?? true else { return nil }
                let value = DatabaseValue.text(status.rawValue)
                guard let beyond, place == first else { return part("status = ?", [value]) }
                return part("status = ? AND name > ?", [value, beyond])
            }
        }
    }
}

/// One condition of a list, as SQL with a `?` for each value.
struct ListCondition {
    let sql: String
    let values: [DatabaseValue]
    /// Where an index has those that the condition lets through: the FROM and WHERE that tell how many they are, with
    /// the same values.
    var found: String?
    /// The same condition as one that no index is chosen for.
    var unindexed: String?
}

extension CampaignFilter {
    /// The conditions as SQL with a `?` for each value; no text of a person is part of it.
    ///
    /// - Parameter narrows: whether few enough campaigns meet the condition that to find and sort them is less work
    ///   than to go through all in the list's own order. SQLite can't know; it would sort a hundred thousand for each
    ///   page.
    func conditions(
        narrows: (ListCondition) throws -> Bool
    ) rethrows -> (sql: [String], values: [DatabaseValue]) {
        var sql: [String] = []
        var values: [DatabaseValue] = []
        for condition in all {
            let isIndexed = try condition.found == nil || narrows(condition)
            sql.append(isIndexed ? condition.sql : condition.unindexed ?? condition.sql)
            values += condition.values
        }
        return (sql, values)
    }

    private var all: [ListCondition] {
        var all: [ListCondition] = []
        if let statuses {
            let words = statuses.map(\.rawValue).sorted()
            let isOne = Self.isOne("status", of: words)
            all.append(ListCondition(
                sql: isOne, values: words.map { .text($0) }, found: "campaigns WHERE \(isOne)", unindexed: "+\(isOne)"))
        }
        if let kinds {
            let words = kinds.map(\.rawValue).sorted()
            all.append(ListCondition(sql: Self.isOne("kind", of: words), values: words.map { .text($0) }))
        }
        if let channel { all.append(ListCondition(sql: "channel = ?", values: [.text(channel.text)])) }
        for tag in tags {
            let tagged = "campaign_tags WHERE tag = ?"
            all.append(ListCondition(
                sql: "number IN (SELECT campaign FROM \(tagged))", values: [.text(tag.text)], found: tagged,
                unindexed: "EXISTS (SELECT 1 FROM \(tagged) AND campaign = campaigns.number)"))
        }
        if let search, !search.isEmpty {
            all.append(ListCondition(sql: "instr(search, ?) > 0", values: [.text(CampaignRow.folded(search))]))
        }
        return all
    }

    private static func isOne(_ column: String, of words: [String]) -> String {
        "\(column) IN (\(words.map { _ in "?" }.joined(separator: ", ")))"
    }
}

extension ListCondition {
    /// As many rows are found and sorted in some milliseconds, and as many pages go through a million in the list's own
    /// order.
    static let fewRows = 4_096

    /// Whether an index has no more than ``fewRows`` for it.
    func isMetByFew(_ db: Database) throws -> Bool {
        guard let found else { return false }
        return try db.row(
            "SELECT count(*) AS count FROM (SELECT 1 FROM \(found) LIMIT \(Self.fewRows + 1))", values
        ) { try $0.integer("count") <= Self.fewRows } ?? false
    }
}

extension CampaignOrder {
    /// The whole number that a list is sorted by before the name, ascending, as SQL; by `next` and `created` it is the
    /// very expression that an index has.
    fileprivate var rank: String {
        switch self {
        case .name: "0"
        case .created: "-created_at"
        case .next: "coalesce(next_due, \(Int64.max))"
        case .status: "CASE status \(Self.statusRanks) END"
        }
    }

    private static let statusRanks = Status.allCases.enumerated()
        .map { rank, status in "WHEN '\(status.rawValue)' THEN \(rank)" }.joined(separator: " ")
}
