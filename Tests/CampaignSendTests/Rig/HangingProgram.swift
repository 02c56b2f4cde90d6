import SendProtocol
import Testing

/// An audience's program that has begun its work and is in no hurry to end it, and the sender that started it.
final class HangingProgram {
    let rig: SenderRig
    let peer: SenderPeer
    /// Ends when nothing of the program runs any more.
    let life: Fifo
    private let gate: Fifo

    /// Told to the test and then in no hurry to end.
    static let script = "exec 9> \"$RIG/life\"; echo begun >&9; while :; do read go < \"$RIG/gate\"; done"

    init(_ request: SenderRequest) throws {
        rig = try SenderRig()
        life = try Fifo(rig.path + "/life")
        gate = try Fifo(rig.path + "/gate", isGate: true)
        rig.audienceProgram(Self.script)
        peer = try rig.start(request)
        #expect(try life.line() == "begun")
    }
}
