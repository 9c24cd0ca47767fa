#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/result.hpp>
#include <cmcctl/crypto/issue.hpp>
#include <cmcctl/crypto/secret.hpp>

/// What the test CA remembers: one SQLite database, in a file or in memory. All times are seconds since 1970.
namespace cmcctl {

struct Revocation {
  std::int64_t time = 0;
  CrlReason reason = CrlReason::unspecified;
  std::optional<std::int64_t> invalid_since{};
};

struct StoredCertificate {
  std::vector<std::uint8_t> serial_number;  ///< contents of the INTEGER
  std::vector<std::uint8_t> der;
  std::string identity;  ///< the user it was issued to; empty for who has no entry
  std::string profile;
  std::int64_t issued_at = 0;
  bool confirmed = true;  ///< false while confirmCertAcceptance is awaited
  std::optional<Revocation> revocation{};
};

/// Who may enrol with a shared secret, and for what names.
struct User {
  std::string name;  ///< identification, UTF-8
  SecretOctets secret;
  std::string subject{};             ///< RFC 4514; empty: any whose CN or UID is the name
  std::vector<std::string> names{};  ///< subject alternative names that may be asked for: "dns:*.example.com"
};

enum class Decision : std::uint8_t { pending, approved, rejected };

/// A request that somebody has to decide (RFC 10002 sections 6.1.1 and 6.13).
struct PendingRequest {
  std::int64_t number = 0;          ///< given by the store
  std::vector<std::uint8_t> token;  ///< pendToken
  std::int64_t pend_time = 0;       ///< pendTime, as it was told
  std::int64_t received_at = 0;
  std::vector<std::uint8_t> requester;  ///< SHA-256 that ties it to whoever asked
  std::string identity{};               ///< of the user; may be empty
  std::string summary{};                ///< "CN=me, EC P-256", for whoever decides
  std::vector<std::uint8_t> message;    ///< what is granted once it is approved; as Authority writes it
  std::uint32_t body_part = 0;          ///< of the request in it
  std::string profile{};
  Decision decision = Decision::pending;
  std::string reason{};                       ///< of a rejection
  std::vector<std::uint8_t> serial_number{};  ///< of the certificate, once it was issued
};

/// A challenge that was given out (RFC 10002 section 6.7).
struct OpenChallenge {
  std::vector<std::uint8_t> request;  ///< it and what is granted for it; as Authority writes it
  SecretOctets proof_value;
  std::string identity{};
  std::string profile{};
  std::int64_t expires = 0;
};

/// A message that was answered, so that it is not answered differently the second time.
struct Exchange {
  std::vector<std::uint8_t> request_digest;  ///< SHA-256 of the message
  std::vector<std::uint8_t> transaction;     ///< transactionId, or empty
  std::vector<std::uint8_t> nonce;           ///< senderNonce, or empty
  std::vector<std::uint8_t> response;        ///< the body of the answer
  bool certs_only = false;
  std::int64_t expires = 0;
};

struct StoredCrl {
  std::int64_t number = 0;
  std::int64_t this_update = 0;
  std::vector<std::uint8_t> der;
};

struct LogEntry {
  std::int64_t number = 0;  ///< given by the store
  std::int64_t time = 0;
  std::string event;  ///< "issued", "failed", "revoked", "pending", "challenge", ...
  std::string text;
};

/// Several threads may use it; a transaction makes the others wait. What the database itself refuses (a full disk, a
/// file that is none) is `store_failed`.
class Store {
 public:
  /// A database file, made when it is not there; empty: in memory.
  static Result<Store> open(const std::string& file);
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  /// All that is done from `begin` to `commit`, or nothing of it; for one thread. One may stand inside another.
  class Transaction {
   public:
    explicit Transaction(Store& store) : store_(store) {}
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction() { rollback(); }

    Result<void> begin();  ///< nothing when it has begun already
    Result<void> commit();
    void rollback();
    bool is_open() const { return is_open_; }

   private:
    Store& store_;
    bool is_open_ = false;
  };

  /// All that `work` does, or nothing of it when it returns an error.
  template <class Work>
  Result<void> at_once(Work work) {
    Transaction transaction(*this);
    CMC_CHECK(transaction.begin());
    CMC_CHECK(work());
    return transaction.commit();
  }

  /// Keys and settings of the CA, by name.
  Result<void> set_value(std::string_view name, Octets value);
  Result<std::optional<SecretOctets>> value(std::string_view name) const;

  Result<void> add_certificate(const StoredCertificate& certificate);
  Result<std::optional<StoredCertificate>> find_certificate(Octets serial_number) const;
  /// By number of row: `limit` of them after the first `offset`.
  Result<std::vector<StoredCertificate>> certificates(std::size_t offset, std::size_t limit) const;
  Result<std::vector<StoredCertificate>> revoked_certificates() const;
  /// Those for this SubjectPublicKeyInfo, the newest `limit` of them.
  Result<std::vector<StoredCertificate>> certificates_of_key(Octets public_key, std::size_t limit) const;
  /// Absent: takes it off the CRL again.
  Result<void> set_revocation(Octets serial_number, const std::optional<Revocation>& revocation);
  Result<void> set_confirmed(Octets serial_number);

  Result<void> add_crl(const StoredCrl& crl);
  Result<std::optional<StoredCrl>> latest_crl() const;
  /// The one whose thisUpdate is the nearest before or at this time (RFC 10002 section 6.10).
  Result<std::optional<StoredCrl>> crl_at(std::int64_t time) const;

  /// Replaces the user of this name.
  Result<void> set_user(const User& user);
  Result<std::optional<User>> find_user(std::string_view name) const;
  Result<std::vector<User>> users() const;

  Result<std::int64_t> add_pending(const PendingRequest& request);
  Result<std::optional<PendingRequest>> find_pending(Octets token) const;
  Result<std::optional<PendingRequest>> find_pending(std::int64_t number) const;
  Result<std::vector<PendingRequest>> pending_requests() const;
  /// False when there is no such request, or it is decided already.
  Result<bool> decide(std::int64_t number, Decision decision, std::string_view reason);
  Result<void> set_issued(std::int64_t number, Octets serial_number);

  /// Kept under the senderNonce of the response that carries it, the answer's recipientNonce, and its body part.
  Result<void> add_challenge(Octets nonce, std::uint32_t body_part, const OpenChallenge& challenge);
  /// Gives it out once.
  Result<std::optional<OpenChallenge>> take_challenge(Octets nonce, std::uint32_t body_part);

  Result<void> add_exchange(const Exchange& exchange);
  Result<std::optional<Exchange>> find_exchange(Octets request_digest) const;
  /// Whether a message with both of these was answered.
  Result<bool> was_answered(Octets transaction, Octets nonce) const;

  /// A private key that a client has archived, in the form in which it came (PKCS #8).
  Result<void> add_archived_key(Octets serial_number, Octets pkcs8);
  Result<std::optional<SecretOctets>> archived_key(Octets serial_number) const;

  Result<void> log(std::int64_t time, std::string_view event, std::string_view text);
  /// The last ones, the newest first.
  Result<std::vector<LogEntry>> log_entries(std::size_t limit) const;

  /// Forgets what has expired, and the oldest of what is too much.
  Result<void> prune(std::int64_t now);

 private:
  struct State;
  explicit Store(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace cmcctl
