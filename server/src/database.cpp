#include "database.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace cmcctl {
namespace {

constexpr std::int64_t application_id = 0x636D6363;  // "cmcc": another program's database is not touched
constexpr std::int64_t schema_version = 1;

Error store_error(std::string detail) { return {Errc::store_failed, 0, {}, {}, std::move(detail)}; }

Error store_error(sqlite3* database, int failure) {
  if (failure == SQLITE_BUSY) return store_error("another process has it open");
  return store_error(database == nullptr ? sqlite3_errstr(failure) : sqlite3_errmsg(database));
}

// SQLite would make the file readable for all: it holds keys and secrets.
Result<void> make_private(const std::string& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) return store_error(file + ": " + std::strerror(errno));
  ::close(descriptor);
  return {};
}

int size_of(std::size_t size) { return static_cast<int>(size); }

}  // namespace

Statement::Statement(Database& database, std::string sql)
    : alone_(database.mutex()), database_(database), sql_(std::move(sql)) {
  const auto idle = database.idle_.find(sql_);
  if (idle != database.idle_.end() && idle->second != nullptr) {
    statement_ = std::exchange(idle->second, nullptr);
    return;
  }
  failure_ = sqlite3_prepare_v2(database.handle_, sql_.c_str(), -1, &statement_, nullptr);
}

Statement::~Statement() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  sqlite3_stmt*& idle = database_.idle_[std::move(sql_)];
  sqlite3_finalize(std::exchange(idle, statement_));
}

Statement& Statement::bind(std::int64_t value) {
  if (failure_ == SQLITE_OK) failure_ = sqlite3_bind_int64(statement_, ++bound_, value);
  return *this;
}

Statement& Statement::bind(std::string_view text) {
  const char* const begin = text.empty() ? "" : text.data();
  if (failure_ == SQLITE_OK) {
    failure_ = sqlite3_bind_text(statement_, ++bound_, begin, size_of(text.size()), SQLITE_TRANSIENT);
  }
  return *this;
}

Statement& Statement::bind(Octets octets) {
  const void* const begin = octets.empty() ? static_cast<const void*>("") : octets.data();
  if (failure_ == SQLITE_OK) {
    failure_ = sqlite3_bind_blob(statement_, ++bound_, begin, size_of(octets.size()), SQLITE_TRANSIENT);
  }
  return *this;
}

Statement& Statement::bind(std::optional<std::int64_t> value) {
  if (value) return bind(*value);
  if (failure_ == SQLITE_OK) failure_ = sqlite3_bind_null(statement_, ++bound_);
  return *this;
}

Result<bool> Statement::next() {
  if (failure_ != SQLITE_OK) return store_error(database_.handle_, failure_);
  const int outcome = sqlite3_step(statement_);
  if (outcome == SQLITE_ROW) return true;
  if (outcome == SQLITE_DONE) return false;
  return store_error(database_.handle_, outcome);
}

Result<void> Statement::run() {
  CMC_TRY([[maybe_unused]] const bool row, next());
  return {};
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::optional<std::int64_t> Statement::optional_integer(int column) const {
  if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::nullopt;
  return integer(column);
}

Octets Statement::blob(int column) const {
  const auto* const begin = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  if (begin == nullptr) return {};
  return Octets(begin, begin + sqlite3_column_bytes(statement_, column));
}

std::string Statement::text(int column) const {
  const Octets octets = blob(column);
  return {octets.begin(), octets.end()};
}

std::vector<std::uint8_t> Statement::octets(int column) const {
  const Octets octets = blob(column);
  return {octets.begin(), octets.end()};
}

SecretOctets Statement::secret(int column) const { return secret_copy(blob(column)); }

Result<std::unique_ptr<Database>> Database::open(const std::string& file, const char* schema) {
  std::unique_ptr<Database> database(new Database);
  if (!file.empty()) CMC_CHECK(make_private(file));
  const int failure = sqlite3_open(file.empty() ? ":memory:" : file.c_str(), &database->handle_);
  if (failure != SQLITE_OK) return store_error(database->handle_, failure);
  Result<void> prepared = database->prepare(schema);
  if (!prepared) {
    prepared.error().detail = file + ": " + prepared.error().detail;
    return prepared.error();
  }
  return database;
}

Database::~Database() {
  for (const auto& [sql, statement] : idle_) sqlite3_finalize(statement);
  sqlite3_close(handle_);
}

Result<void> Database::prepare(const char* schema) {
  CMC_CHECK(run("PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;"));
  CMC_CHECK(run("BEGIN EXCLUSIVE"));
  Statement id(*this, "PRAGMA application_id");
  CMC_TRY([[maybe_unused]] const bool id_row, id.next());
  Statement tables(*this, "SELECT count(*) FROM sqlite_master");
  CMC_TRY([[maybe_unused]] const bool tables_row, tables.next());
  Statement version(*this, "PRAGMA user_version");
  CMC_TRY([[maybe_unused]] const bool version_row, version.next());
  const bool is_new = tables.integer(0) == 0;
  if (!is_new && id.integer(0) != application_id) return store_error("this is another program's database");
  if (!is_new && version.integer(0) != schema_version) {
    return store_error("made by another version of cmcctl: its schema is " + version.text(0) + ", and not " +
                       std::to_string(schema_version));
  }
  if (is_new) {
    CMC_CHECK(run(schema));
    CMC_CHECK(run(("PRAGMA application_id = " + std::to_string(application_id) +
                   "; PRAGMA user_version = " + std::to_string(schema_version))
                      .c_str()));
  }
  return run("COMMIT");
}

Result<void> Database::run(const char* sql) {
  const int failure = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (failure != SQLITE_OK) return store_error(handle_, failure);
  return {};
}

std::int64_t Database::last_row() const { return sqlite3_last_insert_rowid(handle_); }
std::int64_t Database::changed_rows() const { return sqlite3_changes(handle_); }

}  // namespace cmcctl
