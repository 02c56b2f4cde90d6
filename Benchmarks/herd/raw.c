/* The limit of claiming: the rows that campaignd writes for a herd, written to a copy of the same ledger by SQLite
 * alone, in the same order, in transactions of the same size, as durable.
 *
 * usage: raw LEDGER INSTANT BATCH
 *
 * Prints a line for each commit: the seconds that passed since the first BEGIN, and how many are claimed by then. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static sqlite3 *ledger;

static void check(int result, int wanted) {
    if (result == wanted) return;
    fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(ledger));
    exit(1);
}

static void run(const char *sql) { check(sqlite3_exec(ledger, sql, NULL, NULL, NULL), SQLITE_OK); }

static sqlite3_stmt *prepare(const char *sql) {
    sqlite3_stmt *statement;
    check(sqlite3_prepare_v3(ledger, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL), SQLITE_OK);
    return statement;
}

static void step(sqlite3_stmt *statement) {
    check(sqlite3_step(statement), SQLITE_DONE);
    check(sqlite3_reset(statement), SQLITE_OK);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static const char *event =
    "INSERT INTO events (campaign, at, kind, campaign_id, campaign_name, campaign_title, campaign_version, status_from,"
    " status_to, occurrence_key, due, outcome, alert, actor_uid, actor, reason, text) VALUES (?1, ?2, ?3, ?4, ?5,"
    " 'One of a herd', 1, ?6, ?7, ?8, ?9, NULL, NULL, NULL, 'campaignd', NULL, ?10)";

static void append(sqlite3_stmt *statement, const char *kind, const char *from, const char *to, const char *key,
                   const char *text, sqlite3_int64 at) {
    sqlite3_bind_text(statement, 3, kind, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 6, from, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 7, to, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 8, key, -1, SQLITE_STATIC);
    if (key) sqlite3_bind_int64(statement, 9, at);
    else sqlite3_bind_null(statement, 9);
    sqlite3_bind_text(statement, 10, text, -1, SQLITE_STATIC);
    step(statement);
}

int main(int count, char **arguments) {
    if (count != 4) return 2;
    const sqlite3_int64 at = atoll(arguments[2]);
    const int batch = atoi(arguments[3]);
    check(sqlite3_open(arguments[1], &ledger), SQLITE_OK);
    run("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;"
        "PRAGMA wal_autocheckpoint = 10000; PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF");

    char local[20], occurrence[32], key[64], text[64];
    const time_t seconds = at;
    strftime(local, sizeof local, "%Y-%m-%dT%H:%M:%S", gmtime(&seconds));
    snprintf(occurrence, sizeof occurrence, "%s[UTC]", local);
    snprintf(text, sizeof text, "claimed for %s", local);

    sqlite3_stmt *due = prepare("SELECT number, id, name FROM campaigns WHERE wake_at <= ?1 ORDER BY wake_at LIMIT ?2");
    sqlite3_stmt *campaign = prepare(
        "UPDATE campaigns SET status = 'active', revision = revision + 1, activated_at = ?2, decided_until = ?2,"
        " wake_at = ?3, next_due = NULL WHERE number = ?1");
    sqlite3_stmt *send = prepare(
        "INSERT INTO sends (campaign, occurrence, origin, nominal, due, version, claimed_at, message, message_revision,"
        " surface, state, reason, attempts, handed_at, accepted, ready_at, follows_earlier) VALUES (?1, ?2, 'schedule',"
        " ?3, ?4, 1, ?4, 'hello', 1, 'newsletter', 'claimed', NULL, 0, NULL, 0, ?4, 0)");
    sqlite3_stmt *newest = prepare(
        "UPDATE campaigns SET newest_scheduled = ?1 WHERE number = ?2 AND (newest_scheduled IS NULL"
        " OR (SELECT due FROM sends WHERE sends.number = newest_scheduled) <= ?3)");
    sqlite3_stmt *line = prepare(event);
    sqlite3_stmt *write = prepare(
        "UPDATE ledger SET newest_write = ?1 WHERE newest_write IS NULL OR newest_write < ?1");
    sqlite3_stmt *begin = prepare("BEGIN IMMEDIATE"), *commit = prepare("COMMIT");
    struct { sqlite3_int64 number; char id[32], name[32]; } *found = calloc(batch, sizeof *found);

    const double begun = now();
    for (int claimed = 0, taken;; claimed += taken, printf("%.6f %d\n", now() - begun, claimed)) {
        sqlite3_bind_int64(due, 1, at);
        sqlite3_bind_int(due, 2, batch);
        for (taken = 0; sqlite3_step(due) == SQLITE_ROW; taken++) {
            found[taken].number = sqlite3_column_int64(due, 0);
            snprintf(found[taken].id, sizeof found->id, "%s", sqlite3_column_text(due, 1));
            snprintf(found[taken].name, sizeof found->name, "%s", sqlite3_column_text(due, 2));
        }
        check(sqlite3_reset(due), SQLITE_OK);
        if (taken == 0) break;
        step(begin);
        for (int each = 0; each < taken; each++) {
            const sqlite3_int64 number = found[each].number;
            sqlite3_bind_int64(campaign, 1, number);
            sqlite3_bind_int64(campaign, 2, at);
            sqlite3_bind_int64(campaign, 3, at + 259200);
            step(campaign);
            sqlite3_bind_int64(send, 1, number);
            sqlite3_bind_text(send, 2, occurrence, -1, SQLITE_STATIC);
            sqlite3_bind_text(send, 3, local, -1, SQLITE_STATIC);
            sqlite3_bind_int64(send, 4, at);
            step(send);
            sqlite3_bind_int64(newest, 1, sqlite3_last_insert_rowid(ledger));
            sqlite3_bind_int64(newest, 2, number);
            sqlite3_bind_int64(newest, 3, at);
            step(newest);
            snprintf(key, sizeof key, "%s/%s", found[each].id, occurrence);
            sqlite3_bind_int64(line, 1, number);
            sqlite3_bind_int64(line, 2, at);
            sqlite3_bind_text(line, 4, found[each].id, -1, SQLITE_STATIC);
            sqlite3_bind_text(line, 5, found[each].name, -1, SQLITE_STATIC);
            append(line, "status", "scheduled", "activating", NULL, "its start is reached", at);
            append(line, "status", "activating", "active", NULL, "its checks pass", at);
            append(line, "claimed", NULL, NULL, key, text, at);
        }
        sqlite3_bind_int64(write, 1, at);
        step(write);
        step(commit);
    }
    return 0;
}
