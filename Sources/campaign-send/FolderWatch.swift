import Glibc
import SendRecords
import SystemdKit

/// Tells of changes in a folder: inotify(7).
struct FolderWatch: ~Copyable {
    private let file: Descriptor

    struct Event {
        let mask: Int32
        /// The name of the file in a watched folder; empty for the watched file itself.
        let name: String
    }

    var descriptor: CInt { file.raw }

    init() throws(SystemError) {
        let raw = inotify_init1(CInt(IN_CLOEXEC) | CInt(IN_NONBLOCK))
        guard raw >= 0 else { throw SystemError(call: "inotify_init", object: "a watch", code: errno) }
        file = Descriptor(raw)
    }

    func add(_ path: String, _ events: Int32) throws(SystemError) {
        guard inotify_add_watch(file.raw, path, UInt32(events)) >= 0 else {
            throw SystemError(call: "inotify_add_watch", object: path, code: errno)
        }
    }

    /// What happened since the last call, without waiting.
    func events() -> [Event] {
        var events: [Event] = []
        // Room for some hundred events; what doesn't fit is read at the next call.
        let (buffer, count) = [UInt8].filled(upTo: 16 * 1_024) { read(file.raw, $0, $1) }
        guard count > 0 else { return [] }
        let headBytes = MemoryLayout<inotify_event>.size
        var start = 0
        while start + headBytes <= count {
            let head = buffer.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: start, as: inotify_event.self) }
            let end = start + headBytes + Int(head.len)
            guard end <= count else { break }
            let name = String(decoding: buffer[(start + headBytes)..<end].prefix { $0 != 0 }, as: UTF8.self)
            events.append(Event(mask: Int32(bitPattern: head.mask), name: name))
            start = end
        }
        return events
    }
}
