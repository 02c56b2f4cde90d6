extension Schema {
    /// All instants are whole seconds since 1970-01-01T00:00:00Z, all local times text such as 2026-12-07T09:00:00.
    ///
    /// - A campaign's `number` stands for its random id in the other tables: campaigns that were made together lie
    ///   together in every index, where random ids would scatter a batch of due ones over all pages.
    /// - Sends have a number too, so that those of one tick lie together at the end of their table; the unique
    ///   key is an index of its own, of campaign and the part of the key after the campaign's id and `/`.
    /// - `ended_at` is what makes a send final (the CHECK holds state and it together), since a partial index can
    ///   ask for it cheaply.
    /// - An edition of a zone is the file that schedules in force are planned by.
    /// - `forgotten` campaigns have no record at the sender any more.
    /// - `pruned_until` is the newest due instant of a campaign's scheduled sends that were removed for their age:
    ///   `decided_until` never falls below it, so that none of their keys is claimed again. `pruned_sequence` is the
    ///   number up to which the history may be removed.
    /// - `rules` hold what wakes and alerts were decided by; apart from `ledger`, which each write rewrites.
    /// - `campaigns_listed_by_…` are the orders of lists, by the very expressions that these are sorted by.
    /// - The history keeps no foreign key, since its lines outlive their campaign.
    static let version1 = """
        CREATE TABLE ledger (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            machine_id TEXT,
            newest_write INTEGER,
            accepted_clock INTEGER,
            delivered_sequence INTEGER NOT NULL DEFAULT 0,
            told_sequence INTEGER,
            notice_sequence INTEGER,
            notice_made_at INTEGER,
            notice_attempt INTEGER,
            notice_not_before INTEGER,
            forgot_at INTEGER,
            pruned_at INTEGER,
            pruned_sequence INTEGER NOT NULL DEFAULT 0,
            campaign_count INTEGER NOT NULL DEFAULT 0,
            CHECK ((notice_sequence IS NULL) = (notice_made_at IS NULL)),
            CHECK ((notice_sequence IS NULL) = (notice_attempt IS NULL)),
            CHECK ((notice_sequence IS NULL) = (notice_not_before IS NULL))
        ) STRICT;
        INSERT INTO ledger (one) VALUES (1);

        CREATE TABLE rules (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            fingerprint TEXT NOT NULL
        ) STRICT;

        CREATE TABLE campaigns (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL UNIQUE,
            status TEXT NOT NULL,
            kind TEXT NOT NULL,
            channel TEXT,
            message_in_force TEXT,
            live INTEGER,
            draft INTEGER,
            next_version INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            paused INTEGER NOT NULL CHECK (paused IN (0, 1)),
            created_at INTEGER NOT NULL,
            activated_at INTEGER,
            ended_at INTEGER,
            archived_from TEXT,
            decided_until INTEGER,
            pruned_until INTEGER,
            wake_at INTEGER,
            next_due INTEGER,
            zone_edition INTEGER REFERENCES zone_editions (number),
            fence_uid INTEGER,
            fence_actor TEXT,
            fence_reason TEXT,
            search TEXT NOT NULL DEFAULT '',
            newest_scheduled INTEGER,
            forgotten INTEGER NOT NULL DEFAULT 0 CHECK (forgotten IN (0, 1)),
            FOREIGN KEY (number, live) REFERENCES versions (campaign, number) DEFERRABLE INITIALLY DEFERRED,
            FOREIGN KEY (number, draft) REFERENCES versions (campaign, number) DEFERRABLE INITIALLY DEFERRED
        ) STRICT;
        CREATE INDEX campaigns_by_wake ON campaigns (wake_at) WHERE wake_at IS NOT NULL;
        CREATE INDEX campaigns_by_next_due ON campaigns (next_due) WHERE next_due IS NOT NULL AND paused = 0;
        CREATE INDEX campaigns_listed_by_next ON campaigns (coalesce(next_due, 9223372036854775807), name);
        CREATE INDEX campaigns_listed_by_created ON campaigns (-created_at, name);
        CREATE INDEX campaigns_by_status ON campaigns (status, name);
        CREATE INDEX campaigns_to_forget ON campaigns (ended_at) WHERE ended_at IS NOT NULL AND forgotten = 0;
        CREATE INDEX campaigns_by_zone_edition ON campaigns (zone_edition) WHERE zone_edition IS NOT NULL;
        CREATE INDEX campaigns_by_message ON campaigns (message_in_force) WHERE message_in_force IS NOT NULL;
        CREATE TRIGGER campaigns_counted AFTER INSERT ON campaigns BEGIN
            UPDATE ledger SET campaign_count = campaign_count + 1;
        END;

        CREATE TABLE zone_editions (
            number INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            version TEXT NOT NULL,
            tzif BLOB NOT NULL
        ) STRICT;
        CREATE INDEX zone_editions_by_name ON zone_editions (name, version);
        CREATE TRIGGER zone_editions_frozen BEFORE UPDATE ON zone_editions BEGIN
            SELECT RAISE(ABORT, 'the zone data of an edition never change');
        END;

        CREATE TABLE retired_campaigns (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL
        ) STRICT;
        CREATE INDEX retired_campaigns_by_name ON retired_campaigns (name);
        CREATE TRIGGER campaigns_retired AFTER DELETE ON campaigns BEGIN
            UPDATE ledger SET campaign_count = campaign_count - 1;
            INSERT INTO retired_campaigns (number, id, name) VALUES (OLD.number, OLD.id, OLD.name);
        END;
        CREATE TRIGGER campaigns_not_revived BEFORE INSERT ON campaigns
        WHEN EXISTS (SELECT 1 FROM retired_campaigns WHERE id = NEW.id) BEGIN
            SELECT RAISE(ABORT, 'the id of a deleted campaign is never used again');
        END;
        CREATE TRIGGER retired_campaigns_stay BEFORE DELETE ON retired_campaigns BEGIN
            SELECT RAISE(ABORT, 'the id of a deleted campaign is never used again');
        END;

        CREATE TABLE campaign_tags (
            campaign INTEGER NOT NULL REFERENCES campaigns (number) ON DELETE CASCADE,
            tag TEXT NOT NULL,
            position INTEGER NOT NULL,
            PRIMARY KEY (campaign, tag)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX campaign_tags_by_tag ON campaign_tags (tag, campaign);

        CREATE TABLE versions (
            campaign INTEGER NOT NULL REFERENCES campaigns (number) ON DELETE CASCADE,
            number INTEGER NOT NULL CHECK (number >= 1),
            definition TEXT NOT NULL,
            source_text TEXT,
            anchor_local TEXT,
            anchor_at INTEGER,
            anchor_written INTEGER CHECK (anchor_written IN (0, 1)),
            PRIMARY KEY (campaign, number),
            CHECK ((anchor_local IS NULL) = (anchor_at IS NULL) AND (anchor_at IS NULL) = (anchor_written IS NULL))
        ) STRICT;

        CREATE TABLE alerts (
            number INTEGER PRIMARY KEY,
            campaign INTEGER REFERENCES campaigns (number) ON DELETE CASCADE,
            code TEXT NOT NULL,
            severity TEXT NOT NULL,
            text TEXT NOT NULL,
            field TEXT,
            since INTEGER NOT NULL,
            count INTEGER NOT NULL CHECK (count >= 1)
        ) STRICT;
        CREATE INDEX alerts_by_campaign ON alerts (campaign);

        CREATE TABLE sends (
            number INTEGER PRIMARY KEY,
            campaign INTEGER NOT NULL REFERENCES campaigns (number) ON DELETE CASCADE,
            occurrence TEXT NOT NULL,
            version INTEGER NOT NULL,
            origin TEXT NOT NULL,
            nominal TEXT,
            due INTEGER NOT NULL,
            claimed_at INTEGER NOT NULL,
            message TEXT,
            message_revision INTEGER,
            surface TEXT,
            data TEXT,
            state TEXT NOT NULL,
            reason TEXT,
            attempts INTEGER NOT NULL,
            handed_at INTEGER,
            accepted INTEGER NOT NULL CHECK (accepted IN (0, 1)),
            ready_at INTEGER NOT NULL,
            follows_earlier INTEGER NOT NULL CHECK (follows_earlier IN (0, 1)),
            next_attempt_at INTEGER,
            started_at INTEGER,
            ended_at INTEGER,
            progress INTEGER,
            total INTEGER,
            failed INTEGER,
            note TEXT,
            count INTEGER,
            nominal_last TEXT,
            verdict_state TEXT,
            verdict_reason TEXT,
            verdict_uid INTEGER,
            verdict_actor TEXT,
            UNIQUE (campaign, occurrence),
            FOREIGN KEY (campaign, version) REFERENCES versions (campaign, number),
            CHECK ((message IS NULL) = (message_revision IS NULL)),
            CHECK ((verdict_state IS NULL) = (verdict_reason IS NULL)),
            CHECK ((ended_at IS NULL) = (state IN ('claimed', 'queued', 'running', 'waiting')))
        ) STRICT;
        CREATE INDEX sends_by_campaign ON sends (campaign);
        CREATE INDEX sends_open ON sends (campaign, due) WHERE ended_at IS NULL;

        CREATE TABLE events (
            sequence INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            campaign INTEGER,
            campaign_id TEXT,
            campaign_name TEXT,
            campaign_title TEXT,
            campaign_version INTEGER,
            status_from TEXT,
            status_to TEXT,
            occurrence_key TEXT,
            due INTEGER,
            outcome TEXT,
            alert TEXT,
            actor_uid INTEGER,
            actor TEXT NOT NULL,
            reason TEXT,
            text TEXT NOT NULL,
            CHECK ((campaign_id IS NULL) = (campaign_name IS NULL))
        ) STRICT;
        CREATE INDEX events_by_campaign ON events (campaign) WHERE campaign IS NOT NULL;
        CREATE INDEX events_of_alerts ON events (sequence) WHERE kind = 'alert-raised';
        CREATE TRIGGER events_unchanged BEFORE UPDATE ON events BEGIN
            SELECT RAISE(ABORT, 'the history is append-only');
        END;
        CREATE TRIGGER events_kept BEFORE DELETE ON events
        WHEN OLD.sequence > (SELECT pruned_sequence FROM ledger) BEGIN
            SELECT RAISE(ABORT, 'the history is append-only');
        END;

        CREATE TABLE messages (
            number INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            newest INTEGER NOT NULL,
            published INTEGER
        ) STRICT;
        CREATE TABLE message_revisions (
            message INTEGER NOT NULL REFERENCES messages (number),
            revision INTEGER NOT NULL CHECK (revision >= 1),
            put_at INTEGER NOT NULL,
            published_at INTEGER,
            subject BLOB,
            text BLOB,
            html BLOB,
            headers BLOB NOT NULL,
            file_name BLOB NOT NULL,
            file BLOB NOT NULL,
            PRIMARY KEY (message, revision)
        ) STRICT;
        CREATE TABLE message_attachments (
            message INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            position INTEGER NOT NULL,
            name BLOB NOT NULL,
            bytes BLOB NOT NULL,
            PRIMARY KEY (message, revision, position),
            FOREIGN KEY (message, revision) REFERENCES message_revisions (message, revision)
        ) STRICT;
        CREATE TRIGGER message_revisions_frozen
        BEFORE UPDATE OF message, revision, put_at, subject, text, html, headers, file_name, file
        ON message_revisions BEGIN
            SELECT RAISE(ABORT, 'a revision of a message never changes');
        END;
        CREATE TRIGGER message_revisions_published_once BEFORE UPDATE OF published_at ON message_revisions
        WHEN OLD.published_at IS NOT NULL BEGIN
            SELECT RAISE(ABORT, 'a published revision stays published');
        END;
        CREATE TRIGGER message_attachments_frozen BEFORE UPDATE ON message_attachments BEGIN
            SELECT RAISE(ABORT, 'a revision of a message never changes');
        END;
        """
}
