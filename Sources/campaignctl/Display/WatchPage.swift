import CampaignModel
import ControlAPI
import Recurrence

/// The open sends as a terminal shows them, a line each: campaign, state, a bar as wide as there is room, how far it
/// is, its pace and forecast.
struct WatchPage {
    let sends: [WatchedSend]
    let now: Instant
    let style: Style

    /// Wider it tells no more.
    static let widestBar = 40
    /// Narrower it tells less than the percent beside it.
    static let narrowestBar = 8
    /// A bar has no more than a quarter of the width, so that it does not move with every word beside it.
    static let barShare = 4
    /// Names and keys may be longer than a line.
    static let widestName = 40
    private static let gap = 2

    private struct Row {
        let send: SendView
        let name: String
        let state: String
        let count: String
        let details: String
    }

    /// - Parameters:
    ///   - columns: no line is wider, less one, so that none is wrapped.
    ///   - rows: no more lines; the last one then says how many sends are left out.
    func lines(columns: Int, rows: Int) -> [String] {
        let width = max(1, columns - 1)
        let shown = sends.count <= rows ? sends.count : max(0, rows - 1)
        let counts = Dictionary(sends.map { ($0.view.campaign, 1) }, uniquingKeysWith: +)
        let page = sends.prefix(shown).map { row($0, isAlone: counts[$0.view.campaign] == 1) }
        let nameWidth = widestText(page.map(\.name))
        let stateWidth = widestText(page.map(\.state))
        let countWidth = widestText(page.map(\.count))
        // One that only waits has its details beside its state, and takes no room from the bars.
        let details = widestText(page.filter { !$0.count.isEmpty }.map(\.details))
        let others = [nameWidth, stateWidth, countWidth, details].filter { $0 > 0 }
        let room = width - others.reduce(0) { $0 + $1 + Self.gap }
        let widest = min(room, width / Self.barShare, Self.widestBar)
        let hasBar = widest >= Self.narrowestBar && page.contains { share(of: $0.send) != nil }
        let barWidth = hasBar ? widest : 0
        var lines = page.map { row in
            if row.count.isEmpty {
                let cells = [(row.name, nameWidth), (row.state, stateWidth), (row.details, 0)]
                return line(cells, row.send.state, width: width)
            }
            let bar = share(of: row.send).map { Self.bar($0, width: barWidth) } ?? ""
            let cells = [
                (row.name, nameWidth), (row.state, stateWidth), (bar, barWidth), (row.count, countWidth),
                (row.details, 0),
            ]
            return line(cells, row.send.state, width: width)
        }
        if shown < sends.count, rows > 0 {
            lines.append("and \(PaceWords.count(Int64(sends.count - shown))) more".cut(to: width))
        }
        return lines
    }

    private func row(_ send: WatchedSend, isAlone: Bool) -> Row {
        let view = send.view
        let name = isAlone ? view.campaign : name(of: view)
        return Row(
            send: view, name: name.cut(to: Self.widestName), state: SendWords.state(view),
            count: WatchWords.count(view) ?? "", details: WatchWords.details(send, at: now).joined(separator: ", "))
    }

    /// The campaign's, with the part of the key that tells several sends of one campaign apart.
    private func name(of send: SendView) -> String {
        let own = send.key.split(separator: "/", maxSplits: 1).last.map(String.init) ?? send.key
        return "\(send.campaign) \(own)"
    }

    private func share(of send: SendView) -> Double? {
        guard send.state == .running, let total = send.progress.total, total > 0 else { return nil }
        return min(max(Double(send.progress.done ?? 0) / Double(total), 0), 1)
    }

    /// `[####------]`, with its brackets as wide as `width`.
    static func bar(_ share: Double, width: Int) -> String {
        guard width > 2 else { return "" }
        let done = Int(share * Double(width - 2))
        return "[" + String(repeating: "#", count: done) + String(repeating: "-", count: width - 2 - done) + "]"
    }

    /// The cells side by side, the second one, which is the state, in its colour; cut where there is no room.
    private func line(_ cells: [(text: String, width: Int)], _ state: SendState, width: Int) -> String {
        var plain = ""
        var dressed = ""
        for (index, cell) in cells.enumerated() where cell.width > 0 || !cell.text.isEmpty {
            let separator = plain.isEmpty ? "" : String(repeating: " ", count: Self.gap)
            let padding = String(repeating: " ", count: max(0, cell.width - cell.text.displayWidth))
            plain += separator + cell.text + padding
            dressed += separator + (index == 1 ? style.sendState(cell.text, state) : cell.text) + padding
        }
        while plain.last == " " { plain.removeLast() }
        while dressed.last == " " { dressed.removeLast() }
        return plain.displayWidth <= width ? dressed : plain.cut(to: width)
    }

    private func widestText(_ texts: [String]) -> Int { texts.map(\.displayWidth).max() ?? 0 }
}
