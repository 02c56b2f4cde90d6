import Glibc

/// The last lines of a terminal, which are drawn again and again in place. It owns the escape sequences (ECMA-48).
///
/// The cursor is never hidden and always rests at the beginning of the line below the last one, so that there is
/// nothing to put back whenever the program ends: even SIGKILL leaves a terminal to go on with.
final class LiveScreen {
    typealias Size = (columns: Int, rows: Int)

    /// Where the terminal does not tell: that of a VT100.
    static let defaultSize: Size = (80, 24)
    /// Of a terminal that says more nothing is drawn.
    static let largestSize: Size = (1_000, 500)

    private let measure: () -> Size?
    private let write: ([UInt8]) throws -> Void
    private let wasMoved: () -> Bool
    /// The widths of the lines that stand on the screen.
    private var drawn: [Int] = []

    /// - Parameters:
    ///   - measure: how large the terminal is now.
    ///   - wasMoved: whether something else has written since it was last asked; what stands above then stays.
    ///   - write: writes to the terminal.
    init(
        measure: @escaping () -> Size?, wasMoved: @escaping () -> Bool, write: @escaping ([UInt8]) throws -> Void
    ) {
        self.measure = measure
        self.wasMoved = wasMoved
        self.write = write
    }

    var size: Size {
        guard let size = measure(), size.columns > 0, size.rows > 0 else { return Self.defaultSize }
        return (min(size.columns, Self.largestSize.columns), min(size.rows, Self.largestSize.rows))
    }

    /// Replaces what was drawn, in one write.
    ///
    /// - Parameters:
    ///   - above: lines that stay for good.
    ///   - lines: what is replaced the next time; each fits the width. There are no more than the terminal has, less
    ///     one; the rest is left out.
    func draw(above: [String], _ lines: [String]) throws {
        let size = size
        let lines = lines.prefix(size.rows - 1)
        var frame = start(columns: size.columns)
        for line in above + lines { frame += line + "\u{1B}[K\n" }
        // What was drawn may have had more lines.
        frame += "\u{1B}[J"
        try write(Array(frame.utf8))
        drawn = lines.map(\.shownWidth)
    }

    /// Leaves what is drawn where it is, and begins anew below it.
    func leave() {
        drawn = []
    }

    /// Goes to the beginning of the first line that was drawn. A terminal that has become narrower has wrapped them.
    private func start(columns: Int) -> String {
        if wasMoved() { drawn = [] }
        let rows = drawn.reduce(0) { $0 + max(1, ($1 + columns - 1) / columns) }
        return rows == 0 ? "\r" : "\r\u{1B}[\(rows)A"
    }
}

extension String {
    /// How many columns it takes, its colours left out.
    fileprivate var shownWidth: Int {
        var width = 0
        var rest = self[...]
        while let escape = rest.firstIndex(of: "\u{1B}") {
            width += String(rest[..<escape]).displayWidth
            guard let end = rest[escape...].firstIndex(of: "m") else { return width }
            rest = rest[rest.index(after: end)...]
        }
        return width + String(rest).displayWidth
    }
}
