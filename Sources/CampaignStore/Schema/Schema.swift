import GRDB

/// The ledger's tables in all versions of their layout, and how one version becomes the next.
struct Schema {
    /// One step; what it does is never changed once released, since ledgers of every version exist.
    struct Step: Sendable {
        /// The version that it leads to: 1, 2, …
        let version: Int
        let sql: String
    }

    let steps: [Step]

    static let current = Schema(steps: [
        Step(version: 1, sql: Schema.version1),
        Step(version: 2, sql: Schema.version2),
    ])

    /// "CMPD": tells a ledger from every other SQLite file, <https://www.sqlite.org/pragma.html#pragma_application_id>.
    static let applicationID: UInt32 = 0x434D_5044

    /// The newest version that this schema can make.
    var version: Int { steps.last?.version ?? 0 }

    /// The steps as GRDB's migrator takes them; each is one transaction and leaves its number in `user_version`,
    /// which tells an older campaignd that it must not touch the file.
    var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for step in steps {
            migrator.registerMigration("v\(step.version)") { db in
                try db.execute(sql: step.sql)
                try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
                try db.execute(sql: "PRAGMA user_version = \(step.version)")
            }
        }
        return migrator
    }
}
