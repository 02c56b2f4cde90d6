/// Rows under a head, aligned by what a terminal shows, and cut to its width. Rows are printed in batches, so that a
/// long list needs no more memory than a short one; a column only grows from one batch to the next.
struct Table {
    /// A cell: its text, and how it is dressed once it is padded.
    struct Cell {
        let text: String
        /// A longer form of the text. Where one cell of a column has no shorter form than that, the column has it.
        let full: String?
        let dress: (String) -> String

        init(_ text: String, full: String? = nil, dress: @escaping (String) -> String = { $0 }) {
            self.text = text
            self.full = full
            self.dress = dress
        }

        fileprivate var inFull: Cell { Cell(full ?? text, dress: dress) }
    }

    static let batch = 500
    /// Cut further, a cell tells nothing.
    static let narrowestCut = 8
    private static let gap = 2
    private let head: [String]
    private let style: Style
    private let hasHeaders: Bool
    /// Of the cells of a row, those that are printed, in their order.
    private let places: [Int]
    private var widths: [Int]
    /// The columns that are cut, those that are first; the others are names that people copy.
    private let cutColumns: [Int]
    /// How wide a line may be; nil where nothing is cut.
    private let lineWidth: Int?
    /// The columns whose cells are told in their longer form.
    private var fullColumns: Set<Int> = []
    private var rows: [[Cell]] = []
    private var isHeadPrinted = false

    /// - Parameters:
    ///   - options: which columns are printed, and whether with headings; nil for all of them.
    ///   - cut: the headings of the columns that are cut where a line is wider than the terminal, in that order; nil
    ///     for the last one.
    ///   - lineWidth: the terminal's width; nil where nobody sees the lines.
    init(
        _ head: [String], style: Style, _ options: TableOptions? = nil, cut: [String]? = nil,
        lineWidth: Int? = Terminal.outputColumns
    ) {
        let places = options?.places(in: head) ?? Array(head.indices)
        self.places = places
        let cut = cut ?? [head.last].compactMap(\.self)
        cutColumns = cut.compactMap { heading in places.firstIndex { head[$0] == heading } }
        self.lineWidth = options?.full == true ? nil : lineWidth
        self.head = places.map { head[$0] }
        self.style = style
        let hasHeaders = options?.noHeaders != true
        self.hasHeaders = hasHeaders
        widths = self.head.map { hasHeaders ? $0.displayWidth : 0 }
    }

    mutating func add(_ row: [Cell]) throws {
        rows.append(places.map { row[$0] })
        if rows.count == Self.batch { try flush() }
    }

    /// Whether nothing was ever added.
    var isEmpty: Bool { rows.isEmpty && !isHeadPrinted }

    /// Prints what is left; of an empty table a sentence to the person.
    mutating func flush(orSay sentence: String) throws {
        if isEmpty { return Output.message(sentence) }
        try flush()
    }

    /// Prints what is left.
    mutating func flush() throws {
        guard !rows.isEmpty else { return }
        for row in rows {
            for (column, cell) in row.enumerated() where cell.full == cell.text { fullColumns.insert(column) }
        }
        let rows = rows.map { row in
            row.enumerated().map { column, cell in fullColumns.contains(column) ? cell.inFull : cell }
        }
        for row in rows {
            for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.text.displayWidth) }
        }
        let widths = widthsOnTerminal()
        let isFirst = !isHeadPrinted && hasHeaders
        isHeadPrinted = true
        let lines = (isFirst ? [head.map { Cell($0, dress: style.bold) }] : []) + rows
        try Output.lines(lines.map { line($0, widths) })
        self.rows = []
    }

    /// The columns' widths, so that a line is no wider than the terminal where that can be had: columns that may be cut
    /// are, and are left out where even that is not enough; those have none.
    private func widthsOnTerminal() -> [Int?] {
        guard let lineWidth else { return widths }
        var widths = widths
        var excess = widths.reduce(Self.gap * (widths.count - 1), +) - lineWidth
        for column in cutColumns where excess > 0 {
            let cut = min(excess, max(0, widths[column] - max(Self.narrowestCut, head[column].count)))
            widths[column] -= cut
            excess -= cut
        }
        var shown: [Int?] = widths
        for column in cutColumns where excess > 0 && shown.count > 1 {
            shown[column] = nil
            excess -= widths[column] + Self.gap
        }
        return shown
    }

    private func line(_ row: [Cell], _ widths: [Int?]) -> String {
        var line = ""
        for (column, cell) in row.enumerated() {
            guard let width = widths[column] else { continue }
            let isCut = lineWidth != nil && cutColumns.contains(column)
            let text = isCut ? cell.text.cut(to: width) : cell.text
            let padding = column == row.count - 1 ? 0 : width - text.displayWidth + Self.gap
            line += (text.isEmpty ? "" : cell.dress(text)) + String(repeating: " ", count: max(padding, 0))
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}
