/// What answers the methods of one interface.
///
///     struct Greeter: VarlinkService {
///         let interfaceDescription = """
///             interface org.example.greeter
///             method Greet(name: string) -> (greeting: string)
///             method Count(to: int) -> (number: int)
///             """
///
///         func handle(
///             _ call: VarlinkCall, from peer: VarlinkPeer, replies: VarlinkReplies
///         ) async throws(VarlinkErrorReply) -> JSONObject {
///             switch call.memberName {
///             case "Greet":
///                 return ["greeting": .string("Hello \(call.parameters["name"]?.stringValue ?? "")")]
///             case "Count":
///                 try call.requireMore()
///                 let last = call.parameters["to"]?.intValue ?? 0
///                 for number in 0..<last { try await replies.send(["number": .int(number)]) }
///                 return ["number": .int(last)]
///             default:
///                 throw .methodNotImplemented(call.method)
///             }
///         }
///     }
public protocol VarlinkService: Sendable {
    /// The text of the interface's `.varlink` file. Read once, when the server starts; given out as it is.
    var interfaceDescription: String { get }

    /// Answers one call: the value returned is the last (mostly the only) reply, an error thrown is the error reply.
    ///
    /// Only methods that the interface declares arrive here, and only with parameters that fit it; what is given back
    /// is held to it as well, and replaced by `org.varlink.service.InvalidParameter` where it does not fit. Calls of
    /// one connection come one after the other, calls of several at once. For a `oneway` call the result is dropped.
    ///
    /// The task of a call with `more` is cancelled when its caller leaves and when the server begins to stop; other
    /// calls go on to their end (a change that has begun is not torn by a caller who leaves), and are cancelled only
    /// at the deadline of a stop.
    func handle(
        _ call: VarlinkCall, from peer: VarlinkPeer, replies: VarlinkReplies
    ) async throws(VarlinkErrorReply) -> JSONObject
}
