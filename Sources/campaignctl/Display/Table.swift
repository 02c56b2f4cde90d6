/// Rows under a head, aligned by what a terminal shows. Rows are printed in batches, so that a long list needs no more
/// memory than a short one; a column only grows from one batch to the next.
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
    private let head: [String]
    private let style: Style
    private let hasHeaders: Bool
    /// Of the cells of a row, those that are printed, in their order.
    private let places: [Int]
    private var widths: [Int]
    /// The columns whose cells are told in their longer form.
    private var fullColumns: Set<Int> = []
    private var rows: [[Cell]] = []
    private var isHeadPrinted = false

    /// - Parameter options: which columns are printed, and whether with headings; nil for all of them.
    init(_ head: [String], style: Style, _ options: TableOptions? = nil) {
        places = options?.places(in: head) ?? Array(head.indices)
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
        if !isHeadPrinted, hasHeaders { try Output.line(line(head.map { Cell($0, dress: style.bold) })) }
        isHeadPrinted = true
        for row in rows { try Output.line(line(row)) }
        self.rows = []
    }

    private func line(_ row: [Cell]) -> String {
        var line = ""
        for (column, cell) in row.enumerated() {
            let isLast = column == row.count - 1
            let padding = isLast ? 0 : widths[column] - cell.text.displayWidth + 2
            line += (cell.text.isEmpty ? "" : cell.dress(cell.text)) + String(repeating: " ", count: max(padding, 0))
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}

extension String {
    /// How many columns of a terminal it takes: two for wide characters (East Asian, most emoji), else one.
    var displayWidth: Int {
        reduce(0) { $0 + ($1.unicodeScalars.first.map(Self.isWide) == true ? 2 : 1) }
    }

    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF,
            0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
