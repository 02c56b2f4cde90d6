import CampaignModel
import RecipientLists
import Recurrence

/// An address that wants no mail, and the line on which it was given; nil on the command line.
struct NumberedSuppression {
    var suppression: Suppression
    let line: Int?
}

/// A file of addresses that want no mail: an address a line, or a list as audiences have them.
enum SuppressionFile {
    /// Some five million addresses and more.
    private static let limit = 512 * 1_024 * 1_024
    private static let addressColumns: Set = ["email", "email address", "e-mail", "address"]

    /// - Parameter path: `-` for standard input.
    static func read(_ path: String, only: String?) throws(Failure) -> [NumberedSuppression] {
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(path, limit: limit)
        } catch {
            throw Failure(error, path: path, field: "file", limit: limit)
        }
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        // What names columns holds no address.
        let first = start.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let isPlain = first.first != UInt8(ascii: "{")
            && first.prefix { $0 != UInt8(ascii: "\n") }.contains(UInt8(ascii: "@"))
        do {
            if !isPlain { return try List(only: only).read(bytes) }
        } catch {
            throw failure(path, error.description)
        }
        if only != nil { throw failure(path, "has no columns that --only could choose by") }
        return lines(start)
    }

    /// Standard input, an address a line.
    static func readLines() throws(Failure) -> [NumberedSuppression] {
        do {
            return lines(try FileBytes.read("-", limit: limit)[...])
        } catch {
            throw Failure(error, path: "standard input", field: "addresses", limit: limit)
        }
    }

    private static func failure(_ path: String, _ reason: String) -> Failure {
        Failure.invalidFile(
            path, field: "file", value: path, reason: reason,
            text: "\(path == "-" ? "standard input" : path): \(reason)")
    }

    private static func lines(_ bytes: ArraySlice<UInt8>) -> [NumberedSuppression] {
        let texts = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return zip(1..., texts).compactMap { line, text in
            let address = String(decoding: text, as: UTF8.self).trimmed
            return address.isEmpty
                ? nil : NumberedSuppression(suppression: Suppression(address: address), line: line)
        }
    }

    /// A list with columns.
    private struct List {
        let only: (column: String, value: String)?

        init(only: String?) {
            let parts = only?.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            self.only = parts.map { ($0[0], $0[1]) }
        }

        func read(_ bytes: [UInt8]) throws(RecipientFault) -> [NumberedSuppression] {
            var entries: [NumberedSuppression] = []
            var fault: RecipientFault?
            func take(_ record: RecipientRecord) -> Bool {
                do throws(RecipientFault) {
                    if let entry = try entry(record) { entries.append(entry) }
                    return true
                } catch {
                    fault = error
                    return false
                }
            }
            var reader = RecipientReader()
            if try reader.read(bytes[...], take) { try reader.finish(take) }
            if let fault { throw fault }
            return entries
        }

        private func entry(_ record: RecipientRecord) throws(RecipientFault) -> NumberedSuppression? {
            let names = record.names.map { $0.trimmed.lowercased() }
            guard let place = names.firstIndex(where: addressColumns.contains) else {
                throw RecipientFault(record.line, "has no column email, email address, e-mail or address")
            }
            if let only {
                guard let column = names.firstIndex(of: only.column.lowercased()) else {
                    throw RecipientFault(record.line, "has no column \(FieldError.shown(only.column))")
                }
                guard record.value(column) == only.value else { return nil }
            }
            func value(_ name: String) -> String? {
                guard let column = names.firstIndex(of: name) else { return nil }
                let value = record.value(column)
                return value.isEmpty || (record.isJSON && value == "null") ? nil : value
            }
            var entry = Suppression(address: record.value(place), reason: value("reason"))
            entry.at = value("at").flatMap { Instant($0) }
            // As campaignctl suppress list has written it.
            if names == SuppressList.columns, !record.isJSON {
                entry.address = CSVLine.withoutMark(entry.address)
                entry.reason = entry.reason.map(CSVLine.withoutMark)
            }
            return NumberedSuppression(suppression: entry, line: record.line)
        }
    }
}

extension String {
    /// Without spaces, tabs and carriage returns around it.
    var trimmed: String {
        let isBlank = { (scalar: Unicode.Scalar) in scalar == " " || scalar == "\t" || scalar == "\r" }
        let start = unicodeScalars.drop(while: isBlank)
        guard let end = start.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(start[...end])
    }
}
