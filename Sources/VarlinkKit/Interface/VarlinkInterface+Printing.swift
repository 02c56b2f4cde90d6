extension VarlinkInterface: CustomStringConvertible {
    /// The interface in the language of `.varlink` files. Reading it again gives an equal value.
    public var description: String {
        var printer = VarlinkInterfacePrinter()
        printer.print(self)
        return printer.text
    }
}

/// Writes an interface: members apart by an empty line, a structure on one line where it fits and has no comments.
struct VarlinkInterfacePrinter {
    private static let maximumColumns = 100
    private static let indentation = "  "

    private(set) var text = ""

    mutating func print(_ interface: VarlinkInterface) {
        text += Self.comment(interface.documentation, indent: "")
        text += "interface \(interface.name)\n"
        for member in interface.members {
            text += "\n"
            switch member {
            case .type(let type):
                text += Self.comment(type.documentation, indent: "")
                text += "type \(type.name) " + Self.fitting(type.type, after: 6 + type.name.count)
            case .method(let method):
                text += Self.comment(method.documentation, indent: "")
                let input = Self.fitting(.structure(method.input), after: 7 + method.name.count)
                let start = (input.split(separator: "\n").last?.count ?? 0) + 4 + 7 + method.name.count
                text += "method \(method.name)\(input) -> " + Self.fitting(.structure(method.output), after: start)
            case .error(let error):
                text += Self.comment(error.documentation, indent: "")
                text += "error \(error.name) " + Self.fitting(.structure(error.parameters), after: 7 + error.name.count)
            }
            text += "\n"
        }
    }

    private static func fitting(_ type: VarlinkType, after column: Int) -> String {
        if let line = oneLine(type), column + line.count <= maximumColumns { return line }
        return lines(type, indent: "")
    }

    /// The type on one line, or nil where it holds a comment.
    private static func oneLine(_ type: VarlinkType) -> String? {
        switch type {
        case .bool: return "bool"
        case .int: return "int"
        case .float: return "float"
        case .string: return "string"
        case .object: return "object"
        case .named(let name): return name
        case .optional(let wrapped): return oneLine(wrapped).map { "?\($0)" }
        case .array(let element): return oneLine(element).map { "[]\($0)" }
        case .dictionary(let element): return oneLine(element).map { "[string]\($0)" }
        case .structure(let fields):
            var parts: [String] = []
            for field in fields {
                guard field.documentation.isEmpty, let type = oneLine(field.type) else { return nil }
                parts.append("\(field.name): \(type)")
            }
            return "(\(parts.joined(separator: ", ")))"
        case .enumeration(let values):
            if values.contains(where: { !$0.documentation.isEmpty }) { return nil }
            return "(\(values.map(\.name).joined(separator: ", ")))"
        }
    }

    private static func lines(_ type: VarlinkType, indent: String) -> String {
        let inner = indent + indentation
        switch type {
        case .optional(let wrapped): return "?" + lines(wrapped, indent: indent)
        case .array(let element): return "[]" + lines(element, indent: indent)
        case .dictionary(let element): return "[string]" + lines(element, indent: indent)
        case .structure(let fields) where !fields.isEmpty:
            let parts = fields.map { field in
                let oneLine = oneLine(field.type).flatMap {
                    inner.count + field.name.count + 2 + $0.count < maximumColumns ? $0 : nil
                }
                return comment(field.documentation, indent: inner)
                    + "\(inner)\(field.name): \(oneLine ?? lines(field.type, indent: inner))"
            }
            return "(\n\(parts.joined(separator: ",\n"))\n\(indent))"
        case .enumeration(let values):
            let parts = values.map { comment($0.documentation, indent: inner) + inner + $0.name }
            return "(\n\(parts.joined(separator: ",\n"))\n\(indent))"
        case .bool, .int, .float, .string, .object, .named, .structure:
            return oneLine(type) ?? ""
        }
    }

    private static func comment(_ text: String, indent: String) -> String {
        if text.isEmpty { return "" }
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "\(indent)#\n" : "\(indent)# \($0)\n" }.joined()
    }
}
