/// A Mustache text, compiled: its texts, its columns, and jumps over the sections that are left out.
struct TemplateText: Sendable {
    enum Step: Sendable {
        case text([UInt8])
        /// A column by its number in ``ColumnNames``.
        case column(Int, Escaping)
        /// Goes on with another step where the column is empty, or where it isn't.
        case jump(column: Int, ifEmpty: Bool, to: Int)
    }

    let steps: [Step]

    /// What it holds where it has no tags; nil where it has.
    var constant: [UInt8]? {
        switch steps.count {
        case 0: []
        case 1: if case .text(let bytes) = steps[0] { bytes } else { nil }
        default: nil
        }
    }

    /// Whether nothing of it is a column.
    var isConstant: Bool { constant != nil }

    /// Its texts, without columns.
    var texts: some Sequence<[UInt8]> {
        steps.lazy.compactMap { if case .text(let bytes) = $0 { bytes } else { nil } }
    }

    /// Puts the text into a sink, with each column's value in its place.
    ///
    /// - Parameter values: one for each column of ``ColumnNames``; empty for what the recipient doesn't have.
    /// - Throws: ``MailMessageError`` as soon as the sink holds more than a message may.
    func fill(_ sink: inout some TemplateSink, with values: [[UInt8]]) throws(MailMessageError) {
        var place = 0
        while place < steps.count {
            switch steps[place] {
            case .text(let bytes): sink.take(bytes, ofStep: place)
            case .column(let column, let escaping): sink.take(values[column], escaping)
            case .jump(let column, let ifEmpty, let target) where values[column].isEmpty == ifEmpty:
                place = target
                continue
            case .jump: break
            }
            guard sink.count <= MailMessage.maximumBytes else { throw .tooLarge }
            place += 1
        }
    }
}

/// Where a filled text goes.
protocol TemplateSink {
    /// Bytes so far.
    var count: Int { get }
    mutating func take(_ text: [UInt8], ofStep step: Int)
    mutating func take(_ value: [UInt8], _ escaping: Escaping)
}

extension [UInt8]: TemplateSink {
    mutating func take(_ text: [UInt8], ofStep step: Int) { append(contentsOf: text) }
    mutating func take(_ value: [UInt8], _ escaping: Escaping) { escaping.append(value, to: &self) }
}

/// The columns that a message's parts name, each with its number.
struct ColumnNames {
    private(set) var all: [String] = []
    private var numbers: [String: Int] = [:]

    mutating func number(of name: String) -> Int {
        if let number = numbers[name] { return number }
        numbers[name] = all.count
        all.append(name)
        return all.count - 1
    }
}
