import CampaignModel
import Mail
import RecipientLists
import SystemdKit

/// The recipients of one pass, as they come out of the audience's list.
final class MailList {
    /// One line of the list.
    struct Entry {
        /// From 1.
        let row: Int
        let record: RecipientRecord

        /// The value of a column; nil where it has none, or one that stands for nothing in JSON.
        func value(_ name: String) -> String? {
            guard let index = record.names.firstIndex(of: name) else { return nil }
            if record.isJSON {
                let bytes = record.bytes[record.values[index]]
                if bytes.elementsEqual("null".utf8) || bytes.elementsEqual("false".utf8) { return nil }
            }
            return record.value(index)
        }

        /// The column with the address, however its name is written.
        var address: String? {
            guard let name = record.names.first(where: { $0.lowercased() == "email" }) else { return nil }
            return value(name)
        }
    }

    /// Read and not yet taken; a piece of the list at most beyond what is wanted.
    private var entries: [Entry] = []
    private var taken = 0
    private var rows = 0
    private let stream: AudienceStream?

    private(set) var fault: String?
    /// Whether the list is read, and its process ended.
    private(set) var isRead = false

    /// Why a list without the column is none.
    static let noAddresses = "the audience has no column email, which mail goes by"

    /// More is read once fewer wait.
    private static let wanted = 500

    /// A list that is read as it is wanted.
    static func reading(_ source: AudienceSource, of audience: Slug) throws(SystemError) -> MailList {
        var add: ((RecipientRecord) -> Void)?
        let stream = try AudienceStream(source, of: audience) { record in
            add?(record)
            return true
        }
        let list = MailList(stream)
        add = { [unowned list] record in list.add(record) }
        return list
    }

    /// A list of one, whose columns are all empty.
    convenience init(of address: MailAddress) {
        self.init(nil)
        let bytes = Array(address.text.utf8)
        add(RecipientRecord(names: ["email"], bytes: bytes, values: [0..<bytes.count], isJSON: false))
        isRead = true
    }

    private init(_ stream: AudienceStream?) {
        self.stream = stream
    }

    private func add(_ record: RecipientRecord) {
        rows += 1
        entries.append(Entry(row: rows, record: record))
    }

    /// Whether all of it was taken.
    var isDone: Bool { isRead && taken == entries.count }

    func next() -> Entry? {
        guard taken < entries.count else { return nil }
        defer { taken += 1 }
        return entries[taken]
    }

    /// Whether fewer wait than are wanted, and there may be more.
    var wantsMore: Bool { !isRead && entries.count - taken < Self.wanted }

    /// What to wait for.
    var interests: [(descriptor: CInt, events: Int32)] {
        guard !isRead, let stream else { return [] }
        return stream.interests(wantsMore: wantsMore).map { ($0.descriptor, $0.events) }
    }

    /// Reads what is there, without waiting, as far as more is wanted.
    func advance() {
        guard !isRead, let stream else { return }
        entries.removeFirst(taken)
        taken = 0
        // Looked at before the reading: what came before the end is read in any case.
        let hasEnded = stream.hasEnded
        for port in stream.interests(wantsMore: wantsMore) where stream.ending == nil { stream.read(port.port) }
        if stream.ending != nil || hasEnded { finish() }
    }

    /// Ends the reading, wherever it is.
    func finish() {
        guard !isRead, let stream else { return }
        isRead = true
        stream.finish()
        if case .failed(let reason) = stream.ending { fault = reason }
    }
}
