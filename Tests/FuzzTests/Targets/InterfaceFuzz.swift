import VarlinkKit

/// The description of an interface: refused in a short sentence, or printed so that it is read back as it was.
enum InterfaceFuzz {
    static func run(_ bytes: [UInt8]) throws(Finding) {
        let text = String(decoding: bytes, as: UTF8.self)
        let interface: VarlinkInterface
        do throws(VarlinkInterfaceError) {
            interface = try VarlinkInterface(parsing: text)
        } catch {
            return try checkRefusal(error)
        }
        let printed = interface.description
        let again: VarlinkInterface
        do throws(VarlinkInterfaceError) {
            again = try VarlinkInterface(parsing: printed)
        } catch {
            throw Finding(description: "\(printed) is not read back: \(error)")
        }
        try check(again == interface, "\(printed) is read back as another one")
        try check(again.description == printed, "\(printed) is printed as \(again)")
        // Held to it, no call crashes, whatever its types are.
        for method in interface.methods {
            for value in [JSONValue.null, .object([:]), .array([]), .string(""), .int(1)] {
                let parameters = JSONObject(method.input.map { ($0.name, value) })
                let call = VarlinkCall(method: "\(interface.name).\(method.name)", parameters: parameters)
                do throws(VarlinkErrorReply) {
                    try interface.check(call)
                } catch {
                    try check(error.name == "org.varlink.service.InvalidParameter", "\(call) is answered \(error)")
                }
            }
        }
    }
}
