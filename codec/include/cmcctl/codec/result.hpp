#pragma once

#include <cassert>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace cmcctl {

/// Why something was refused. One code has one cause; `error_info` has its name, sentence and hint.
enum class Errc {
  // encoding
  empty_input,
  truncated,
  trailing_data,
  bad_tag,
  bad_length,
  bad_boolean,
  bad_integer,
  bad_null,
  bad_bit_string,
  bad_oid,
  bad_string,
  bad_indefinite,
  // structure
  unexpected_tag,
  missing_member,
  unexpected_member,
  no_alternative,
  value_out_of_range,
  wrong_value_count,
  not_a_message,
  // limits
  limit_exceeded,
  // forms around the message
  unknown_form,
  bad_pem,
  bad_base64,
  bad_hex,
  bad_http,
  bad_mime,
  bad_json,
  bad_der_text,
  // building
  not_encodable,
  // keys and cryptography
  unsupported_algorithm,
  bad_algorithm,
  bad_key,
  weak_key,
  no_key,
  wrong_password,
  token_failed,
  decryption_failed,
  // transport and store
  connection_failed,
  tls_failed,
  deadline_passed,
  store_failed,
};

struct ErrorInfo {
  Errc code;
  std::string_view name;      ///< as in JSON: "unexpected_tag"
  std::string_view sentence;  ///< what is wrong, in plain words
  std::string_view hint;      ///< what to try next
};

const ErrorInfo& error_info(Errc code);

/// A refusal: what, where and which rule.
struct Error {
  Errc code{};
  std::size_t offset = 0;        ///< byte in the outermost input (for PEM and base64: in the decoded bytes)
  std::string path{};            ///< "PKIData.reqSequence[0].tcr.bodyPartID"
  std::string_view rule{};       ///< id of docs/requirements.tsv; empty where plain syntax is broken
  std::string detail{};          ///< the values that clashed: "expected INTEGER, found UTF8String"
};

/// "byte 22, PKIData.reqSequence[0]: expected SEQUENCE, found UTF8String [CMC-5272-3.2.1-01]"
std::string to_string(const Error& error);

/// Either a value or an Error. `*r` and `r->` need a value, `error()` needs none; the program ends where that is wrong.
/// Not a std::variant, which takes long to compile for each of the many types that there are.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)), ok_(true) {}
  Result(Error error) : error_(std::move(error)), ok_(false) {}
  Result(const Result& other) : ok_(other.ok_) {
    if (ok_) std::construct_at(&value_, other.value_);
    else std::construct_at(&error_, other.error_);
  }
  Result(Result&& other) noexcept : ok_(other.ok_) {
    if (ok_) std::construct_at(&value_, std::move(other.value_));
    else std::construct_at(&error_, std::move(other.error_));
  }
  Result& operator=(Result other) noexcept {
    std::destroy_at(this);
    return *std::construct_at(this, std::move(other));
  }
  ~Result() {
    if (ok_) std::destroy_at(&value_);
    else std::destroy_at(&error_);
  }

  bool ok() const { return ok_; }
  explicit operator bool() const { return ok_; }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  Error& error() {
    require(!ok_);
    return error_;
  }
  const Error& error() const {
    require(!ok_);
    return error_;
  }

 private:
  static void require(bool condition) {
    if (!condition) [[unlikely]] std::abort();
  }
  T& value() {
    require(ok_);
    return value_;
  }
  const T& value() const {
    require(ok_);
    return value_;
  }

  union {
    T value_;
    Error error_;
  };
  bool ok_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)), ok_(false) {}

  bool ok() const { return ok_; }
  explicit operator bool() const { return ok_; }
  Error& error() {
    assert(!ok_);
    return error_;
  }
  const Error& error() const {
    assert(!ok_);
    return error_;
  }

 private:
  Error error_;
  bool ok_ = true;
};

/// What CMC_TRY returns: the error of a result that ends here, or a copy of one that stays.
inline Error taken(Error& error) { return std::move(error); }
inline Error taken(const Error& error) { return error; }

#define CMC_CONCAT_(a, b) a##b
#define CMC_CONCAT(a, b) CMC_CONCAT_(a, b)
#define CMC_TRY_(declaration, expression, result)      \
  auto&& result = (expression);                        \
  if (!result) return ::cmcctl::taken(result.error()); \
  declaration = *std::move(result)

/// CMC_TRY(auto request, decode_request(bytes)): declares `request`, or returns the error to the caller.
#define CMC_TRY(declaration, expression) CMC_TRY_(declaration, expression, CMC_CONCAT(cmc_result_, __LINE__))

/// CMC_CHECK(expression): returns the error of a Result<void> to the caller.
#define CMC_CHECK(expression)                                    \
  do {                                                           \
    auto&& cmc_result = (expression);                            \
    if (!cmc_result) return ::cmcctl::taken(cmc_result.error()); \
  } while (false)

}  // namespace cmcctl
