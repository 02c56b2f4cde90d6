import Foundation
import GRDB
import Recurrence

extension DatabaseValue {
    static func instant(_ instant: Instant?) -> DatabaseValue {
        instant?.secondsSinceEpoch.databaseValue ?? .null
    }

    static func integer(_ number: Int?) -> DatabaseValue {
        number?.databaseValue ?? .null
    }

    static func integer(_ number: Int64?) -> DatabaseValue {
        number?.databaseValue ?? .null
    }

    static func flag(_ flag: Bool) -> DatabaseValue {
        (flag ? 1 : 0).databaseValue
    }

    /// Text for a column of type TEXT. Texts there end at a NUL when they are bound and when they are read, so
    /// that one from outside (a surface's note) would be cut without a word: U+0000 is kept as its picture, U+2400.
    static func text(_ text: String?) -> DatabaseValue {
        guard let text else { return .null }
        var bytes = text
        guard bytes.withUTF8({ $0.contains(0) }) else { return text.databaseValue }
        return String(text.unicodeScalars.map { $0.value == 0 ? "\u{2400}" : Character($0) }).databaseValue
    }

    static func local(_ local: LocalDateTime?) -> DatabaseValue {
        local?.description.databaseValue ?? .null
    }

    /// Bytes, or text that has to come back byte for byte, whatever it holds.
    static func bytes(_ bytes: some Sequence<UInt8>) -> DatabaseValue {
        Data(bytes).databaseValue
    }

    /// Numbers for a statement that takes any count of them, as the JSON text that SQLite's json_each reads.
    static func list(_ numbers: [Int64]) -> DatabaseValue {
        "[\(numbers.map(String.init).joined(separator: ","))]".databaseValue
    }

    static func bytes(of text: String?) -> DatabaseValue {
        text.map { bytes($0.utf8) } ?? .null
    }
}
