/// Why an entry was not written.
public enum JournalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A field's name that journald would drop.
    case invalidName(String)
    /// More fields than `JournalEntry.maximumFields`.
    case tooManyFields(Int)
    /// More bytes than `JournalEntry.maximumBytes`.
    case tooLarge(bytes: Int)
    /// No journald takes entries now. Keep the entry and come again.
    case unreachable(SystemError)
    /// libsystemd, or the descriptor for lines, refused it.
    case failed(SystemError)

    /// A sentence that names the field, the value and what is allowed.
    public var description: String {
        switch self {
        case .invalidName(let name):
            "journal field name: \"\(name)\" is not allowed; it must be 1 to \(JournalField.Name.maximumBytes) of "
                + "A-Z, 0-9 and _, start with a letter, and be none that an entry sets itself"
        case .tooManyFields(let count):
            "journal entry: \(count) fields; at most \(JournalEntry.maximumFields) are allowed"
        case .tooLarge(let bytes):
            "journal entry: \(bytes) bytes; at most \(JournalEntry.maximumBytes) are allowed"
        case .unreachable(let error):
            "the journal can't be reached: \(error)"
        case .failed(let error):
            "the journal entry was not written: \(error)"
        }
    }
}
