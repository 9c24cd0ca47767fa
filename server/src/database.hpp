#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/result.hpp>
#include <cmcctl/crypto/secret.hpp>

struct sqlite3;
struct sqlite3_stmt;

namespace cmcctl {

class Database;

/// One statement with its values bound, and the row that it stands at. Values are bound in the order of their "?".
/// Other threads wait with theirs while it is there.
class Statement {
 public:
  Statement(Database& database, std::string sql);
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  Statement& bind(std::int64_t value);
  Statement& bind(std::string_view text);
  Statement& bind(Octets octets);
  Statement& bind(std::optional<std::int64_t> value);

  /// To the next row: false after the last one.
  Result<bool> next();
  /// For statements without rows.
  Result<void> run();

  std::int64_t integer(int column) const;
  std::optional<std::int64_t> optional_integer(int column) const;
  std::string text(int column) const;
  std::vector<std::uint8_t> octets(int column) const;
  SecretOctets secret(int column) const;

 private:
  Octets blob(int column) const;

  std::unique_lock<std::recursive_mutex> alone_;
  Database& database_;
  std::string sql_;
  sqlite3_stmt* statement_ = nullptr;
  int failure_ = 0;
  int bound_ = 0;
};

/// A SQLite database of ours: in a file that only its owner reads and one process has open, or in memory.
class Database {
 public:
  /// `schema` makes the tables of a new one.
  static Result<std::unique_ptr<Database>> open(const std::string& file, const char* schema);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  Result<void> run(const char* sql);
  std::recursive_mutex& mutex() { return mutex_; }
  std::int64_t last_row() const;
  std::int64_t changed_rows() const;

 private:
  friend class Statement;
  Database() = default;
  Result<void> prepare(const char* schema);

  std::recursive_mutex mutex_;
  sqlite3* handle_ = nullptr;
  std::map<std::string, sqlite3_stmt*, std::less<>> idle_;  // prepared already, and in use by nobody
};

}  // namespace cmcctl
