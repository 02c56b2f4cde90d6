import Glibc

/// Where this program lies; its companions lie beside it.
enum ProgramDirectory {
    /// - Throws: ``StartError`` where there is no such program.
    static func path(of program: String) throws(StartError) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        guard count > 0 else { throw StartError(description: "/proc/self/exe can't be read") }
        let own = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
        let path = own.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/\(program)"
        guard access(path, X_OK) == 0 else {
            throw StartError(description: "\(path): is not there, or can't be run; --launcher child needs it")
        }
        return path
    }
}
