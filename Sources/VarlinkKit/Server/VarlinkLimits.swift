/// What a server grants its clients. What goes past a limit is closed at once.
public struct VarlinkLimits: Sendable, Equatable {
    /// The bytes of one call, without its NUL. Default 1 MiB: a campaign file with room to spare.
    public var requestBytes: Int
    /// The bytes of one reply, without its NUL. Default 16 MiB: a whole message of 10 MiB, escaped, still fits.
    public var replyBytes: Int
    /// The bytes of calls that are not complete and of replies that are not taken, of all connections of one user.
    /// Default 64 MiB. The connection whose bytes go past it is closed.
    public var heldBytesPerUser: Int
    /// How JSON may be nested and how many values one call may hold.
    public var json: JSONLimits
    /// Connections at a time. Default 512: below the 1,024 descriptors that a process has by default.
    public var connections: Int
    /// Of these, kept for the peers that the server is told to keep places for. Default 0, and less than all.
    /// Those are not held to `arrivalsPerUser` either.
    public var reservedConnections: Int
    /// Connections at a time of one user. Default 128: one user alone cannot take all.
    public var connectionsPerUser: Int
    /// Connections that one user may make in a second. Default 256: a person's scripts make some dozens, and one that
    /// comes and goes without a pause makes thousands, behind which all others would wait to be accepted.
    public var arrivalsPerUser: Int
    /// Calls of one user that are served at once; others of the same user wait for them. Default 4: enough to keep a
    /// writer busy, and few enough for everybody else's to come soon.
    public var turnsPerUser: Int
    /// After so long the next call's turn comes, although this one goes on. Default 100 ms.
    public var turnTime: Duration
    /// Calls that wait behind the running one on a connection. Default 256.
    public var pipelinedCalls: Int
    /// How long a connection without a running call may go without a whole call. Bytes of a call that is not
    /// complete do not count, so a call that trickles in ends likewise. Default 5 minutes.
    public var idleTime: Duration
    /// How long a client may leave our output unread. Meanwhile its next calls and replies wait. Default 30 seconds.
    public var stalledTime: Duration

    public init(
        requestBytes: Int = 1 << 20, replyBytes: Int = 16 << 20, heldBytesPerUser: Int = 64 << 20,
        json: JSONLimits = JSONLimits(),
        connections: Int = 512, reservedConnections: Int = 0, connectionsPerUser: Int = 128,
        arrivalsPerUser: Int = 256, turnsPerUser: Int = 4, turnTime: Duration = .milliseconds(100),
        pipelinedCalls: Int = 256,
        idleTime: Duration = .seconds(300), stalledTime: Duration = .seconds(30)
    ) {
        precondition(requestBytes > 0 && replyBytes > 0, "limits of bytes are at least 1")
        precondition(heldBytesPerUser >= max(requestBytes, replyBytes), "each user may send a call and get a reply")
        precondition(connections > 0 && connectionsPerUser > 0, "limits of connections are at least 1")
        precondition((0..<connections).contains(reservedConnections), "not all connections are reserved")
        precondition(arrivalsPerUser > 0, "each user may make a connection")
        precondition(turnsPerUser > 0 && turnTime > .zero, "each user may have a call served")
        precondition(pipelinedCalls >= 0, "the limit of pipelined calls is at least 0")
        precondition(idleTime > .zero && stalledTime > .zero, "limits of time are greater than zero")
        self.requestBytes = requestBytes
        self.replyBytes = replyBytes
        self.heldBytesPerUser = heldBytesPerUser
        self.json = json
        self.connections = connections
        self.reservedConnections = reservedConnections
        self.connectionsPerUser = connectionsPerUser
        self.arrivalsPerUser = arrivalsPerUser
        self.turnsPerUser = turnsPerUser
        self.turnTime = turnTime
        self.pipelinedCalls = pipelinedCalls
        self.idleTime = idleTime
        self.stalledTime = stalledTime
    }
}
