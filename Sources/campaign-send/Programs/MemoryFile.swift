import CProcess
import Glibc
import SystemdKit

/// A file without a name, in memory. A program that reads it reads all of it or is ended: through a pipe, one whose
/// writer dies would take a part for the whole.
struct MemoryFile: ~Copyable {
    private let file: Descriptor

    var descriptor: CInt { file.raw }

    /// - Parameter bytes: what it holds, to be read from the beginning.
    init(_ bytes: [UInt8]) throws(SystemError) {
        file = Descriptor(cprocess_memory_file("message"))
        guard file.raw >= 0 else { throw SystemError(call: "memfd_create", object: "a message", code: errno) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(file.raw, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw SystemError(call: "write", object: "a message", code: errno) }
            rest = rest.dropFirst(count)
        }
        lseek(file.raw, 0, SEEK_SET)
    }
}
