#include <cmcctl/server/store.hpp>

#include <mutex>
#include <string>
#include <utility>

#include <cmcctl/crypto/certificate.hpp>
#include <cmcctl/crypto/digest.hpp>

#include "database.hpp"

namespace cmcctl {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr const char* schema = R"(
  CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL);
  CREATE TABLE certificate (
    number INTEGER PRIMARY KEY, serial BLOB NOT NULL UNIQUE, der BLOB NOT NULL, key_digest BLOB NOT NULL,
    identity TEXT NOT NULL, profile TEXT NOT NULL, issued_at INTEGER NOT NULL, confirmed INTEGER NOT NULL,
    revoked_at INTEGER, reason INTEGER, invalid_since INTEGER);
  CREATE INDEX certificate_key ON certificate (key_digest);
  CREATE INDEX revoked_certificate ON certificate (number) WHERE revoked_at IS NOT NULL;
  CREATE TABLE crl (number INTEGER PRIMARY KEY, this_update INTEGER NOT NULL, der BLOB NOT NULL);
  CREATE INDEX crl_time ON crl (this_update);
  CREATE TABLE user (name TEXT PRIMARY KEY, secret BLOB NOT NULL, subject TEXT NOT NULL, names TEXT NOT NULL);
  CREATE TABLE pending (
    number INTEGER PRIMARY KEY AUTOINCREMENT, token BLOB NOT NULL UNIQUE, pend_time INTEGER NOT NULL,
    received_at INTEGER NOT NULL, requester BLOB NOT NULL, identity TEXT NOT NULL, summary TEXT NOT NULL,
    message BLOB NOT NULL, body_part INTEGER NOT NULL, profile TEXT NOT NULL, decision INTEGER NOT NULL,
    reason TEXT NOT NULL, serial BLOB NOT NULL);
  CREATE TABLE challenge (
    nonce BLOB NOT NULL, body_part INTEGER NOT NULL, request BLOB NOT NULL, proof_value BLOB NOT NULL,
    identity TEXT NOT NULL, profile TEXT NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY (nonce, body_part));
  CREATE TABLE exchange (
    digest BLOB PRIMARY KEY, transaction_id BLOB NOT NULL, nonce BLOB NOT NULL, response BLOB NOT NULL,
    certs_only INTEGER NOT NULL, expires INTEGER NOT NULL);
  CREATE INDEX exchange_nonce ON exchange (transaction_id, nonce);
  CREATE TABLE archived_key (serial BLOB PRIMARY KEY, pkcs8 BLOB NOT NULL);
  CREATE TABLE log (number INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, event TEXT NOT NULL,
    text TEXT NOT NULL);
)";

// How much of what comes and goes is kept.
constexpr std::int64_t most_exchanges = 10'000;
constexpr std::int64_t most_challenges = 1'000;
constexpr std::int64_t most_pending = 10'000;
constexpr std::int64_t most_log_entries = 100'000;

constexpr char names_separator = '\n';  // stands in no name that parse_general_name takes

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : std::string(1, names_separator)) + name;
  return text;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::size_t end = text.find(names_separator);
    names.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return names;
}

// The key alone: its AlgorithmIdentifier may say different things about the same one.
Bytes key_digest(Octets public_key) {
  Decoder decoder;
  const auto key = decoder.decode<SubjectPublicKeyInfo>(public_key);
  return digest(Hash::sha256, key ? key->subject_public_key.bytes : public_key);
}

constexpr const char* certificate_columns =
    "SELECT serial, der, identity, profile, issued_at, confirmed, revoked_at, reason, invalid_since FROM certificate ";

StoredCertificate certificate_of(const Statement& row) {
  StoredCertificate certificate{row.octets(0),  row.octets(1),       row.text(2), row.text(3),
                                row.integer(4), row.integer(5) != 0, std::nullopt};
  if (const auto time = row.optional_integer(6)) {
    certificate.revocation = Revocation{*time, static_cast<CrlReason>(row.integer(7)), row.optional_integer(8)};
  }
  return certificate;
}

constexpr const char* pending_columns =
    "SELECT number, token, pend_time, received_at, requester, identity, summary, message, body_part, profile, "
    "decision, reason, serial FROM pending ";

PendingRequest pending_of(const Statement& row) {
  PendingRequest request;
  request.number = row.integer(0);
  request.token = row.octets(1);
  request.pend_time = row.integer(2);
  request.received_at = row.integer(3);
  request.requester = row.octets(4);
  request.identity = row.text(5);
  request.summary = row.text(6);
  request.message = row.octets(7);
  request.body_part = static_cast<std::uint32_t>(row.integer(8));
  request.profile = row.text(9);
  request.decision = static_cast<Decision>(row.integer(10));
  request.reason = row.text(11);
  request.serial_number = row.octets(12);
  return request;
}

