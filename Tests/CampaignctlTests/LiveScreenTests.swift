import Testing

@testable import campaignctl

@Suite("Lines that are drawn again in place")
struct LiveScreenTests {
    /// A terminal that knows what a `LiveScreen` writes.
    private final class Screen {
        var columns: Int
        var rows: [String] = ["$ campaignctl watch", ""]
        var cursor = (row: 1, column: 0)
        var isMoved = false

        init(columns: Int) {
            self.columns = columns
        }

        func take(_ bytes: [UInt8]) {
            var rest = Array(String(decoding: bytes, as: UTF8.self))[...]
            while let character = rest.popFirst() {
                switch character {
                case "\r": cursor.column = 0
                case "\n":
                    cursor = (cursor.row + 1, 0)
                    if cursor.row == rows.count { rows.append("") }
                case "\u{1B}":
                    let sequence = rest.prefix { !$0.isLetter } + rest.drop { !$0.isLetter }.prefix(1)
                    rest = rest.dropFirst(sequence.count)
                    act(String(sequence))
                default:
                    rows[cursor.row] = String(rows[cursor.row].prefix(cursor.column)) + String(character)
                        + String(rows[cursor.row].dropFirst(cursor.column + 1))
                    cursor.column += 1
                }
            }
        }

        private func act(_ sequence: String) {
            switch sequence.last {
            case "A": cursor.row -= Int(sequence.dropFirst().dropLast())!
            case "K": rows[cursor.row] = String(rows[cursor.row].prefix(cursor.column))
            case "J":
                rows[cursor.row] = String(rows[cursor.row].prefix(cursor.column))
                rows.removeSubrange((cursor.row + 1)...)
            default: break
            }
        }

        /// As a terminal does that becomes narrower: what is too long takes several rows.
        func narrow(to columns: Int) {
            self.columns = columns
            rows = rows.flatMap { row -> [String] in
                guard row.count > columns else { return [row] }
                return stride(from: 0, to: row.count, by: columns).map { String(row.dropFirst($0).prefix(columns)) }
            }
            cursor.row = rows.count - 1
        }
    }

    private func live(_ screen: Screen, rows: Int = 24) -> LiveScreen {
        LiveScreen(
            measure: { (screen.columns, rows) },
            wasMoved: {
                defer { screen.isMoved = false }
                return screen.isMoved
            }, write: { screen.take($0) })
    }

    @Test("each frame replaces the one before, also a longer one")
    func replaces() throws {
        let screen = Screen(columns: 40)
        let live = live(screen)
        for frame in [["a 1", "b 1"], ["a 22222", "b 2"], ["a 3"], [], ["a 4", "b 4", "c 4"]] {
            try live.draw(above: [], frame)
            #expect(screen.rows == ["$ campaignctl watch"] + frame + [""])
            #expect(screen.cursor.column == 0)
        }
    }

    @Test("what stays goes above what is drawn again")
    func above() throws {
        let screen = Screen(columns: 40)
        let live = live(screen)
        try live.draw(above: [], ["a 1", "b 1"])
        try live.draw(above: ["a: sent"], ["b 2"])
        try live.draw(above: ["b: failed, and a line that is longer"], [])
        #expect(screen.rows == ["$ campaignctl watch", "a: sent", "b: failed, and a line that is longer", ""])
    }

    @Test("colours take no room")
    func colours() throws {
        let screen = Screen(columns: 10)
        let live = live(screen)
        try live.draw(above: [], ["\u{1B}[33mrunning\u{1B}[0m 1", "\u{1B}[33mrunning\u{1B}[0m 2"])
        try live.draw(above: [], ["x"])
        #expect(screen.rows == ["$ campaignctl watch", "x", ""])
    }

    @Test("a terminal that has become narrower has wrapped what was drawn")
    func narrower() throws {
        let screen = Screen(columns: 40)
        let live = live(screen)
        try live.draw(above: [], ["0123456789012345", "ab"])
        screen.narrow(to: 8)
        try live.draw(above: [], ["short"])
        #expect(screen.rows.suffix(2) == ["short", ""])
        #expect(screen.rows.count == 3 + 2)
    }

    @Test("after a message, and where a shell has written, it begins anew below")
    func anew() throws {
        let screen = Screen(columns: 40)
        let live = live(screen)
        try live.draw(above: [], ["a 1"])
        live.leave()
        screen.take(Array("a message\n".utf8))
        try live.draw(above: [], ["a 2"])
        screen.take(Array("$ fg\n".utf8))
        screen.isMoved = true
        try live.draw(above: [], ["a 3"])
        try live.draw(above: [], ["a 4"])
        #expect(screen.rows == ["$ campaignctl watch", "a 1", "a message", "a 2", "$ fg", "a 4", ""])
    }

    @Test("it draws no more lines than the terminal has, and believes no terminal everything")
    func bounded() throws {
        let screen = Screen(columns: 40)
        let small = live(screen, rows: 3)
        try small.draw(above: [], ["a", "b", "c", "d"])
        #expect(screen.rows == ["$ campaignctl watch", "a", "b", ""])
        for (size, expected) in [
            ((0, 0), (80, 24)), (nil, (80, 24)), ((100_000, 100_000), (1_000, 500)), ((132, 50), (132, 50)),
        ] as [((Int, Int)?, (Int, Int))] {
            let live = LiveScreen(measure: { size.map { (columns: $0.0, rows: $0.1) } }, wasMoved: { false }) { _ in }
            #expect((live.size.columns, live.size.rows) == expected)
        }
    }
}
