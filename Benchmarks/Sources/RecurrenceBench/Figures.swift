import Foundation

/// What several rounds measured of one thing.
struct Figures {
    private let sorted: [Double]

    init(_ values: [Double]) { sorted = values.sorted() }

    var median: Double {
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    var least: Double { sorted.first ?? .nan }
    var greatest: Double { sorted.last ?? .nan }

    /// The median, and least to greatest.
    func text(_ format: (Double) -> String) -> String {
        "\(format(median)) (\(format(least))–\(format(greatest)))"
    }

    var json: [String: Double] { ["median": median, "min": least, "max": greatest] }
}

enum Format {
    /// Thousands a second.
    static func rate(_ perSecond: Double) -> String {
        perSecond < 100_000 ? String(format: "%.1f", perSecond / 1_000) : String(format: "%.0f", perSecond / 1_000)
    }

    static func ratio(_ value: Double) -> String { String(format: value < 10 ? "%.1f" : "%.0f", value) }

    static func time(nanoseconds: Double) -> String {
        switch nanoseconds {
        case ..<1_000: String(format: "%.0f ns", nanoseconds)
        case ..<100_000: String(format: "%.2f µs", nanoseconds / 1_000)
        case ..<1_000_000: String(format: "%.0f µs", nanoseconds / 1_000)
        case ..<1_000_000_000: String(format: "%.1f ms", nanoseconds / 1_000_000)
        default: String(format: "%.1f s", nanoseconds / 1_000_000_000)
        }
    }

    /// Rows with every column as wide as its widest cell; the first is the head.
    static func table(_ rows: [[String]]) -> String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