User user_of(const Statement& row) { return {row.text(0), row.secret(1), row.text(2), split(row.text(3))}; }

StoredCrl crl_of(const Statement& row) { return {row.integer(0), row.integer(1), row.octets(2)}; }

// The row that a statement finds, if any.
template <class Read>
auto one(Statement& statement, Read read) -> Result<std::optional<decltype(read(statement))>> {
  CMC_TRY(const bool found, statement.next());
  if (!found) return std::optional<decltype(read(statement))>();
  return std::optional(read(statement));
}

template <class Read>
auto all(Statement& statement, Read read) -> Result<std::vector<decltype(read(statement))>> {
  std::vector<decltype(read(statement))> rows;
  for (;;) {
    CMC_TRY(const bool found, statement.next());
    if (!found) return rows;
    rows.push_back(read(statement));
  }
}

}  // namespace

struct Store::State {
  std::unique_ptr<Database> database;
  Statement statement(std::string sql) const { return {*database, std::move(sql)}; }
  std::unique_lock<std::recursive_mutex> alone() const { return std::unique_lock(database->mutex()); }
};

Store::Store(std::unique_ptr<State> state) : state_(std::move(state)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Result<Store> Store::open(const std::string& file) {
  auto state = std::make_unique<State>();
  CMC_TRY(state->database, Database::open(file, schema));
  return Store(std::move(state));
}

// Savepoints, so that one may stand inside another.
Result<void> Store::Transaction::begin() {
  if (is_open()) return {};
  store_.state_->database->mutex().lock();
  Result<void> begun = store_.state_->database->run("SAVEPOINT work");
  is_open_ = begun.ok();
  if (!is_open_) store_.state_->database->mutex().unlock();
  return begun;
}

Result<void> Store::Transaction::commit() {
  if (!is_open()) return {};
  CMC_CHECK(store_.state_->database->run("RELEASE work"));
  is_open_ = false;
  store_.state_->database->mutex().unlock();
  return {};
}

void Store::Transaction::rollback() {
  if (!is_open()) return;
  // When this fails the database has rolled back already.
  (void)store_.state_->database->run("ROLLBACK TO work");
  (void)store_.state_->database->run("RELEASE work");
  is_open_ = false;
  store_.state_->database->mutex().unlock();
}

Result<void> Store::set_value(std::string_view name, Octets value) {
  return state_->statement("INSERT OR REPLACE INTO setting VALUES (?, ?)").bind(name).bind(value).run();
}

Result<std::optional<SecretOctets>> Store::value(std::string_view name) const {
  Statement found = state_->statement("SELECT value FROM setting WHERE name = ?");
  return one(found.bind(name), [](const Statement& row) { return row.secret(0); });
}

Result<void> Store::add_certificate(const StoredCertificate& certificate) {
  const auto issued = X509Certificate::from_der(certificate.der);
  const Octets public_key = issued ? issued->tbs().subject_public_key_info.der : Octets();
  const auto& revocation = certificate.revocation;
  return state_
      ->statement(
          "INSERT INTO certificate (serial, der, key_digest, identity, profile, issued_at, confirmed, revoked_at, "
          "reason, invalid_since) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(Octets(certificate.serial_number))
      .bind(Octets(certificate.der))
      .bind(Octets(key_digest(public_key)))
      .bind(std::string_view(certificate.identity))
      .bind(std::string_view(certificate.profile))
      .bind(certificate.issued_at)
      .bind(std::int64_t{certificate.confirmed})
      .bind(revocation ? std::optional(revocation->time) : std::nullopt)
      .bind(revocation ? std::optional(static_cast<std::int64_t>(revocation->reason)) : std::nullopt)
      .bind(revocation ? revocation->invalid_since : std::nullopt)
      .run();
}

Result<std::optional<StoredCertificate>> Store::find_certificate(Octets serial_number) const {
  Statement found = state_->statement(std::string(certificate_columns) + "WHERE serial = ?");
  return one(found.bind(serial_number), certificate_of);
}

Result<std::vector<StoredCertificate>> Store::certificates(std::size_t offset, std::size_t limit) const {
  Statement found = state_->statement(std::string(certificate_columns) + "ORDER BY number LIMIT ? OFFSET ?");
  return all(found.bind(static_cast<std::int64_t>(limit)).bind(static_cast<std::int64_t>(offset)), certificate_of);
}

Result<std::vector<StoredCertificate>> Store::certificates_of_key(Octets public_key, std::size_t limit) const {
  Statement found = state_->statement(std::string(certificate_columns) + "WHERE key_digest = ? ORDER BY number DESC LIMIT ?");
  return all(found.bind(Octets(key_digest(public_key))).bind(static_cast<std::int64_t>(limit)), certificate_of);
}

Result<std::vector<StoredCertificate>> Store::revoked_certificates() const {
  Statement found =
      state_->statement(std::string(certificate_columns) + "WHERE revoked_at IS NOT NULL ORDER BY number");
  return all(found, certificate_of);
}

Result<void> Store::set_revocation(Octets serial_number, const std::optional<Revocation>& revocation) {
  return state_->statement("UPDATE certificate SET revoked_at = ?, reason = ?, invalid_since = ? WHERE serial = ?")
      .bind(revocation ? std::optional(revocation->time) : std::nullopt)
      .bind(revocation ? std::optional(static_cast<std::int64_t>(revocation->reason)) : std::nullopt)
      .bind(revocation ? revocation->invalid_since : std::nullopt)
      .bind(serial_number)
      .run();
}

Result<void> Store::set_confirmed(Octets serial_number) {
  return state_->statement("UPDATE certificate SET confirmed = 1 WHERE serial = ?").bind(serial_number).run();
}

Result<void> Store::add_crl(const StoredCrl& crl) {
  return state_->statement("INSERT INTO crl VALUES (?, ?, ?)")
      .bind(crl.number)
      .bind(crl.this_update)
      .bind(Octets(crl.der))
      .run();
}

Result<std::optional<StoredCrl>> Store::latest_crl() const {
  Statement found = state_->statement("SELECT number, this_update, der FROM crl ORDER BY number DESC LIMIT 1");
  return one(found, crl_of);
}

Result<std::optional<StoredCrl>> Store::crl_at(std::int64_t time) const {
  Statement found = state_->statement(
      "SELECT number, this_update, der FROM crl WHERE this_update <= ? ORDER BY this_update DESC, number DESC LIMIT 1");
  return one(found.bind(time), crl_of);
}

Result<void> Store::set_user(const User& user) {
  return state_->statement("INSERT OR REPLACE INTO user VALUES (?, ?, ?, ?)")
      .bind(std::string_view(user.name))
      .bind(Octets(user.secret))
      .bind(std::string_view(user.subject))
      .bind(std::string_view(joined(user.names)))
      .run();
}

Result<std::optional<User>> Store::find_user(std::string_view name) const {
  Statement found = state_->statement("SELECT name, secret, subject, names FROM user WHERE name = ?");
  return one(found.bind(name), user_of);
}

Result<std::vector<User>> Store::users() const {
  Statement found = state_->statement("SELECT name, secret, subject, names FROM user ORDER BY name");
  return all(found, user_of);
}

Result<std::int64_t> Store::add_pending(const PendingRequest& request) {
  const auto alone = state_->alone();
  CMC_CHECK(
      state_
          ->statement("INSERT INTO pending (token, pend_time, received_at, requester, identity, summary, message, "
                      "body_part, profile, decision, reason, serial) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
          .bind(Octets(request.token))
          .bind(request.pend_time)
          .bind(request.received_at)
          .bind(Octets(request.requester))
          .bind(std::string_view(request.identity))
          .bind(std::string_view(request.summary))
          .bind(Octets(request.message))
          .bind(std::int64_t{request.body_part})
          .bind(std::string_view(request.profile))
          .bind(static_cast<std::int64_t>(request.decision))
          .bind(std::string_view(request.reason))
          .bind(Octets(request.serial_number))
          .run());
  return state_->database->last_row();
}

Result<std::optional<PendingRequest>> Store::find_pending(Octets token) const {
  Statement found = state_->statement(std::string(pending_columns) + "WHERE token = ?");
  return one(found.bind(token), pending_of);
}

Result<std::optional<PendingRequest>> Store::find_pending(std::int64_t number) const {
  Statement found = state_->statement(std::string(pending_columns) + "WHERE number = ?");
  return one(found.bind(number), pending_of);
}

Result<std::vector<PendingRequest>> Store::pending_requests() const {
  Statement found = state_->statement(std::string(pending_columns) + "ORDER BY number");
  return all(found, pending_of);
}

Result<bool> Store::decide(std::int64_t number, Decision decision, std::string_view reason) {
  const auto alone = state_->alone();
  CMC_CHECK(state_->statement("UPDATE pending SET decision = ?, reason = ? WHERE number = ? AND decision = ?")
                .bind(static_cast<std::int64_t>(decision))
                .bind(reason)
                .bind(number)
                .bind(static_cast<std::int64_t>(Decision::pending))
                .run());
  return state_->database->changed_rows() == 1;
}

Result<void> Store::set_issued(std::int64_t number, Octets serial_number) {
  return state_->statement("UPDATE pending SET serial = ? WHERE number = ?").bind(serial_number).bind(number).run();
}

Result<void> Store::add_challenge(Octets nonce, std::uint32_t body_part, const OpenChallenge& challenge) {
  return state_->statement("INSERT OR REPLACE INTO challenge VALUES (?, ?, ?, ?, ?, ?, ?)")
      .bind(nonce)
      .bind(std::int64_t{body_part})
      .bind(Octets(challenge.request))
      .bind(Octets(challenge.proof_value))
      .bind(std::string_view(challenge.identity))
      .bind(std::string_view(challenge.profile))
      .bind(challenge.expires)
      .run();
}

Result<std::optional<OpenChallenge>> Store::take_challenge(Octets nonce, std::uint32_t body_part) {
  Statement taken = state_->statement(
      "DELETE FROM challenge WHERE nonce = ? AND body_part = ? "
      "RETURNING request, proof_value, identity, profile, expires");
  taken.bind(nonce).bind(std::int64_t{body_part});
  return one(taken, [](const Statement& row) {
    return OpenChallenge{row.octets(0), row.secret(1), row.text(2), row.text(3), row.integer(4)};
  });
}

Result<void> Store::add_exchange(const Exchange& exchange) {
  return state_->statement("INSERT OR REPLACE INTO exchange VALUES (?, ?, ?, ?, ?, ?)")
      .bind(Octets(exchange.request_digest))
      .bind(Octets(exchange.transaction))
      .bind(Octets(exchange.nonce))
      .bind(Octets(exchange.response))
      .bind(std::int64_t{exchange.certs_only})
      .bind(exchange.expires)
      .run();
}

Result<std::optional<Exchange>> Store::find_exchange(Octets request_digest) const {
  Statement found = state_->statement(
      "SELECT digest, transaction_id, nonce, response, certs_only, expires FROM exchange WHERE digest = ?");
  return one(found.bind(request_digest), [](const Statement& row) {
    return Exchange{row.octets(0), row.octets(1), row.octets(2), row.octets(3), row.integer(4) != 0, row.integer(5)};
  });
}

Result<bool> Store::was_answered(Octets transaction, Octets nonce) const {
  return state_->statement("SELECT 1 FROM exchange WHERE transaction_id = ? AND nonce = ? LIMIT 1")
      .bind(transaction)
      .bind(nonce)
      .next();
}

Result<void> Store::add_archived_key(Octets serial_number, Octets pkcs8) {
  return state_->statement("INSERT OR REPLACE INTO archived_key VALUES (?, ?)").bind(serial_number).bind(pkcs8).run();
}

Result<std::optional<SecretOctets>> Store::archived_key(Octets serial_number) const {
  Statement found = state_->statement("SELECT pkcs8 FROM archived_key WHERE serial = ?");
  return one(found.bind(serial_number), [](const Statement& row) { return row.secret(0); });
}

Result<void> Store::log(std::int64_t time, std::string_view event, std::string_view text) {
  return state_->statement("INSERT INTO log (time, event, text) VALUES (?, ?, ?)")
      .bind(time)
      .bind(event)
      .bind(text)
      .run();
}

Result<std::vector<LogEntry>> Store::log_entries(std::size_t limit) const {
  Statement found = state_->statement("SELECT number, time, event, text FROM log ORDER BY number DESC LIMIT ?");
  return all(found.bind(static_cast<std::int64_t>(limit)), [](const Statement& row) {
    return LogEntry{row.integer(0), row.integer(1), row.text(2), row.text(3)};
  });
}

Result<void> Store::prune(std::int64_t now) {
  return at_once([&]() -> Result<void> {
    CMC_CHECK(state_->statement("DELETE FROM challenge WHERE expires < ?").bind(now).run());
    CMC_CHECK(state_->statement("DELETE FROM exchange WHERE expires < ?").bind(now).run());
    const auto keep = [&](const char* table, const char* order, std::int64_t most) {
      const std::string name(table);
      return state_
          ->statement("DELETE FROM " + name + " WHERE rowid IN (SELECT rowid FROM " + name + " ORDER BY " + order +
                      " DESC LIMIT -1 OFFSET ?)")
          .bind(most)
          .run();
    };
    CMC_CHECK(keep("challenge", "expires", most_challenges));
    CMC_CHECK(keep("exchange", "expires", most_exchanges));
    CMC_CHECK(keep("pending", "number", most_pending));
    return keep("log", "number", most_log_entries);
  });
}

}  // namespace cmcctl
