internal import SystemdKit

/// Who wants no mail, as a send knows it: read once, and from then on what was added to the list and removed from it.
///
///     let suppressed = state.suppressions.reader()
///     try suppressed.refresh()                                // before each message
///     if suppressed.contains("ann@example.org") { … }
public final class SuppressedAddresses {
    private let path: String
    private let disk: any RecordDisk
    private var table = RecipientTable()
    private var file: SuppressionFile?
    /// The file's, once there was one.
    private var number: UInt64?

    init(path: String, disk: any RecordDisk) {
        self.path = path
        self.disk = disk
    }

    /// Reads what came since the last time; where nothing did, it is one call of the system.
    ///
    /// - Throws: ``SuppressionFault``; then nobody may be sent to.
    public func refresh() throws(SuppressionFault) {
        let found = try SuppressionFault.asking { () throws(SystemError) in try disk.mark(of: path) }
        guard let found else {
            // There may never have been a list.
            if number == nil { return }
            throw .gone(path: path)
        }
        if let file, found.file == number, found.size == file.end { return }
        if file == nil || found.file != number || found.size < file?.end ?? 0 { try open(found) }
        do {
            try file?.read { line in
                switch line {
                case .added(let address, _, _): table[address] = Self.wantsNone
                case .removed(let address, _): table[address] = Self.wantsMail
                }
            }
        } catch {
            // Read from its beginning the next time, and thrown again.
            file = nil
            throw error
        }
    }

    /// Without regard to case.
    public func contains(_ address: String) -> Bool { table[address] == Self.wantsNone }

    private static let wantsMail: UInt16 = 0
    private static let wantsNone: UInt16 = 1

    private func open(_ found: FileMark) throws(SuppressionFault) {
        table = RecipientTable()
        file = nil
        number = found.file
        let opened = try SuppressionFault.asking { () throws(SystemError) in try disk.open(path) }
        guard let opened else { throw .gone(path: path) }
        file = SuppressionFile(opened, path: path)
    }
}
