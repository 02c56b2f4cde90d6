public import CampaignModel
public import SendProtocol
internal import SystemdKit

/// Answers what is asked of sends and their records, one request of one peer: `send`, `query`, `cancel`, `revoke` and
/// `forget`.
///
///     let keeper = RecordKeeper(
///         state: StateDirectory(path: "/var/lib/campaign-send", disk: SystemDisk()), peer: connection,
///         complain: { text in … }, reach: { point in … })
///     keeper.answer(request, through: surfaces)
///
/// All that it does in the world goes through its disk, its peer and what delivers; so a whole process can be played in
/// memory and be ended in place of any call.
public struct RecordKeeper {
    let state: StateDirectory
    let peer: any AnswerPeer
    let complain: (String) -> Void
    private let reachNamed: (String) -> Void

    /// Why nothing is sent again to recipients of whom nobody knows any more who got it.
    static let lostResults =
        "what became of its recipients is no longer kept, and it would go to all of them again; use send-now for that"

    /// How a request was answered.
    public enum Ending: Hashable, Sendable {
        case done
        /// A record could not be read or made, or an outcome not be written.
        case trouble
        /// The request is none that could be recorded.
        case unusable
    }

    /// A place at which a crash test may end the process; the names are those of ``SendProtocol/FaultPoint``.
    enum Point: String {
        /// The record is made, and nobody was told.
        case accepted
        case acceptedTold = "accepted-told"
        case outcomeWritten = "outcome-written"
        case outcomeTold = "outcome-told"
    }

    /// Answers one peer.
    ///
    /// - Parameters:
    ///   - state: the records.
    ///   - peer: who asked.
    ///   - complain: gets what the people who run the program must know and no answer tells, a sentence each.
    ///   - reach: is called with the name of each place of ``SendProtocol/FaultPoint`` in here as it is reached.
    public init(
        state: StateDirectory, peer: any AnswerPeer, complain: @escaping (String) -> Void,
        reach: @escaping (String) -> Void
    ) {
        self.state = state
        self.peer = peer
        self.complain = complain
        reachNamed = reach
    }

    /// Answers a request, and returns when all of it is done: for a `send`, when its outcome is told.
    ///
    /// - Parameter delivering: carries out a `send`; nothing else asks it for anything.
    /// - Returns: nil for the verbs that are not answered here, since they are about no record's making or ending.
    public func answer(_ request: SenderRequest, through delivering: some Delivering) -> Ending? {
        switch request {
        case .send(let request): SendVerb(keeper: self, delivering: delivering).run(request)
        case .query(let keys): RecordVerbs(keeper: self).query(keys)
        case .cancel(let key, let reason): RecordVerbs(keeper: self).cancel(key, reason: reason)
        case .revoke(let attempt, let reason): RecordVerbs(keeper: self).revoke(attempt, reason: reason)
        case .forget(let owners, let resultsBefore):
            RecordVerbs(keeper: self).forget(owners, resultsBefore: resultsBefore)
        case .follow, .count, .sample, .recipients, .compose, .suppress, .suppressed: nil
        }
    }

    /// Records an attempt whose request can't be read, so that it is never asked for again, and tells how it ended.
    public func refuse(_ attempt: Attempt, reason: String, through delivering: some Delivering) -> Ending {
        SendVerb(keeper: self, delivering: delivering).refuse(attempt, reason: reason)
    }

    func reach(_ point: Point) {
        reachNamed(point.rawValue)
    }

    /// Nothing began, and the same request may be made again.
    func busy(_ error: SystemError) -> Ending {
        complain("not done now: \(error)")
        peer.send(.busy(reason: error.description.cutForDisplay))
        return .trouble
    }
}
