/// How much an entry matters, syslog(3). Lower numbers matter more.
public enum JournalPriority: Int, Hashable, Sendable, CaseIterable {
    /// The system is unusable.
    case emergency = 0
    /// Somebody must act at once.
    case alert = 1
    /// Critical conditions.
    case critical = 2
    /// Something failed.
    case error = 3
    /// Something may fail, or was survived.
    case warning = 4
    /// Normal, but worth a look.
    case notice = 5
    /// What happens day by day.
    case informational = 6
    /// For those who look for a fault.
    case debug = 7
}

/// One entry for the journal: a sentence for people, and fields to search by.
///
///     JournalEntry("Campaign spring is active", messageID: activated, fields: [
///         JournalField("CAMPAIGN", "spring"), JournalField("CAMPAIGN_STATUS", "active"),
///     ])
public struct JournalEntry: Sendable {
    /// Far more than an event of ours has; journald drops an entry with more than 1,024.
    public static let maximumFields = 128

    /// All names and values together. journald takes more, but an entry is a line to read, not a place to keep
    /// files.
    public static let maximumBytes = 1 << 20

    /// `MESSAGE=`, a sentence for people.
    public var message: String

    /// `PRIORITY=`; `informational` by default.
    public var priority: JournalPriority

    /// `MESSAGE_ID=`, the kind of entry, for the catalog; none by default.
    public var messageID: MessageID?

    /// Other fields, in order. A name may come several times; journald keeps each value.
    public var fields: [JournalField]

    /// `CODE_FILE=`, `CODE_LINE=`, `CODE_FUNC=`: where in the source the entry was made.
    let file: String
    let line: Int
    let function: String

    /// Makes an entry; the place in the source is the caller's by default.
    public init(
        _ message: String, priority: JournalPriority = .informational, messageID: MessageID? = nil,
        fields: [JournalField] = [], file: String = #fileID, line: Int = #line, function: String = #function
    ) {
        self.message = message
        self.priority = priority
        self.messageID = messageID
        self.fields = fields
        self.file = file
        self.line = line
        self.function = function
    }

    /// All fields as names and bytes, in the order in which they are sent.
    func allFields(identifier: String) -> [(name: String, value: [UInt8])] {
        var all: [(name: String, value: [UInt8])] = [
            ("MESSAGE", Array(message.utf8)),
            ("PRIORITY", Array(String(priority.rawValue).utf8)),
            ("SYSLOG_IDENTIFIER", Array(identifier.utf8)),
            // libsystemd's C macro would add these three from the C file; ours name the Swift one.
            ("CODE_FILE", Array(file.utf8)),
            ("CODE_LINE", Array(String(line).utf8)),
            ("CODE_FUNC", Array(function.utf8)),
        ]
        if let messageID { all.append(("MESSAGE_ID", Array(messageID.description.utf8))) }
        for field in fields { all.append((field.name.description, field.value)) }
        return all
    }

    /// Throws where the entry is larger than the limits above.
    func checkSize() throws(JournalError) {
        guard fields.count <= Self.maximumFields else { throw .tooManyFields(fields.count) }
        let bytes = fields.reduce(message.utf8.count) { $0 + $1.name.description.utf8.count + $1.value.count }
        guard bytes <= Self.maximumBytes else { throw .tooLarge(bytes: bytes) }
    }
}
