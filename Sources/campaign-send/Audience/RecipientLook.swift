import Mail
import RecipientLists

/// Looks for one recipient in a list, and for the names that its columns have.
final class RecipientLook {
    private let wanted: String
    private var rows = 0
    private var last: [String] = []
    /// Where the address stands among them.
    private var column: Int?

    /// How often the list has them.
    private(set) var found = 0
    /// The first time, as a send takes them.
    private(set) var entry: MailList.Entry?
    private(set) var address: MailAddress?
    /// The columns of all recipients that were read, each once.
    private(set) var names: Set<String> = []
    /// The same in the order in which they come first.
    private(set) var order: [String] = []
    /// Whether the list lacks the column that mail goes by.
    private(set) var lacksAddresses = false

    /// Each object of JSON lines may have others.
    private static let nameLimit = RecipientReader.columns

    init(for address: MailAddress) {
        wanted = address.canonical
    }

    /// - Returns: whether more is wanted.
    func take(_ record: RecipientRecord) -> Bool {
        rows += 1
        note(record.names)
        guard let column else {
            lacksAddresses = rows == 1 && !record.isJSON
            return !lacksAddresses
        }
        guard mayBeWanted(record.value(column)) else { return true }
        let entry = MailList.Entry(row: rows, record: record)
        guard let text = entry.address, let address = try? MailAddress(text), address.canonical == wanted else {
            return true
        }
        found += 1
        if self.entry == nil {
            self.entry = entry
            self.address = address
        }
        return true
    }

    /// Reading an address as one takes longer than the rest, and a list may have a million: true for more than the
    /// wanted ones, and for all that are not plain.
    private func mayBeWanted(_ text: String) -> Bool {
        guard text.utf8.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: "\"") }) else { return true }
        return text.utf8.lazy.filter { $0 > 0x20 }
            .map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
            .elementsEqual(wanted.utf8)
    }

    private func note(_ names: [String]) {
        // The same for all in a list of CSV.
        guard names != last else { return }
        last = names
        column = names.firstIndex { $0.lowercased() == "email" }
        for name in names where self.names.count < Self.nameLimit && self.names.insert(name).inserted {
            order.append(name)
        }
    }
}
